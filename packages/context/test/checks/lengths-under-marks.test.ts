/** Lengths of guarded objects that change where they lie, under marks that are rolled back or committed: where the canary begins. */
import {
  BufferOverrunError,
  type ContextMark,
  Heap,
  type MemoryContext,
  StaleMarkError,
} from "@perfloc/context";
import { describe, expect, it } from "vitest";
import { checkSound, checkThrows, guardedLevels, poke } from "../support/fixtures.js";

interface Slab {
  readonly heap: Heap;
  readonly context: MemoryContext;
  /** An object of 100 bytes, filled with 7. */
  readonly object: number;
}

function openSlab(heap: Heap): Slab {
  const context = heap.open("slots", { kind: "slab", slotBytes: 128 });
  const object = context.alloc(100);
  context.bytes(object, 100).fill(7);
  return { heap, context, object };
}

/** Whether byte 50 of the object is canary. */
function isGuardedAt50({ heap, context, object }: Slab): boolean {
  const byteLength = context.sizeOf(object);
  const { u8, base } = heap.arena.chunkAt(object);
  const before = u8[object - base + 50]!;
  poke(heap, object + 50, before ^ 255);
  try {
    heap.verify();
    return false;
  } catch (error) {
    expect(error).toBeInstanceOf(BufferOverrunError);
    expect(byteLength).toBeLessThanOrEqual(50);
    return true;
  } finally {
    poke(heap, object + 50, before);
  }
}

function expectAsItWas({ context, object }: Slab): void {
  expect(context.sizeOf(object)).toBe(100);
  expect(context.bytes(object, 100).every((byte) => byte === 7)).toBe(true);
}

function marksOf(context: MemoryContext, count: number): ContextMark[] {
  return Array.from({ length: count }, () => context.checkpoint());
}

describe.each(guardedLevels)("lengths under marks, check level %s", (check) => {
  const options = { check, sampleEvery: 1 };

  it("C38 C63 the canary stays behind what a rollback brings back, and moves when the mark is committed", () => {
    using heap = new Heap(options);
    const slab = openSlab(heap);
    const mark = slab.context.checkpoint();
    slab.context.realloc(slab.object, 10);
    expect(isGuardedAt50(slab)).toBe(false);
    slab.context.commit(mark);
    expect(isGuardedAt50(slab)).toBe(true);
    checkSound(heap);
  });

  it("C38 C40 a commit leaves the length to the mark outside of it", () => {
    using heap = new Heap(options);
    const slab = openSlab(heap);
    const [outer, inner] = marksOf(slab.context, 2) as [ContextMark, ContextMark];
    slab.context.realloc(slab.object, 10);
    slab.context.commit(inner);
    expect(isGuardedAt50(slab)).toBe(false);
    slab.context.rollback(outer);
    expectAsItWas(slab);
    checkSound(heap);
  });

  it("C38 C40 the same over two marks at once, and twice", () => {
    using heap = new Heap(options);
    const slab = openSlab(heap);
    const [first, second, third] = marksOf(slab.context, 3) as [
      ContextMark,
      ContextMark,
      ContextMark,
    ];
    slab.context.realloc(slab.object, 40);
    slab.context.realloc(slab.object, 10);
    slab.context.commit(second);
    expect(() => slab.context.commit(third)).toThrow(StaleMarkError);
    expect(isGuardedAt50(slab)).toBe(false);
    slab.context.rollback(first);
    expectAsItWas(slab);
  });

  it.each([
    ["commit", 10],
    ["rollback", 60],
  ] as const)(
    "C38 C40 of two lengths: after the %s of the inner mark %i, then that at the outer one",
    (end, after) => {
      using heap = new Heap(options);
      const slab = openSlab(heap);
      const outer = slab.context.checkpoint();
      slab.context.realloc(slab.object, 60);
      const inner = slab.context.checkpoint();
      slab.context.realloc(slab.object, 10);
      slab.context[end](inner);
      expect(slab.context.sizeOf(slab.object)).toBe(after);
      checkSound(heap);
      slab.context.rollback(outer);
      expectAsItWas(slab);
    },
  );

  it("C38 a rollback to a younger mark leaves a length that changed before it", () => {
    using heap = new Heap(options);
    const slab = openSlab(heap);
    const outer = slab.context.checkpoint();
    slab.context.realloc(slab.object, 10);
    const inner = slab.context.checkpoint();
    slab.context.rollback(inner);
    expect(slab.context.sizeOf(slab.object)).toBe(10);
    expect(isGuardedAt50(slab)).toBe(false);
    slab.context.rollback(outer);
    expectAsItWas(slab);
  });

  it("C38 C63 an object between two marks has no length to go back to once the inner one is committed", () => {
    using heap = new Heap(options);
    heap.open("other");
    const context = heap.open("slots", { kind: "slab", slotBytes: 128 });
    const outer = context.checkpoint();
    const object = context.alloc(100);
    const inner = context.checkpoint();
    context.realloc(object, 10);
    expect(isGuardedAt50({ heap, context, object })).toBe(false);
    context.commit(inner);
    expect(isGuardedAt50({ heap, context, object })).toBe(true);
    context.rollback(outer);
    checkSound(heap);
  });

  it("C63 an overrun of an object that got shorter is found at its free, after a commit", () => {
    using heap = new Heap(options);
    const { context, object } = openSlab(heap);
    const mark = context.checkpoint();
    context.realloc(object, 10);
    context.commit(mark);
    poke(heap, object + 10, 1);
    checkThrows(() => context.free(object), BufferOverrunError, "PERFLOC_CONTEXT_OVERRUN");
  });
});
