import { Arena, Heap, InvalidAddressError, type MemoryContext, PAGE_BYTES } from "@perfloc/context";
import { describe, expect, test } from "vitest";
import { checkSound, fill, freeingKinds, isFilled, kinds, optionsOf } from "./support/fixtures.js";

/** Objects in three process chunks of at least 4, 8 and 16 KiB. */
function fillChunks(context: MemoryContext, seed: number): number[] {
  const addresses: number[] = [];
  while (context.stats().processChunks < 3) {
    const address = context.alloc(60);
    fill(context, address, 60, seed + addresses.length);
    addresses.push(address);
  }
  return addresses;
}

describe.each(kinds)("what a dropped %s leaves to the next", (kind) => {
  test.each(kinds)("C80 a %s takes the same pages and sees nothing of it", (nextKind) => {
    using heap = new Heap();
    const first = heap.open("first", optionsOf[kind]);
    const places = new Set(fillChunks(first, 1).map((address) => address >>> 12));
    first.drop();
    expect(heap.stats()).toMatchObject({ usedBytes: 0, liveBytes: 0 });
    const second = heap.open("second", optionsOf[nextKind]);
    const addresses = fillChunks(second, 1000);
    expect(new Set(addresses.map((address) => address >>> 12))).toEqual(places);
    for (const [index, address] of addresses.entries())
      expect(isFilled(second, address, 60, 1000 + index)).toBe(true);
    checkSound(heap);
  });
});

test.each(freeingKinds)("C80 addresses of the dropped %s are no objects of the next", (kind) => {
  using heap = new Heap();
  const first = heap.open("first", optionsOf[kind]);
  const addresses = fillChunks(first, 1);
  first.drop();
  const second = heap.open("second");
  const live = second.alloc(2000);
  for (const address of addresses) {
    if (address !== live) expect(() => second.free(address)).toThrow(InvalidAddressError);
  }
  checkSound(heap);
});

test("C80 a reset leaves its longer chunks to others, also the pages of a big object", () => {
  using heap = new Heap();
  const first = heap.open("first");
  fillChunks(first, 1);
  const big = first.alloc(64 * 1024);
  first.free(big);
  first.reset();
  expect(heap.stats().usedBytes).toBe(PAGE_BYTES);
  const second = heap.open("second", { initialBytes: 64 * 1024 });
  const address = second.alloc(100);
  expect(address >>> 12).toBe(big >>> 12);
  expect(() => first.free(big)).toThrow(InvalidAddressError);
  second.free(address);
  checkSound(heap);
});

test("C80 heaps that share an arena take each other's chunks", () => {
  using arena = new Arena();
  using one = new Heap({ arena });
  using other = new Heap({ arena });
  for (let round = 0; round < 4; round++) {
    const [heap, next] = round % 2 === 0 ? [one, other] : [other, one];
    const context = heap.open("round");
    fillChunks(context, round);
    const chunk = arena.chunkAt(context.alloc(8));
    expect(heap.contextsIn(chunk)).toEqual([context]);
    expect(next.contextsIn(chunk)).toEqual([]);
    context.drop();
    expect(arena.stats().usedBytes).toBe(0);
    checkSound(one);
    checkSound(other);
  }
});

test("C80 a top chunk whose contexts were dropped goes back to the OS, and comes back empty", () => {
  using heap = new Heap();
  const before = heap.open("before");
  fillChunks(before, 1);
  before.drop();
  for (const chunk of heap.arena.chunks) heap.arena.releaseChunk(chunk.index);
  expect(heap.arena.stats().heldBytes).toBe(0);
  const after = heap.open("after");
  const addresses = fillChunks(after, 2);
  for (const [index, address] of addresses.entries())
    expect(isFilled(after, address, 60, 2 + index)).toBe(true);
  checkSound(heap);
});
