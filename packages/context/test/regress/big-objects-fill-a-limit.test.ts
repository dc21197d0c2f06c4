/*
 * Perfloc: spans were rounded up to a power of two, so objects of 33,000 bytes, nine pages, took sixteen: half of a limit was live when it
 * was met.
 */
import { Heap, PAGE_BYTES } from "@perfloc/context";
import { describe, expect, test } from "vitest";
import { checkLevels, checkSound } from "../support/fixtures.js";

const LIMIT = 32 * 2 ** 20;
const LENGTHS = [33_000, 40_000, 66_000, 70_000, 132_000, 150_000, 263_000, 530_000];

/** How much of the pages of an object is its own. */
function shareOfPages(byteLength: number): number {
  return byteLength / (Math.ceil((byteLength + 16) / PAGE_BYTES) * PAGE_BYTES);
}

/** How much of the limit is in use when memory runs out. */
function filled(heap: Heap, allocate: () => number, byteLength: number): number {
  let live = 0;
  while (allocate() !== 0) live += byteLength;
  checkSound(heap);
  return live / LIMIT;
}

describe.each(checkLevels)("check level %s", (check) => {
  // At the end of each top chunk there may be less room than an object needs.
  test.each(LENGTHS)("C26 C47 objects of %i bytes fill maxBytes", (byteLength) => {
    using heap = new Heap({ check, maxBytes: LIMIT });
    const context = heap.open("big");
    expect(filled(heap, () => context.tryAlloc(byteLength), byteLength)).toBeGreaterThan(
      0.92 * shareOfPages(byteLength),
    );
  });

  test.each(LENGTHS)("C26 C47 and of setLimit, in a bump context too", (byteLength) => {
    for (const kind of ["allocset", "bump"] as const) {
      using heap = new Heap({ check });
      const context = heap.open("big", { kind });
      context.setLimit(LIMIT);
      expect(filled(heap, () => context.tryAlloc(byteLength), byteLength)).toBeGreaterThan(
        0.98 * shareOfPages(byteLength),
      );
    }
  });

  test("C26 what a freed one leaves is filled again by others of any length", () => {
    using heap = new Heap({ check, maxBytes: LIMIT });
    const context = heap.open("big");
    const addresses: number[] = [];
    for (let at = context.tryAlloc(66_000); at !== 0; at = context.tryAlloc(66_000))
      addresses.push(at);
    for (const [position, address] of addresses.entries())
      if (position % 2 === 0) context.free(address);
    const freed = Math.ceil(addresses.length / 2);
    let fitting = 0;
    while (context.tryAlloc(33_000) !== 0) fitting++;
    expect(fitting).toBeGreaterThanOrEqual(freed);
    checkSound(heap);
  });
});
