import { Heap } from "@perfloc/context";
import { describe, expect, test } from "vitest";
import { LARGEST_SMALL_BYTES, checkLevels, checkSound } from "./support/fixtures.js";

/** The class that a length belongs to, worked out the slow way. */
function classFor(byteLength: number): number {
  if (byteLength <= 256) return Math.max(16, Math.ceil(byteLength / 16) * 16);
  let base = 256;
  while (base * 2 < byteLength) base *= 2;
  const step = base / 4;
  return Math.ceil(byteLength / step) * step;
}

describe.each(checkLevels)("size classes, check level %s", (check) => {
  test("C8 sizeOf answers the class of every length up to 32,768", () => {
    using heap = new Heap({ check });
    const context = heap.open("sizes");
    for (let byteLength = 0; byteLength <= LARGEST_SMALL_BYTES; byteLength++) {
      const address = context.alloc(byteLength);
      const size = context.sizeOf(address);
      if (size !== classFor(byteLength))
        expect(`${byteLength}: ${size}`).toBe(classFor(byteLength));
      context.free(address);
    }
    checkSound(heap);
  });

  test("C8 at most a quarter is padding beyond 256 bytes, and every class is a multiple of 16", () => {
    using heap = new Heap({ check });
    const context = heap.open("sizes");
    for (let byteLength = 257; byteLength <= LARGEST_SMALL_BYTES; byteLength += 61) {
      const size = context.sizeOf(context.alloc(byteLength));
      expect(size % 16).toBe(0);
      expect(size).toBeLessThanOrEqual(byteLength * 1.25);
    }
  });

  test.each([32_769, 40_000, 100_000, 1_000_000])(
    "C8 an object of %i bytes has what is left of its process chunk",
    (byteLength) => {
      using heap = new Heap({ check });
      const context = heap.open("sizes");
      const address = context.alloc(byteLength);
      const size = context.sizeOf(address);
      expect(size).toBeGreaterThanOrEqual(byteLength);
      expect(size).toBe(context.stats().usedBytes - 16);
      expect(size).toBeLessThan(byteLength + 4096);
      expect(context.bytes(address, size).length).toBe(size);
    },
  );
});
