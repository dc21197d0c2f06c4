/** What all kinds do alike on the levels with guards: each has its own class for it. */
import {
  BufferOverrunError,
  DoubleFreeError,
  Heap,
  InvalidAddressError,
  StaleMarkError,
  UseAfterDropError,
} from "@perfloc/context";
import { describe, expect, it } from "vitest";
import {
  checkRefused,
  checkSound,
  checkThrows,
  freeingKinds,
  guardedLevels,
  kinds,
  optionsOf,
  poke,
} from "../support/fixtures.js";

const OVERRUN = "PERFLOC_CONTEXT_OVERRUN";

describe.each(guardedLevels)("every kind, check level %s", (check) => {
  const options = { check, sampleEvery: 1 };

  it.each(kinds)("C63 the drop of a %s and of its children tells an overrun", (kind) => {
    using heap = new Heap(options);
    const parent = heap.open("parent", optionsOf[kind]);
    const child = parent.open("child", optionsOf[kind]);
    poke(heap, child.alloc(8) + 8, 0);
    const below = checkThrows(() => parent.dropChildren(), BufferOverrunError, OVERRUN);
    expect([below.context, child.isDropped, parent.isDropped]).toEqual(["child", true, false]);
    parent.open("sound", optionsOf[kind]).alloc(8);
    parent.dropChildren();
    poke(heap, parent.alloc(8) + 8, 0);
    const own = checkThrows(() => parent.drop(), BufferOverrunError, OVERRUN);
    expect([own.context, parent.isDropped]).toEqual(["parent", true]);
    checkSound(heap);
  });

  it.each(kinds)("C33 a dropped %s is refused", (kind) => {
    using heap = new Heap(options);
    const context = heap.open("gone", optionsOf[kind]);
    context.alloc(8);
    context.drop();
    const calls = [
      () => context.alloc(8),
      () => context.reset(),
      () => context.drop(),
      () => context.dropChildren(),
      () => context.checkpoint(),
    ];
    for (const call of calls)
      checkRefused(heap, call, UseAfterDropError, "PERFLOC_CONTEXT_DROPPED");
  });

  it.each(kinds)("C41 a mark that was used is refused by a %s", (kind) => {
    using heap = new Heap(options);
    const context = heap.open("a", optionsOf[kind]);
    const mark = context.checkpoint();
    context.alloc(8);
    context.rollback(mark);
    const address = context.alloc(8);
    for (const call of [() => context.rollback(mark), () => context.commit(mark)])
      checkRefused(heap, call, StaleMarkError, "PERFLOC_CONTEXT_STALE_MARK");
    expect(() => context.bytes(address, 9)).toThrow(InvalidAddressError);
  });

  it.each(kinds)("C41 marks that a reset took count for nothing afterwards (%s)", (kind) => {
    using heap = new Heap(options);
    const context = heap.open("a", optionsOf[kind]);
    context.checkpoint();
    context.reset();
    const address = context.alloc(10);
    context.rollback(context.checkpoint());
    expect(() => context.bytes(address, 11)).toThrow(InvalidAddressError);
    poke(heap, address + 10, 0);
    checkThrows(() => context.reset(), BufferOverrunError, OVERRUN);
  });

  it.each(freeingKinds)("C18 what is no number is no address for a %s", (kind) => {
    using heap = new Heap(options);
    const context = heap.open("a", optionsOf[kind]);
    const address = context.alloc(8);
    const code = "PERFLOC_CONTEXT_INVALID_ADDRESS";
    for (const wrong of ["8", undefined, address + 4] as number[]) {
      checkRefused(heap, () => context.free(wrong), InvalidAddressError, code);
      checkRefused(heap, () => context.realloc(wrong, 8), InvalidAddressError, code);
      checkRefused(heap, () => context.sizeOf(wrong), InvalidAddressError, code);
    }
  });
});

describe("sampled heaps", () => {
  it.each(freeingKinds)("C70 plain objects of a %s are as on the level check", (kind) => {
    using heap = new Heap({ check: "sample", sampleEvery: 2 ** 24 });
    const context = heap.open("a", optionsOf[kind]);
    context.alloc(8);
    const address = context.alloc(60);
    expect(context.sizeOf(address)).toBe(64);
    expect(context.realloc(address, 50)).toBe(address);
    context.free(address);
    checkThrows(() => context.free(address), DoubleFreeError, "PERFLOC_CONTEXT_DOUBLE_FREE");
    expect(heap.report().quarantinedObjects).toBe(0);
  });

  it("C70 plain objects of a bump context are as on the level check", () => {
    using heap = new Heap({ check: "sample", sampleEvery: 2 ** 24 });
    const context = heap.open("a", optionsOf.bump);
    context.alloc(8);
    expect(context.alloc(60) - context.alloc(60)).toBe(-64);
  });

  it("C67 sizeOf answers what was asked for in a slab, too", () => {
    using heap = new Heap({ check: "sample", sampleEvery: 1 });
    const slab = heap.open("s", optionsOf.slab);
    expect(slab.sizeOf(slab.alloc(13))).toBe(13);
  });
});

// Addresses 256 KiB apart share a cell of the filter, and big objects of that length lie so.
describe("guarded objects whose addresses look alike", () => {
  const HEADER_AND_CANARY_BYTES = 24;
  const STRIDE_BYTES = 256 * 1024;

  it("C67 each is found, freed in any order, and more of them than a cell counts", () => {
    using heap = new Heap({ check: "sample", sampleEvery: 1 });
    const context = heap.open("a");
    const byteLength = STRIDE_BYTES - HEADER_AND_CANARY_BYTES;
    const addresses = Array.from({ length: 300 }, () => context.alloc(byteLength));
    expect(new Set(addresses.map((address) => address % STRIDE_BYTES)).size).toBe(1);
    for (const address of addresses) expect(context.sizeOf(address)).toBe(byteLength);
    const [first = 0, second = 0, ...others] = addresses;
    for (const address of [second, ...others.toReversed(), first]) context.free(address);
    expect(context.stats().liveObjects).toBe(0);
    const next = context.alloc(byteLength);
    expect(context.sizeOf(next)).toBe(byteLength);
    checkSound(heap);
  });

  it("C19 plain ones among them are reallocated and freed as plain ones", () => {
    using heap = new Heap({ check: "sample", sampleEvery: 2 });
    const context = heap.open("a");
    const byteLength = STRIDE_BYTES - HEADER_AND_CANARY_BYTES;
    const addresses = Array.from({ length: 40 }, () => context.alloc(byteLength));
    const plain = addresses.filter((address) => context.sizeOf(address) !== byteLength);
    expect(plain.length).toBeGreaterThan(5);
    expect(plain.length).toBeLessThan(35);
    const freed = plain.shift()!;
    context.free(freed);
    checkThrows(() => context.free(freed), DoubleFreeError, "PERFLOC_CONTEXT_DOUBLE_FREE");
    const lengths = plain.map((address, seed) => {
      context.bytes(address, 50).fill(seed);
      const moved = context.realloc(address, 50);
      expect(context.bytes(moved, 50)).toEqual(new Uint8Array(50).fill(seed));
      return context.sizeOf(moved);
    });
    // Some became guarded ones, whose length is what was asked for.
    expect(new Set(lengths)).toEqual(new Set([50, 64]));
    checkSound(heap);
  });
});
