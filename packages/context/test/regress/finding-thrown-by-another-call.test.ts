/*
 * What a reset or drop had found was thrown by the next call that could throw findings: a free in a reset callback, or one in another
 * context. That call was not done, and its object was told as a leak. A refused reset found things, too, and told them twice.
 */
import {
  BufferOverrunError,
  Heap,
  InvalidOptionError,
  type MemoryContext,
  ReentrancyError,
  ResetCallbackError,
  type ResetOptions,
} from "@perfloc/context";
import { expect, test } from "vitest";
import { freeingKinds, guardedLevels, optionsOf, poke } from "../support/fixtures.js";

function overrun(heap: Heap, context: MemoryContext): number {
  const address = context.alloc(64);
  poke(heap, address + 64, 0);
  return address;
}

function codesOf(heap: Heap): string[] {
  return heap.report().findings.map(({ code }) => code);
}

const cases = freeingKinds.flatMap((kind) => guardedLevels.map((check) => ({ kind, check })));

test.each(cases)(
  "C69 C72 a callback frees a sound object of a damaged $kind (check level $check)",
  ({ kind, check }) => {
    using heap = new Heap({ check, sampleEvery: 1 });
    // On `sample` a full slot of a slab has no canary.
    const context = heap.open("a", kind === "slab" ? { kind, slotBytes: 80 } : optionsOf[kind]);
    const damaged = context.alloc(64);
    const sound = context.alloc(64);
    context.onReset(() => {
      context.free(sound);
      context.free(context.alloc(64));
    });
    poke(heap, damaged + 64, 0);
    expect(() => context.drop()).toThrow(BufferOverrunError);
    expect(codesOf(heap)).toEqual(["PERFLOC_CONTEXT_OVERRUN"]);
    heap.verify();
  },
);

test.each(guardedLevels)(
  "C69 a finding that a callback's error hid is nobody else's (check level %s)",
  (check) => {
    using heap = new Heap({ check, sampleEvery: 1 });
    const context = heap.open("a");
    const other = heap.open("b");
    const address = other.alloc(64);
    overrun(heap, context);
    context.onReset(() => {
      throw new Error("mine");
    });
    expect(() => context.reset()).toThrow(ResetCallbackError);
    other.free(address);
    other.dropChildren();
    other.rollback(other.checkpoint());
    expect(codesOf(heap)).toEqual(["PERFLOC_CONTEXT_OVERRUN"]);
  },
);

test.each(guardedLevels)("C69 a refused reset or drop finds nothing (check level %s)", (check) => {
  using heap = new Heap({ check, sampleEvery: 1 });
  const context = heap.open("a");
  overrun(heap, context);
  const options = { children: "bogus" } as unknown as ResetOptions;
  expect(() => context.reset(options)).toThrow(InvalidOptionError);
  context.onReset(() => {
    expect(() => context.drop()).toThrow(ReentrancyError);
  });
  expect(codesOf(heap)).toEqual([]);
  expect(() => context.drop()).toThrow(BufferOverrunError);
  expect(codesOf(heap)).toEqual(["PERFLOC_CONTEXT_OVERRUN"]);
});

test("C69 dropChildren looks at what it drops, not at what stays", () => {
  using heap = new Heap({ check: "debug" });
  const context = heap.open("a");
  overrun(heap, context);
  overrun(heap, context.open("child"));
  expect(() => context.dropChildren()).toThrow(/context "child"/);
  expect(codesOf(heap)).toHaveLength(1);
  expect(() => context.drop()).toThrow(/context "a"/);
});

test.each(guardedLevels)("C68 damage that a callback does is found (check level %s)", (check) => {
  using heap = new Heap({ check, sampleEvery: 1 });
  for (const end of ["reset", "drop"] as const) {
    const context = heap.open("a");
    const address = context.alloc(64);
    context.onReset(() => poke(heap, address + 64, 0));
    expect(() => context[end]()).toThrow(BufferOverrunError);
  }
});

test("C76 a finding is told when the drop is done", () => {
  using heap = new Heap({ check: "debug" });
  const context = heap.open("cache", { expectFreed: true });
  context.free(context.alloc(50));
  context.alloc(50);
  context.checkpoint();
  const told: string[] = [];
  heap.on("misuse", ({ error }) => {
    heap.verify();
    told.push(`${error.code}: ${heap.stats().contexts} contexts`);
  });
  expect(() => context.drop()).toThrow(/nobody freed/);
  expect(told).toEqual(["PERFLOC_CONTEXT_LEAK: 0 contexts"]);
});

test.each(guardedLevels)(
  "C4 a context can be dropped after its arena was disposed (check level %s)",
  (check) => {
    using heap = new Heap({ check, sampleEvery: 1 });
    const context = heap.open("a");
    context.alloc(100);
    heap.arena.dispose();
    context.drop();
    expect(context.isDropped).toBe(true);
  },
);
