import { Arena, Heap, InvalidAddressError, type MemoryContext, PAGE_BYTES } from "@perfloc/context";
import { describe, expect, test } from "vitest";
import {
  chainFrom,
  checkSound,
  fill,
  freeingKinds,
  isFilled,
  kinds,
  optionsOf,
  pageOf,
} from "./support/fixtures.js";

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

/** The pages of all process chunks of the context whose first object is at an address. */
function pagesFrom(heap: Heap, first: number): Set<number> {
  const pages = new Set<number>();
  for (const { base, byteLength } of chainFrom(heap, pageOf(first)))
    for (let page = base >>> 12; page < (base + byteLength) >>> 12; page++) pages.add(page);
  return pages;
}

describe.each(kinds)("what a dropped %s leaves to the next", (kind) => {
  test.each(kinds)("C80 a %s takes the same pages and sees nothing of it", (nextKind) => {
    using heap = new Heap();
    const first = heap.open("first", optionsOf[kind]);
    const before = fillChunks(first, 1);
    const pages = pagesFrom(heap, before[0]!);
    first.drop();
    expect(heap.stats()).toMatchObject({ usedBytes: 0, liveBytes: 0 });
    const second = heap.open("second", optionsOf[nextKind]);
    const addresses = before.map((_, index) => {
      const address = second.alloc(60);
      fill(second, address, 60, 1000 + index);
      return address;
    });
    for (const address of addresses) expect(pages).toContain(address >>> 12);
    for (const [index, address] of addresses.entries())
      expect(isFilled(second, address, 60, 1000 + index)).toBe(true);
    checkSound(heap);
  });
});

/** Fills an allocset with so many bytes in slots of 64, and drops it. */
function needBytes(heap: Heap, byteLength: number): void {
  const context = heap.open("before");
  for (let used = 0; used < byteLength; used += 64) context.alloc(64);
  context.drop();
}

function firstBytes(heap: Heap): { readonly bytes: number; readonly context: MemoryContext } {
  const context = heap.open("next");
  context.alloc(8);
  return { bytes: context.stats().usedBytes, context };
}

describe("the first process chunk after a drop", () => {
  test.each([
    { needed: 2000, first: 4096 },
    { needed: 4000, first: 4096 },
    { needed: 5000, first: 8192 },
    { needed: 8128, first: 8192 },
    { needed: 12_500, first: 16_384 },
    { needed: 17_000, first: 16_384 },
    { needed: 200_000, first: 32_768 },
  ])("C94 is $first bytes long after one that needed $needed", ({ needed, first }) => {
    using heap = new Heap({ initialChunkBytes: 1024 * 1024 });
    needBytes(heap, needed);
    expect(firstBytes(heap).bytes).toBe(first);
    checkSound(heap);
  });

  test("C94 is as long for as many contexts as were dropped, and no more", () => {
    using heap = new Heap({ initialChunkBytes: 1024 * 1024 });
    const contexts = [heap.open("one"), heap.open("two")];
    for (const context of contexts) for (let i = 0; i < 100; i++) context.alloc(64);
    for (const context of contexts) context.drop();
    const lengths = Array.from({ length: 4 }, () => firstBytes(heap).bytes);
    expect(lengths).toEqual([8192, 8192, 4096, 4096]);
    checkSound(heap);
  });

  test("C94 is as long as was needed once the scopes before have left such a chunk", () => {
    using heap = new Heap({ initialChunkBytes: 1024 * 1024 });
    const lengths = Array.from({ length: 4 }, () => {
      const context = heap.open("scope");
      for (let used = 0; used < 17_000; used += 64) context.alloc(64);
      const { processChunks, usedBytes } = context.stats();
      context.drop();
      return [processChunks, usedBytes];
    });
    expect(lengths).toEqual([
      [3, 28_672],
      [2, 49_152],
      [1, 32_768],
      [1, 32_768],
    ]);
  });

  test("C94 is one page again after a scope that needed no more", () => {
    using heap = new Heap({ initialChunkBytes: 1024 * 1024 });
    needBytes(heap, 5000);
    const { bytes, context } = firstBytes(heap);
    expect(bytes).toBe(8192);
    context.drop();
    expect(firstBytes(heap).bytes).toBe(4096);
  });

  test("C94 is never longer than maxChunkBytes, nor another than was asked for", () => {
    using heap = new Heap({ initialChunkBytes: 1024 * 1024 });
    needBytes(heap, 20_000);
    const short = heap.open("short", { maxChunkBytes: 8192 });
    short.alloc(8);
    expect(short.stats().usedBytes).toBe(8192);
    const long = heap.open("long", { initialBytes: 65_536 });
    long.alloc(8);
    expect(long.stats().usedBytes).toBe(65_536);
    const limited = heap.open("limited");
    limited.setLimit(4096);
    limited.alloc(8);
    expect(limited.stats().usedBytes).toBe(4096);
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
