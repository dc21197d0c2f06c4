/*
 * Perfloc: of a process chunk with one big object the planes kept the cells of the first page when they grew. An object at a multiple of 4096
 * begins in the second: it was lost.
 */
import { Heap } from "@perfloc/context";
import { expect, test } from "vitest";
import { checkLevels, checkSound, fill, isFilled } from "../support/fixtures.js";

test.each(checkLevels)(
  "C7 C15 big objects outlive a growth of the planes (check level %s)",
  (check) => {
    using heap = new Heap({ check });
    const context = heap.open("big");
    const objects = [16, 32, 1024, 2048, 4096].map((alignment, seed) => {
      const address = context.alloc(40_000, alignment);
      fill(context, address, 40_000, seed);
      return address;
    });
    const { coveredBytes } = heap.arena.planes;
    const others = [];
    while (heap.arena.planes.coveredBytes < 8 * coveredBytes) others.push(context.alloc(100_000));
    checkSound(heap);
    for (const [seed, address] of objects.entries()) {
      expect(isFilled(context, address, 40_000, seed)).toBe(true);
      context.free(address);
    }
    for (const address of others) context.free(address);
    expect(context.stats()).toMatchObject({ liveObjects: 0, usedBytes: 0 });
    checkSound(heap);
  },
);
