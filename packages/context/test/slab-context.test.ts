import { Heap, InvalidAlignmentError, WrongKindError } from "@perfloc/context";
import { describe, expect, test } from "vitest";
import {
  allocMany,
  checkLevels,
  checkRefused,
  checkSound,
  fill,
  isFilled,
} from "./support/fixtures.js";

describe.each(checkLevels)("a slab, check level %s", (check) => {
  test.each([
    [1, 16],
    [8, 16],
    [16, 16],
    [20, 32],
    [4000, 4000],
    [5000, 5008],
    [32_768, 32_768],
  ])("C8 gives slots of %i bytes the length %i", (slotBytes, expected) => {
    using heap = new Heap({ check });
    const context = heap.open("slab", { kind: "slab", slotBytes });
    const [first = 0, second = 0] = allocMany(context, 10, slotBytes);
    expect(context.sizeOf(first)).toBe(expected);
    expect(context.sizeOf(second)).toBe(expected);
    expect(context.stats().liveBytes).toBe(10 * expected);
    checkSound(heap);
  });

  test("C14 any freed slot serves any allocation", () => {
    using heap = new Heap({ check });
    const context = heap.open("slab", { kind: "slab", slotBytes: 100 });
    const addresses = allocMany(context, 3000, 100);
    for (const address of addresses) context.free(address);
    const again = addresses.map((_, position) => context.alloc(position % 101));
    expect(new Set(again)).toEqual(new Set(addresses));
    checkSound(heap);
  });

  test("C16 refuses what its slots cannot hold", () => {
    using heap = new Heap({ check });
    const context = heap.open("slab", { kind: "slab", slotBytes: 20 });
    const address = context.alloc(32);
    for (const call of [
      () => context.alloc(33),
      () => context.alloc(2 ** 30),
      () => context.allocZeroed(33),
      () => context.tryAlloc(33),
    ]) {
      const error = checkRefused(heap, call, WrongKindError, "PERFLOC_CONTEXT_WRONG_KIND");
      expect([error.context, error.kind]).toEqual(["slab", "slab"]);
    }
    expect(context.sizeOf(address)).toBe(32);
  });

  test("C22 reallocates in place, up to the slot", () => {
    using heap = new Heap({ check });
    const context = heap.open("slab", { kind: "slab", slotBytes: 64 });
    const address = context.alloc(10);
    fill(context, address, 10, 22);
    for (const byteLength of [64, 0, 33, 64])
      expect(context.realloc(address, byteLength)).toBe(address);
    checkRefused(
      heap,
      () => context.realloc(address, 65),
      WrongKindError,
      "PERFLOC_CONTEXT_WRONG_KIND",
    );
    expect(isFilled(context, address, 10, 22)).toBe(true);
  });

  test("C7 C14 an aligned allocation takes a freed slot too", () => {
    using heap = new Heap({ check });
    const slab = heap.open("slab", { kind: "slab", slotBytes: 48 });
    const address = slab.alloc(48);
    slab.free(address);
    expect(slab.alloc(48, 16)).toBe(address);
  });

  test.each([1, 8, 24, 48, 64])(
    "C7 slots of %i bytes are aligned to 16, and to no more",
    (slotBytes) => {
      using heap = new Heap({ check });
      const context = heap.open("slab", { kind: "slab", slotBytes });
      for (let count = 0; count < 500; count++) {
        for (const alignment of [1, 8, 16]) expect(context.alloc(1, alignment) % 16).toBe(0);
      }
      const code = "PERFLOC_CONTEXT_INVALID_ALIGNMENT";
      const address = context.alloc(1);
      for (const call of [() => context.alloc(1, 32), () => context.realloc(address, 1, 32)])
        expect(checkRefused(heap, call, InvalidAlignmentError, code).max).toBe(16);
      expect(context.realloc(address, 1, 16)).toBe(address);
    },
  );
});
