import {
  BufferOverrunError,
  type ContextKind,
  Heap,
  InvalidAddressError,
  MAX_ALLOC_BYTES,
  OutOfMemoryError,
  WrongKindError,
} from "@perfloc/context";
import { describe, expect, it } from "vitest";
import {
  checkSound,
  checkThrows,
  guardedLevels,
  optionsOf,
  poke,
  thrownBy,
} from "../support/fixtures.js";

const OVERRUN = "PERFLOC_CONTEXT_OVERRUN";
/** As in fill-bytes.ts. */
const CANARY = 0xde;

const kinds: readonly ContextKind[] = ["allocset", "bump", "slab"];
const LENGTHS = [0, 1, 7, 8, 13, 24, 48, 60];

describe.each(guardedLevels)("canaries, check level %s", (check) => {
  const options = { check, sampleEvery: 1 };

  it.each(kinds)("C63 the byte behind an object is looked at when a %s ends", (kind) => {
    for (const byteLength of LENGTHS) {
      const heap = new Heap(options);
      const context = heap.open("a", optionsOf[kind]);
      const address = context.alloc(byteLength);
      heap.verify();
      poke(heap, address + byteLength, 0);
      expect(() => heap.verify()).toThrow(BufferOverrunError);
      const error = checkThrows(() => context.reset(), BufferOverrunError, OVERRUN);
      expect(error).toMatchObject({ address, byteLength, offset: byteLength, found: 0 });
      expect(context.stats().liveBytes).toBe(0);
      checkSound(heap);
      heap.dispose();
    }
  });

  it("C63 an overrun is told at the free of the object, and told once", () => {
    using heap = new Heap(options);
    const context = heap.open("a");
    const address = context.alloc(100);
    poke(heap, address + 101, 1);
    const error = checkThrows(() => context.free(address), BufferOverrunError, OVERRUN);
    expect(error.offset).toBe(101);
    expect(context.stats().liveObjects).toBe(1);
    context.free(address);
    expect(context.stats().liveObjects).toBe(0);
    checkSound(heap);
  });

  it("C63 a realloc tells it too, and leaves the object", () => {
    using heap = new Heap(options);
    const context = heap.open("a");
    const address = context.alloc(20);
    context.bytes(address, 20).fill(7);
    poke(heap, address + 20, CANARY + 1);
    checkThrows(() => context.realloc(address, 4000), BufferOverrunError, OVERRUN);
    expect(context.bytes(address, 20)).toEqual(new Uint8Array(20).fill(7));
    checkSound(heap);
  });

  it("C63 a rollback tells it, and is done", () => {
    using heap = new Heap(options);
    const context = heap.open("a");
    const mark = context.checkpoint();
    const address = context.alloc(20);
    poke(heap, address + 20, 0);
    checkThrows(() => context.rollback(mark), BufferOverrunError, OVERRUN);
    expect(context.stats().liveObjects).toBe(0);
    checkSound(heap);
  });

  it("C63 the drop of a parent tells what it finds below, and is done; so does dispose", () => {
    const heap = new Heap(options);
    const parent = heap.open("parent");
    const child = parent.open("child", { kind: "bump" });
    poke(heap, child.alloc(16) + 16, 0);
    const error = checkThrows(() => parent.drop(), BufferOverrunError, OVERRUN);
    expect(error.context).toBe("child");
    expect([parent.isDropped, child.isDropped]).toEqual([true, true]);
    const other = heap.open("other");
    poke(heap, other.alloc(16) + 16, 0);
    checkThrows(() => heap.dispose(), BufferOverrunError, OVERRUN);
    expect(other.isDropped).toBe(true);
    expect(heap.arena.isDisposed).toBe(true);
    heap.dispose();
  });

  it("C63 an object that was written to its last byte is whole", () => {
    using heap = new Heap(options);
    for (const kind of kinds) {
      const context = heap.open("a", optionsOf[kind]);
      for (const byteLength of LENGTHS) {
        const address = context.alloc(byteLength);
        context.bytes(address, byteLength).fill(0);
      }
      heap.verify();
      context.reset();
    }
  });

  it("C66 fresh bytes are 0xd0, freed ones 0xdf; allocZeroed clears what was asked for", () => {
    using heap = new Heap(options);
    const context = heap.open("a");
    const address = context.alloc(40);
    expect(context.bytes(address, 40)).toEqual(new Uint8Array(40).fill(0xd0));
    const zeroed = context.allocZeroed(33);
    expect(context.bytes(zeroed, 33)).toEqual(new Uint8Array(33));
    heap.verify();
    context.free(address);
    const { u8, base } = heap.arena.chunkAt(address);
    expect(u8.slice(address - base, address - base + 40)).toEqual(new Uint8Array(40).fill(0xdf));
  });

  it("C67 sizeOf answers what was asked for", () => {
    using heap = new Heap(options);
    const context = heap.open("a");
    for (const byteLength of [0, 1, 100, 5000, 40_000]) {
      expect(context.sizeOf(context.alloc(byteLength))).toBe(byteLength);
    }
    const aligned = context.alloc(50, 256);
    expect([aligned % 256, context.sizeOf(aligned)]).toEqual([0, 50]);
  });

  it("C67 a realloc moves the object, also when it shrinks; a slab's stays", () => {
    using heap = new Heap(options);
    const context = heap.open("a");
    const address = context.alloc(100);
    context.bytes(address, 100).fill(3);
    const moved = context.realloc(address, 90);
    expect(moved).not.toBe(address);
    expect(context.bytes(moved, 90)).toEqual(new Uint8Array(90).fill(3));
    const slab = heap.open("s", optionsOf.slab);
    const slot = slab.alloc(64);
    expect(slab.realloc(slot, 10)).toBe(slot);
    poke(heap, slot + 10, 0);
    checkThrows(() => slab.free(slot), BufferOverrunError, OVERRUN);
  });

  it("C67 an object that gets shorter stays where it is when there is no memory to move it to", () => {
    using heap = new Heap({ ...options, quarantineBytes: 0 });
    const context = heap.open("a");
    context.setLimit(4096);
    const address = context.alloc(3000);
    expect(context.realloc(address, 2000)).toBe(address);
    expect(context.sizeOf(address)).toBe(2000);
    poke(heap, address + 2000, 0);
    checkThrows(() => context.free(address), BufferOverrunError, OVERRUN);
  });

  it("C21 an object that cannot grow stays as it was", () => {
    using heap = new Heap({ ...options, quarantineBytes: 0 });
    const context = heap.open("a");
    context.setLimit(4096);
    const address = context.alloc(1000);
    context.bytes(address, 1000).fill(5);
    expect(() => context.realloc(address, 8000)).toThrow(OutOfMemoryError);
    expect(context.bytes(address, 1000)).toEqual(new Uint8Array(1000).fill(5));
    expect(context.sizeOf(address)).toBe(1000);
    checkSound(heap);
  });

  it.each(["allocset", "bump"] as const)(
    "C12 an object of the most bytes has no room for a canary in a %s: it is asked for all the same",
    (kind) => {
      using heap = new Heap(options);
      const context = heap.open("a", optionsOf[kind]);
      context.setLimit(4096);
      const error = thrownBy(() => context.alloc(MAX_ALLOC_BYTES));
      expect(error).toMatchObject({ code: "PERFLOC_CONTEXT_LIMIT", requestedBytes: 2 ** 30 });
      checkSound(heap);
    },
  );

  it("C7 slots that are no multiple of 16 have a canary of 8 bytes, and their alignment", () => {
    using heap = new Heap(options);
    const slab = heap.open("s", { kind: "slab", slotBytes: 72 });
    const address = slab.alloc(64);
    expect(address % 8).toBe(0);
    expect(slab.sizeOf(address)).toBe(64);
    poke(heap, address + 64, 0);
    checkThrows(() => slab.free(address), BufferOverrunError, OVERRUN);
    slab.free(address);
    checkSound(heap);
  });

  it("C16 a slab refuses more than its slotBytes, whatever its canaries take", () => {
    using heap = new Heap(options);
    const slab = heap.open("s", optionsOf.slab);
    for (const byteLength of [65, 72, 80, 200]) {
      checkThrows(() => slab.alloc(byteLength), WrongKindError, "PERFLOC_CONTEXT_WRONG_KIND");
      const address = slab.alloc(64, 16);
      const grow = (): unknown => slab.realloc(address, byteLength);
      checkThrows(grow, WrongKindError, "PERFLOC_CONTEXT_WRONG_KIND");
    }
  });

  it("C75 bytes of more than the object is refused", () => {
    using heap = new Heap(options);
    const context = heap.open("a");
    const address = context.alloc(10);
    context.alloc(10);
    const code = "PERFLOC_CONTEXT_INVALID_ADDRESS";
    checkThrows(() => context.bytes(address, 11), InvalidAddressError, code);
  });
});
