import { Heap, InvalidAlignmentError, InvalidSizeError, MAX_ALLOC_BYTES } from "@perfloc/context";
import { badAlignments, badSizes } from "@perfloc-tooling/testkit";
import { describe, expect, test } from "vitest";
import {
  checkLevels,
  checkRefused,
  checkSound,
  fill,
  isFilled,
  kinds,
  optionsOf,
} from "./support/fixtures.js";

const SIZE = "PERFLOC_CONTEXT_INVALID_SIZE";
const ALIGNMENT = "PERFLOC_CONTEXT_INVALID_ALIGNMENT";
const POWERS = Array.from({ length: 13 }, (_, exponent) => 2 ** exponent);

describe.each(checkLevels)("check level %s", (check) => {
  describe.each(["allocset", "bump"] as const)("alignment in a %s", (kind) => {
    test.each(POWERS)("C7 %i holds for small and big objects, in any mixture", (alignment) => {
      using heap = new Heap({ check });
      const context = heap.open("aligned", { kind });
      const live: { address: number; byteLength: number; seed: number }[] = [];
      for (const byteLength of [0, 1, 24, 100, 4096, 5000, 32_768, 32_769, 100_000]) {
        for (let count = 0; count < 4; count++) {
          context.alloc(8 * count);
          const address = context.alloc(byteLength, alignment);
          expect(address % Math.max(alignment, 16)).toBe(0);
          fill(context, address, byteLength, live.length);
          live.push({ address, byteLength, seed: live.length });
        }
      }
      checkSound(heap);
      for (const { address, byteLength, seed } of live) {
        expect(isFilled(context, address, byteLength, seed)).toBe(true);
        if (kind === "allocset") context.free(address);
      }
      checkSound(heap);
    });

    test("C7 a freed slot that is aligned by chance is used again", () => {
      using heap = new Heap({ check });
      const context = heap.open("aligned", { kind });
      for (const alignment of POWERS) {
        expect(context.allocZeroed(40, alignment) % alignment).toBe(0);
        expect(context.tryAlloc(40, alignment) % alignment).toBe(0);
      }
      checkSound(heap);
    });
  });

  test("C7 realloc of an aligned object keeps its bytes", () => {
    using heap = new Heap({ check });
    const context = heap.open("aligned");
    let address = context.alloc(50_000, 4096);
    fill(context, address, 50_000, 7);
    for (const byteLength of [60_000, 40_000, 200_000, 1000]) {
      address = context.realloc(address, byteLength);
      expect(isFilled(context, address, Math.min(byteLength, 1000), 7)).toBe(true);
      checkSound(heap);
    }
  });
});

describe.each(kinds)("requests to a %s", (kind) => {
  const calls = ["alloc", "allocZeroed", "tryAlloc"] as const;

  test.each([
    ...badSizes,
    2 ** 30 + 1,
    2 ** 31 - 1,
    2 ** 31 - 7,
    2 ** 31 - 8,
    2 ** 32,
    2 ** 32 - 1,
    -(2 ** 31),
    Symbol("size") as unknown as number,
  ])("C12 refuse %s bytes", (byteLength) => {
    using heap = new Heap();
    const context = heap.open("strict", optionsOf[kind]);
    for (const isFirst of [true, false]) {
      for (const call of calls) {
        const error = checkRefused(heap, () => context[call](byteLength), InvalidSizeError, SIZE);
        expect(error.requested).toBe(byteLength);
        expect([error.min, error.max]).toEqual([0, MAX_ALLOC_BYTES]);
      }
      if (isFirst) context.alloc(8);
    }
    if (kind === "bump") return;
    const address = context.alloc(8);
    const error = checkRefused(
      heap,
      () => context.realloc(address, byteLength),
      InvalidSizeError,
      SIZE,
    );
    expect(error.requested).toBe(byteLength);
  });

  test.each([...badAlignments, -8, 2 ** 13, "8" as unknown as number])(
    "C12 refuse the alignment %s",
    (alignment) => {
      using heap = new Heap();
      const context = heap.open("strict", optionsOf[kind]);
      for (const isFirst of [true, false]) {
        for (const call of calls) {
          const error = checkRefused(
            heap,
            () => context[call](8, alignment),
            InvalidAlignmentError,
            ALIGNMENT,
          );
          expect(error.requested).toBe(alignment);
          expect(error).toBeInstanceOf(InvalidSizeError);
        }
        if (isFirst) context.alloc(8);
      }
    },
  );

  test("C12 minus zero is zero", () => {
    using heap = new Heap();
    const context = heap.open("zero", optionsOf[kind]);
    expect(context.alloc(-0)).toBeGreaterThan(0);
    checkSound(heap);
  });
});
