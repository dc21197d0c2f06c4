/*
 * Perfloc: the alignment that a realloc asks for is noted in the second granule of the object. An object of one granule that stayed where it
 * was got it in the cell of its neighbour, which was lost.
 */
import { Heap } from "@perfloc/context";
import { expect, test } from "vitest";
import { allocMany, checkLevels, checkSound, fill, isFilled } from "../support/fixtures.js";

test.each(checkLevels)(
  "C7 C20 neighbours of 16 bytes keep their cells (check level %s)",
  (check) => {
    using heap = new Heap({ check });
    const context = heap.open("small");
    const addresses = allocMany(context, 64, 16);
    for (const [seed, address] of addresses.entries()) fill(context, address, 16, seed);
    const moved = addresses.map((address) => context.realloc(address, 10, 64));
    checkSound(heap);
    for (const [seed, address] of moved.entries()) {
      expect(address % 64).toBe(0);
      expect(isFilled(context, address, 10, seed)).toBe(true);
    }
    expect(context.stats().liveObjects).toBe(64);
    for (const address of moved) context.free(address);
    expect(context.stats().liveObjects).toBe(0);
    checkSound(heap);
  },
);

test.each(checkLevels)("C7 C14 nor is a freed neighbour damaged (check level %s)", (check) => {
  using heap = new Heap({ check });
  const context = heap.open("small");
  const addresses = allocMany(context, 64, 16);
  for (const address of addresses.filter((_, at) => at % 2 === 0)) context.free(address);
  const aligned = addresses.filter((address, at) => at % 2 === 1 && address % 64 === 0);
  expect(aligned.length).toBeGreaterThan(5);
  for (const address of aligned) context.realloc(address, 16, 64);
  checkSound(heap);
  allocMany(context, 32, 16);
  checkSound(heap);
});
