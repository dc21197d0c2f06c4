/** Tags tell the objects of a context and a reset from all others. They are used again once no cell has them. */
import {
  type CheckLevel,
  Heap,
  InvalidAddressError,
  LimitExceededError,
  type MemoryContext,
} from "@perfloc/context";
import { describe, expect, test } from "vitest";
import {
  SLOT_BYTES,
  allocMany,
  cellAt,
  checkLevels,
  checkRefused,
  checkSound,
  fill,
  freeingKinds,
  isFilled,
  optionsOf,
} from "./support/fixtures.js";

const TAGS = "PERFLOC_CONTEXT_TAGS";
const INVALID = "PERFLOC_CONTEXT_INVALID_ADDRESS";

function tagsOf(heap: Heap): Heap["state"]["table"]["tags"] {
  return heap.state.table.tags;
}

/** A heap with so many tags, each in use by an object of a context of its own. */
function heapWithoutFreeTags(check: CheckLevel, tagCount: number): [Heap, MemoryContext[]] {
  const heap = new Heap({ check });
  tagsOf(heap).shrinkTo(tagCount);
  const contexts = Array.from({ length: tagCount }, (_, seed) => {
    const context = heap.open(`holder ${seed}`);
    fill(context, context.alloc(100), 100, seed);
    return context;
  });
  return [heap, contexts];
}

describe.each(checkLevels)("tags, check level %s", (check) => {
  test.each(freeingKinds)("C90 objects of a %s live through sweeps", (kind) => {
    using heap = new Heap({ check });
    tagsOf(heap).shrinkTo(4);
    const keeper = heap.open("kept", optionsOf[kind]);
    const kept = allocMany(keeper, 100, SLOT_BYTES);
    for (const [seed, address] of kept.entries()) fill(keeper, address, SLOT_BYTES, seed);
    const cycled = heap.open("cycled", optionsOf[kind]);
    for (let cycle = 0; cycle < 200; cycle++) {
      allocMany(cycled, 10 + (cycle % 70), SLOT_BYTES);
      cycled.reset();
      if (cycle % 10 === 0) checkSound(heap);
    }
    expect(tagsOf(heap).sweeps).toBeGreaterThan(20);
    for (const [seed, address] of kept.entries()) {
      expect(isFilled(keeper, address, SLOT_BYTES, seed)).toBe(true);
      keeper.free(address);
    }
    expect(keeper.stats().liveObjects).toBe(0);
  });

  test("C18 what a reset ended is no object when its tag is given out again", () => {
    using heap = new Heap({ check });
    tagsOf(heap).shrinkTo(2);
    const context = heap.open("cycled");
    const addresses = allocMany(context, 60, 64);
    const { tag } = context;
    context.reset();
    while (context.tag !== tag) {
      context.alloc(8);
      context.reset();
    }
    const live = context.alloc(2000);
    for (const address of addresses) {
      if (address === live) continue;
      expect(cellAt(heap, address)).toBe(0);
      checkRefused(heap, () => context.sizeOf(address), InvalidAddressError, INVALID);
    }
  });

  test("C18 nor when its top chunk was released before the sweep, and comes back after it", () => {
    using heap = new Heap({ check, initialChunkBytes: 65_536 });
    tagsOf(heap).shrinkTo(3);
    const below = heap.open("below", { initialBytes: 32_768 });
    below.alloc(8);
    const first = heap.open("first", { initialBytes: 65_536 });
    const addresses = allocMany(first, 500, 64);
    const { tag, keeper } = first;
    first.drop();
    heap.arena.releaseChunk(1);
    expect(heap.arena.findChunk(keeper)).toBeUndefined();
    const { sweeps } = tagsOf(heap);
    for (let reset = 0; reset < 4 || below.tag === tag; reset++) {
      below.reset();
      below.alloc(8);
    }
    expect(tagsOf(heap).sweeps).toBeGreaterThan(sweeps);
    const next = heap.open("next", { initialBytes: 65_536 });
    for (let reset = 0; reset < 4 && next.tag !== tag; reset++) {
      next.reset();
      next.alloc(2000);
    }
    expect([next.tag, next.keeper]).toEqual([tag, keeper]);
    for (const address of addresses.slice(1))
      checkRefused(heap, () => next.sizeOf(address), InvalidAddressError, INVALID);
  });

  test("C81 a context without memory is refused its first object while all tags are in use", () => {
    const [heap, contexts] = heapWithoutFreeTags(check, 3);
    const late = heap.open("late");
    for (const byteLength of [0, 100, 10_000, 100_000]) {
      const error = checkRefused(heap, () => late.alloc(byteLength), LimitExceededError, TAGS);
      expect(error.message).toBe(
        "could not tag another context: all 3 tags of the arena are in use",
      );
      expect(late.tryAlloc(byteLength)).toBe(0);
    }
    expect(late.stats().usedBytes).toBe(0);
    contexts[1]!.drop();
    expect(late.sizeOf(late.alloc(100))).toBe(112);
    checkSound(heap);
    heap.dispose();
  });

  test("C81 a checkpoint is refused while all tags are in use, and leaves no mark", () => {
    const [heap, [context, other]] = heapWithoutFreeTags(check, 2);
    const address = context!.alloc(64);
    checkRefused(heap, () => context!.checkpoint(), LimitExceededError, TAGS);
    expect(context!.hasMarks).toBe(false);
    other!.drop();
    const mark = context!.checkpoint();
    context!.free(address);
    checkRefused(heap, () => context!.checkpoint(), LimitExceededError, TAGS);
    context!.rollback(mark);
    expect(context!.sizeOf(address)).toBe(64);
    checkSound(heap);
    heap.dispose();
  });

  test("C81 what takes a tag in place of another is never refused: reset, rollback, commit", () => {
    const [heap, contexts] = heapWithoutFreeTags(check, 3);
    for (const context of contexts) {
      const address = context.alloc(64);
      context.reset();
      checkRefused(heap, () => context.sizeOf(address), InvalidAddressError, INVALID);
      context.alloc(64);
    }
    contexts[0]!.drop();
    const [, context] = contexts;
    const mark = context!.checkpoint();
    context!.alloc(64);
    context!.rollback(mark);
    const again = context!.checkpoint();
    const young = context!.alloc(64);
    context!.commit(again);
    context!.free(young);
    checkSound(heap);
    heap.dispose();
  });

  test("C81 a rollback to a mark from before the first object is not refused", () => {
    using heap = new Heap({ check });
    tagsOf(heap).shrinkTo(1);
    const context = heap.open("only");
    const empty = context.checkpoint();
    const address = context.alloc(64);
    context.rollback(empty);
    checkRefused(heap, () => context.sizeOf(address), InvalidAddressError, INVALID);
    expect(context.sizeOf(context.alloc(64))).toBe(64);
    checkSound(heap);
  });

  test("C81 tags beyond the space, given out before it was made smaller, stay in use", () => {
    const [heap, contexts] = heapWithoutFreeTags(check, 6);
    tagsOf(heap).shrinkTo(3);
    const late = heap.open("late");
    checkRefused(heap, () => late.alloc(8), LimitExceededError, TAGS);
    contexts[5]!.drop();
    checkRefused(heap, () => late.alloc(8), LimitExceededError, TAGS);
    contexts[1]!.drop();
    late.alloc(8);
    for (const context of contexts.filter(({ isDropped }) => !isDropped))
      expect(context.stats().liveObjects).toBe(1);
    checkSound(heap);
    heap.dispose();
  });

  test("C81 bump contexts need none", () => {
    const [heap] = heapWithoutFreeTags(check, 1);
    const bump = heap.open("bump", { kind: "bump" });
    const mark = bump.checkpoint();
    allocMany(bump, 1000, 8);
    bump.rollback(mark);
    bump.reset();
    checkSound(heap);
    heap.dispose();
  });
});
