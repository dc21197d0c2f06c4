/*
 * Perfloc: an object that was allocated at a multiple of 64 moved to any multiple of 8 when it grew: vectors of SIMD lanes and structs with an
 * alignment of their own lost it.
 */
import { type CheckLevel, Heap, InvalidAlignmentError } from "@perfloc/context";
import { randomFrom } from "@perfloc-tooling/testkit";
import { describe, expect, test } from "vitest";
import { checkRefused, checkSound, fill, isFilled } from "../support/fixtures.js";

const ALIGNMENTS = [1, 8, 16, 32, 64, 256, 1024, 4096];
const LENGTHS = [0, 1, 16, 17, 40, 300, 1000, 5000, 10_000, 32_768, 32_769, 50_000, 200_000];

describe.each<CheckLevel>(["check", "off"])("check level %s", (check) => {
  test.each(ALIGNMENTS)("C7 C20 an object at a multiple of %i stays at one", (alignment) => {
    using heap = new Heap({ check });
    const context = heap.open("aligned");
    for (const from of LENGTHS) {
      for (const to of LENGTHS) {
        const address = context.alloc(from, alignment);
        fill(context, address, from, from);
        // What lies behind it keeps it from growing where it is.
        const barrier = context.alloc(24);
        const moved = context.realloc(address, to);
        expect([from, to, moved % alignment]).toEqual([from, to, 0]);
        expect(isFilled(context, moved, Math.min(from, to), from)).toBe(true);
        context.free(moved);
        context.free(barrier);
      }
    }
    expect(context.stats().liveObjects).toBe(0);
    checkSound(heap);
  });

  test("C7 C20 also after many moves, under checkpoints, and after a commit", () => {
    using heap = new Heap({ check });
    const context = heap.open("aligned");
    const random = randomFrom(7);
    const objects = ALIGNMENTS.map((alignment) => ({
      alignment,
      address: context.alloc(100, alignment),
    }));
    for (let step = 0; step < 2000; step++) {
      const object = objects[Math.floor(random() * objects.length)]!;
      const mark = step % 3 === 0 ? context.checkpoint() : undefined;
      context.alloc(Math.floor(random() * 200));
      object.address = context.realloc(object.address, Math.floor(random() ** 4 * 100_000));
      expect(object.address % object.alignment).toBe(0);
      if (mark !== undefined) context.commit(mark);
    }
    checkSound(heap);
  });

  test("C7 C20 a realloc can ask for another one, which is kept from then on", () => {
    using heap = new Heap({ check });
    const context = heap.open("aligned");
    for (const byteLength of LENGTHS) {
      let address = context.alloc(byteLength);
      fill(context, address, byteLength, 3);
      for (const alignment of ALIGNMENTS) {
        context.alloc(8);
        address = context.realloc(address, byteLength, alignment);
        expect(address % alignment).toBe(0);
        address = context.realloc(address, byteLength + 500);
        expect(address % alignment).toBe(0);
        expect(isFilled(context, address, byteLength, 3)).toBe(true);
      }
    }
    checkSound(heap);
  });

  test("C7 C20 C38 a rollback brings an object back where it was, aligned as it was", () => {
    using heap = new Heap({ check });
    const context = heap.open("aligned");
    const address = context.alloc(100, 256);
    const mark = context.checkpoint();
    expect(context.realloc(address, 10_000) % 256).toBe(0);
    context.rollback(mark);
    context.alloc(8);
    const moved = context.realloc(address, 10_000);
    expect([moved === address, moved % 256]).toEqual([false, 0]);
    checkSound(heap);
  });

  test("C12 what is no alignment is refused, and the object stays as it is", () => {
    using heap = new Heap({ check });
    const context = heap.open("aligned");
    const address = context.alloc(100);
    for (const alignment of [
      3,
      -1,
      1.5,
      8192,
      Number.NaN,
      2 ** 32 + 16,
      "64" as unknown as number,
    ]) {
      checkRefused(
        heap,
        () => context.realloc(address, 200, alignment),
        InvalidAlignmentError,
        "PERFLOC_CONTEXT_INVALID_ALIGNMENT",
      );
    }
    expect(context.sizeOf(address)).toBe(112);
  });
});
