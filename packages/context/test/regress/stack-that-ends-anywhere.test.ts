/*
 * A stack that overflowed within one of the calls of an operation left half of it done: a chunk without its chain, a record without a
 * context, an object without a cell. And within a source it counted as a refusal: OutOfMemoryError instead of RangeError.
 *
 * What is thrown is the engine's error, or what Error.prepareStackTrace of the test runner throws when the stack ends within it.
 */
import { type CheckLevel, Heap, type MemoryContext, PerflocError } from "@perfloc/context";
import { expect, test } from "vitest";
import { allocMany, thrownBy } from "../support/fixtures.js";

interface Attempt {
  readonly heap: Heap;
  readonly context: MemoryContext;
  readonly run: () => unknown;
  error?: unknown;
}

/** What is done near the end of the stack, after what it needs was done elsewhere. */
const operations: Record<string, (context: MemoryContext, heap: Heap) => () => unknown> = {
  "the first object of a heap": (context) => () => context.alloc(40),
  "the first object of a scope": (context, heap) => {
    const before = heap.open("before");
    before.alloc(40);
    before.drop();
    return () => context.alloc(40);
  },
  "a new chunk": (context) => {
    context.alloc(40);
    return () => context.alloc(30_000);
  },
  "a parked chunk": (context, heap) => {
    const before = heap.open("before");
    allocMany(before, 300, 100);
    before.drop();
    context.alloc(40);
    return () => context.alloc(4000);
  },
  "a big object": (context) => () => context.alloc(300_000),
  "a new top chunk": (context) => {
    context.alloc(40);
    return () => context.alloc(5_000_000);
  },
  free: (context) => {
    const address = context.alloc(30_000);
    return () => context.free(address);
  },
  "free under a checkpoint": (context) => {
    const address = context.alloc(30_000);
    context.checkpoint();
    return () => context.free(address);
  },
  "an object in the place of a freed one": (context) => {
    const address = context.alloc(30_000);
    context.alloc(30_000);
    context.free(address);
    return () => context.alloc(30_000);
  },
  "free of a big object": (context) => {
    const address = context.alloc(300_000);
    return () => context.free(address);
  },
  realloc: (context) => {
    const address = context.alloc(40);
    context.alloc(40);
    return () => context.realloc(address, 4000);
  },
  "realloc of a big object": (context) => {
    const address = context.alloc(300_000);
    return () => context.realloc(address, 310_000);
  },
  open: (_context, heap) => () => heap.open("inner"),
  reset: (context) => {
    allocMany(context, 300, 100);
    return () => context.reset();
  },
  drop: (context) => {
    const inner = context.open("inner");
    allocMany(inner, 300, 100);
    return () => inner.drop();
  },
};

function attempts(name: string, check: CheckLevel, count: number): Attempt[] {
  return Array.from({ length: count }, () => {
    const heap = new Heap({ check });
    const context = heap.open("a");
    return { heap, context, run: operations[name]!(context, heap) };
  });
}

/** Calls itself until the stack overflows; then each frame on the way back makes one attempt, until one has succeeded. */
function atTheEnd(left: Attempt[], tried: Attempt[], ...padding: readonly number[]): void {
  let overflow: unknown;
  try {
    atTheEnd(left, tried, ...padding);
    return;
  } catch (error) {
    overflow = error;
  }
  const attempt = left.pop();
  if (attempt === undefined) throw overflow;
  tried.push(attempt);
  try {
    attempt.run();
    left.length = 0;
  } catch (error) {
    attempt.error = error;
  }
  throw overflow;
}

const levels = ["check", "debug"] as const;
const cases = levels.flatMap((check) => Object.keys(operations).map((name) => ({ check, name })));

test.each(cases)("C93 a stack that overflows in $name leaves a sound heap on $check", (given) => {
  const tried: Attempt[] = [];
  // Functions that have not run yet need more stack, for the compiler.
  for (const { run } of attempts(given.name, given.check, 3)) run();
  for (let padding = 0; padding < 4; padding++)
    thrownBy(() => {
      atTheEnd(attempts(given.name, given.check, 60), tried, ...Array<number>(padding).fill(0));
    });
  let failures = 0;
  for (const { context, error, heap } of tried) {
    if (error !== undefined) {
      failures++;
      expect(error).not.toBeInstanceOf(PerflocError);
      heap.verify();
    }
    context.alloc(40);
    context.reset();
    heap.verify();
    heap.dispose();
  }
  expect(failures).toBeGreaterThan(0);
});
