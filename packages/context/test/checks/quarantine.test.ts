import {
  DoubleFreeError,
  Heap,
  InvalidAddressError,
  OutOfMemoryError,
  UseAfterFreeError,
} from "@perfloc/context";
import { describe, expect, it } from "vitest";
import { checkSound, checkThrows, guardedLevels, optionsOf, poke } from "../support/fixtures.js";

const WRITE_AFTER_FREE = "PERFLOC_CONTEXT_WRITE_AFTER_FREE";
const DOUBLE_FREE = "PERFLOC_CONTEXT_DOUBLE_FREE";

describe.each(guardedLevels)("the quarantine, check level %s", (check) => {
  const options = { check, sampleEvery: 1 };

  it("C64 freed memory is not reused while it is in quarantine", () => {
    using heap = new Heap({ ...options, quarantineBytes: 500 });
    const context = heap.open("a");
    const freed = [context.alloc(92), context.alloc(92), context.alloc(92), context.alloc(92)];
    for (const address of freed) context.free(address);
    // Each has the slot of 100 bytes, which is 112, so the fifth evicts the first.
    expect(heap.report()).toMatchObject({ quarantinedObjects: 4, quarantinedBytes: 448 });
    const next = context.alloc(92);
    expect(freed).not.toContain(next);
    context.free(next);
    expect(context.alloc(92)).toBe(freed[0]);
  });

  it("C64 an object that is just as long as the quarantine waits, and its bytes are free to the program", () => {
    using heap = new Heap({ ...options, quarantineBytes: 112 });
    const context = heap.open("a");
    context.alloc(8);
    const { liveBytes, liveObjects } = context.stats();
    context.free(context.alloc(92));
    expect(heap.report()).toMatchObject({ quarantinedObjects: 1, quarantinedBytes: 112 });
    expect(context.stats()).toMatchObject({ liveBytes, liveObjects });
    context.free(context.alloc(92));
    expect(heap.report()).toMatchObject({ quarantinedObjects: 1, quarantinedBytes: 112 });
    expect(context.stats()).toMatchObject({ liveBytes, liveObjects });
  });

  it("C21 C64 a write to a freed object that a realloc would push out is told before it", () => {
    using heap = new Heap({ ...options, quarantineBytes: 150 });
    const context = heap.open("a");
    const stale = context.alloc(92);
    const other = context.alloc(92);
    context.free(stale);
    poke(heap, stale + 50, 1);
    checkThrows(() => context.realloc(other, 200), UseAfterFreeError, WRITE_AFTER_FREE);
    expect(context.stats().liveObjects).toBe(1);
    expect(context.realloc(other, 200)).not.toBe(other);
    expect(context.stats().liveObjects).toBe(1);
    checkSound(heap);
  });

  it("C67 without memory an object keeps its address at a realloc to its own length", () => {
    using heap = new Heap({ ...options, quarantineBytes: 0 });
    const context = heap.open("a");
    context.setLimit(4096);
    const address = context.alloc(3000);
    expect(context.realloc(address, 3000)).toBe(address);
    expect(() => context.realloc(address, 3001)).toThrow(OutOfMemoryError);
    checkSound(heap);
  });

  it("C18 a guarded object is none of another context's", () => {
    using heap = new Heap(options);
    const address = heap.open("a").alloc(10);
    const other = heap.open("b");
    const code = "PERFLOC_CONTEXT_INVALID_ADDRESS";
    checkThrows(() => other.sizeOf(address), InvalidAddressError, code);
    checkThrows(() => other.bytes(address, 5), InvalidAddressError, code);
    checkThrows(() => other.realloc(address, 5), InvalidAddressError, code);
  });

  it.each(["rollback", "commit"] as const)(
    "C38 C40 a mark after a %s counts its own objects",
    (end) => {
      using heap = new Heap(options);
      const context = heap.open("a");
      context[end](context.checkpoint());
      const older = context.alloc(10);
      const mark = context.checkpoint();
      context.alloc(20);
      context.rollback(mark);
      expect(context.sizeOf(older)).toBe(10);
      checkSound(heap);
      context.free(older);
      expect(context.stats().liveObjects).toBe(0);
    },
  );

  it("C74 what verify finds is kept once, however often it is found", () => {
    using heap = new Heap(options);
    const context = heap.open("a");
    const address = context.alloc(92);
    context.free(address);
    poke(heap, address, 1);
    checkThrows(() => heap.verify(), UseAfterFreeError, WRITE_AFTER_FREE);
    expect(heap.report().findings).toHaveLength(1);
    checkThrows(() => heap.verify(), UseAfterFreeError, WRITE_AFTER_FREE);
    expect(heap.report().findings).toHaveLength(1);
    checkThrows(() => context.reset(), UseAfterFreeError, WRITE_AFTER_FREE);
    expect(heap.report().findings).toHaveLength(1);
  });

  it("C64 a write to a freed object is told when it leaves the quarantine, before the free that pushes it out", () => {
    using heap = new Heap({ ...options, quarantineBytes: 150 });
    const context = heap.open("a");
    const stale = context.alloc(92);
    const other = context.alloc(92);
    context.free(stale);
    poke(heap, stale + 50, 1);
    const error = checkThrows(() => context.free(other), UseAfterFreeError, WRITE_AFTER_FREE);
    expect(error).toMatchObject({ address: stale, byteLength: 92, offset: 50, context: "a" });
    expect(context.stats().liveObjects).toBe(1);
    context.free(other);
    checkSound(heap);
  });

  it.each(["verify", "reset", "drop", "dispose"] as const)("C64 %s tells it, too", (end) => {
    const heap = new Heap(options);
    const context = heap.open("a");
    const address = context.alloc(92);
    context.free(address);
    poke(heap, address, 1);
    const calls = {
      verify: () => heap.verify(),
      reset: () => context.reset(),
      drop: () => context.drop(),
      dispose: () => heap.dispose(),
    };
    checkThrows(calls[end], UseAfterFreeError, WRITE_AFTER_FREE);
    expect(context.isDropped).toBe(end === "drop" || end === "dispose");
  });

  it("C64 big objects wait, too, unless they are longer than the quarantine", () => {
    using heap = new Heap({ ...options, quarantineBytes: 100_000 });
    const context = heap.open("a");
    const big = context.alloc(50_000);
    const huge = context.alloc(200_000);
    context.free(big);
    context.free(huge);
    expect(heap.report().quarantinedObjects).toBe(1);
    checkThrows(() => context.free(big), DoubleFreeError, DOUBLE_FREE);
    checkThrows(() => context.free(huge), DoubleFreeError, DOUBLE_FREE);
    checkSound(heap);
  });

  it("C65 places are never those of an object that left the quarantine before", () => {
    using heap = new Heap({ ...options, quarantineBytes: 120 });
    const context = heap.open("a");
    function freeEarlier(address: number): void {
      context.free(address);
    }
    const addresses = [context.alloc(92), context.alloc(92)];
    for (const address of addresses) freeEarlier(address);
    const later = context.alloc(92);
    context.free(later);
    const error = checkThrows(() => context.free(later), DoubleFreeError, DOUBLE_FREE);
    expect(error.address).toBe(later);
    expect(error.sites.allocatedAt.join()).not.toContain("freeEarlier");
    expect(error.sites.freedAt.join()).not.toContain("freeEarlier");
    expect(error.sites.freedAt.length > 0).toBe(check === "debug");
    checkSound(heap);
  });

  it("C65 a double free names where the object was allocated, freed, and freed again", () => {
    using heap = new Heap(options);
    const context = heap.open("a");
    function allocateHere(): number {
      return context.alloc(10);
    }
    function freeHere(address: number): void {
      context.free(address);
    }
    function freeAgainHere(address: number): void {
      context.free(address);
    }
    const address = allocateHere();
    freeHere(address);
    const again = (): void => freeAgainHere(address);
    const { sites } = checkThrows(again, DoubleFreeError, DOUBLE_FREE);
    expect(sites.allocatedAt[0]).toMatch(/allocateHere.*quarantine\.test/);
    expect(sites.freedAt[0]).toMatch(/freeHere.*quarantine\.test/);
    expect(sites.freedAgainAt[0]).toMatch(/freeAgainHere.*quarantine\.test/);
    for (const frames of Object.values(sites)) expect(frames.length).toBeLessThanOrEqual(6);
    checkThrows(() => context.realloc(address, 5), DoubleFreeError, DOUBLE_FREE);
    checkThrows(() => context.sizeOf(address), DoubleFreeError, DOUBLE_FREE);
  });

  it("C65 an object that left the quarantine is a double free still, without places", () => {
    using heap = new Heap({ ...options, quarantineBytes: 0 });
    const context = heap.open("a");
    const address = context.alloc(10);
    context.free(address);
    const { sites } = checkThrows(() => context.free(address), DoubleFreeError, DOUBLE_FREE);
    expect(sites).toEqual({ allocatedAt: [], freedAt: [], freedAgainAt: [] });
  });

  it("C71 the quarantine is emptied before memory runs out", () => {
    using heap = new Heap(options);
    const context = heap.open("a");
    context.setLimit(300_000);
    const address = context.alloc(200_000);
    context.free(address);
    // On `sample` it did not wait: it is longer than that quarantine.
    expect(heap.report().quarantinedObjects).toBe(check === "debug" ? 1 : 0);
    expect(context.alloc(200_000)).toBe(address);
    expect(() => context.alloc(200_000)).toThrow(OutOfMemoryError);
    expect(context.tryAlloc(200_000)).toBe(0);
    checkSound(heap);
  });

  it("C71 what it gives back and does not fit is not handed out", () => {
    using heap = new Heap(options);
    const context = heap.open("a");
    context.setLimit(4096);
    const freed = [context.alloc(1200), context.alloc(1200), context.alloc(1200)];
    for (const address of freed) context.free(address);
    expect(() => context.alloc(2000)).toThrow(OutOfMemoryError);
    expect(freed).toContain(context.alloc(1200));
    checkSound(heap);
  });

  it("C7 C71 it is emptied for an aligned object, too", () => {
    using heap = new Heap(options);
    const context = heap.open("a");
    context.setLimit(4096);
    const addresses: number[] = [];
    for (;;) {
      const address = context.tryAlloc(40);
      if (address === 0) break;
      addresses.push(address);
    }
    addresses.sort((one, other) => Number(one % 64 !== 0) - Number(other % 64 !== 0));
    for (const address of addresses.slice(0, 20)) context.free(address);
    const aligned = context.alloc(40, 64);
    expect(aligned % 64).toBe(0);
    expect(addresses).toContain(aligned);
    checkSound(heap);
  });

  it.each([20_000, 60_000])("C71 it is emptied for %i bytes of a bump context", (byteLength) => {
    using heap = new Heap(options);
    const parent = heap.open("both");
    parent.setLimit(80_000);
    const freeing = parent.open("allocset");
    freeing.free(freeing.alloc(60_000));
    const address = parent.open("bump", optionsOf.bump).alloc(byteLength);
    expect(address).not.toBe(0);
    expect(heap.report().quarantinedObjects).toBe(0);
    checkSound(heap);
  });

  it("C75 bytes of a freed object is refused", () => {
    using heap = new Heap(options);
    const context = heap.open("a");
    const address = context.alloc(10);
    context.free(address);
    const code = "PERFLOC_CONTEXT_USE_AFTER_FREE";
    const error = checkThrows(() => context.bytes(address, 1), UseAfterFreeError, code);
    expect(error.offset).toBe(-1);
  });

  it("C38 a rollback brings a freed object back with its bytes, though it is guarded", () => {
    using heap = new Heap(options);
    for (const kind of ["allocset", "slab"] as const) {
      const context = heap.open("a", optionsOf[kind]);
      const address = context.alloc(30);
      context.bytes(address, 30).fill(9);
      const outer = context.checkpoint();
      const inner = context.checkpoint();
      context.free(address);
      checkThrows(() => context.free(address), DoubleFreeError, DOUBLE_FREE);
      context.commit(inner);
      checkThrows(() => context.free(address), DoubleFreeError, DOUBLE_FREE);
      context.rollback(outer);
      expect(context.bytes(address, 30)).toEqual(new Uint8Array(30).fill(9));
      context.free(address);
      checkThrows(() => context.free(address), DoubleFreeError, DOUBLE_FREE);
      checkSound(heap);
    }
  });

  it("C38 a rollback leaves those alone that were live before the mark, and those that an earlier mark holds", () => {
    using heap = new Heap(options);
    for (const kind of ["allocset", "slab"] as const) {
      const context = heap.open("a", optionsOf[kind]);
      const live = context.alloc(30);
      const freed = context.alloc(30);
      const outer = context.checkpoint();
      context.free(freed);
      const inner = context.checkpoint();
      context.rollback(inner);
      checkThrows(() => context.free(freed), DoubleFreeError, DOUBLE_FREE);
      expect(context.sizeOf(live)).toBe(30);
      context.rollback(outer);
      expect([context.sizeOf(live), context.sizeOf(freed)]).toEqual([30, 30]);
      checkSound(heap);
    }
  });

  it("C39 a commit hands what was freed to the quarantine", () => {
    using heap = new Heap(options);
    const context = heap.open("a");
    const address = context.alloc(30);
    const mark = context.checkpoint();
    context.free(address);
    expect(heap.report().quarantinedObjects).toBe(0);
    context.commit(mark);
    expect(heap.report().quarantinedObjects).toBe(1);
    poke(heap, address, 1);
    expect(() => heap.verify()).toThrow(UseAfterFreeError);
    checkThrows(() => context.checkpoint(), UseAfterFreeError, WRITE_AFTER_FREE);
    checkSound(heap);
  });
});
