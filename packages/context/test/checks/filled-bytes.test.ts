/** Which bytes the guards write, to the byte: fresh ones, canaries, freed ones, and what resets and drops leave; in two top chunks. */
import { Arena, CorruptionError, Heap, PAGE_BYTES } from "@perfloc/context";
import { describe, expect, it } from "vitest";
import { checkThrows, kinds, optionsOf, poke } from "../support/fixtures.js";

const FRESH = 0xd0;
const FREED = 0xdf;
const CANARY = 0xde;
const WRITE_AFTER_RESET = "PERFLOC_CONTEXT_WRITE_AFTER_RESET";

function bytesAt(heap: Heap, from: number, to: number): Uint8Array {
  const { u8, base } = heap.arena.chunkAt(from);
  return u8.subarray(from - base, to - base);
}

function expectAll(heap: Heap, from: number, to: number, byte: number): void {
  expect([...new Set(bytesAt(heap, from, to))]).toEqual(from < to ? [byte] : []);
}

/** A heap whose objects lie in the first top chunk of its arena, or in the second. */
function openHeap(arena: Arena, isSecondChunk: boolean): Heap {
  if (isSecondChunk) while (arena.chunkAt(arena.reserve(PAGE_BYTES)).base === 0);
  return new Heap({ arena, check: "debug" });
}

describe.each([false, true])("filled bytes, in the second top chunk: %s", (isSecondChunk) => {
  it("C63 C66 of objects of every length", () => {
    using arena = new Arena();
    using heap = openHeap(arena, isSecondChunk);
    const context = heap.open("a");
    const next = context.alloc(8);
    context.bytes(next, 8).fill(1);
    for (const byteLength of [
      ...Array.from({ length: 41 }, (_, at) => at),
      503,
      504,
      505,
      511,
      512,
      513,
      520,
      1000,
    ]) {
      const address = context.alloc(byteLength);
      const end = address + byteLength;
      expectAll(heap, address, end, FRESH);
      expectAll(heap, end, end + 8, CANARY);
      context.free(address);
      expectAll(heap, address, end + 8, FREED);
      heap.verify();
    }
    expectAll(heap, next, next + 8, 1);
  });

  it.each(kinds)("C66 C68 what the reset of a %s leaves, and who writes to it", (kind) => {
    using arena = new Arena();
    using heap = openHeap(arena, isSecondChunk);
    const context = heap.open("a", optionsOf[kind]);
    context.reset();
    const first = context.alloc(8);
    for (let count = 0; count < 3; count++) context.alloc(40);
    context.reset();
    expectAll(heap, first, first + 64, FREED);
    heap.verify();
    for (let count = 0; count < 10; count++) context.alloc(40);
    context.reset();
    expectAll(heap, first, first + 400, FREED);
    for (const offset of [0, 7, 200, 399]) {
      poke(heap, first + offset, 1);
      const error = checkThrows(() => heap.verify(), CorruptionError, WRITE_AFTER_RESET);
      expect(error.address).toBe(first + offset);
      poke(heap, first + offset, FREED);
      heap.verify();
    }
    context.alloc(8);
    context.reset();
    poke(heap, first + 300, 1);
    const error = checkThrows(() => context.reset(), CorruptionError, WRITE_AFTER_RESET);
    expect(error.address).toBe(first + 300);
    expectAll(heap, first, first + 400, FREED);
    context.reset();
  });

  it.each(kinds)("C32 C66 what the drop of a %s leaves, and no marks", (kind) => {
    using arena = new Arena();
    using heap = openHeap(arena, isSecondChunk);
    const context = heap.open("a", optionsOf[kind]);
    expect(heap.arena.chunkAt(context.alloc(8)).base > 0).toBe(isSecondChunk);
    const addresses = Array.from({ length: 300 }, () => context.alloc(40));
    context.drop();
    for (const address of addresses) expectAll(heap, address, address + 48, FREED);
    const next = heap.open("next");
    const { liveObjects } = next.stats();
    for (let count = 0; count < 20; count++) next.alloc(1000);
    heap.verify();
    expect(next.stats().liveObjects).toBe(liveObjects! + 20);
  });
});

it("C66 what a reset left is not looked for in an arena that was disposed below", () => {
  using arena = new Arena();
  const heap = new Heap({ arena, check: "debug" });
  const context = heap.open("a");
  context.alloc(100);
  context.reset();
  arena.dispose();
  expect(() => context.alloc(8)).not.toThrow(CorruptionError);
  heap.dispose();
});
