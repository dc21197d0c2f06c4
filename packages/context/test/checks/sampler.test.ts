import { Heap, InvalidOptionError, InvalidSizeError } from "@perfloc/context";
import { describe, expect, it } from "vitest";
import { checkThrows, thrownBy } from "../support/fixtures.js";

/** Positions, in the order of allocation, of the objects that are guarded: those whose length is told exactly. */
function guarded(sampleEvery: number, sampleSeed: number, count: number): number[] {
  using heap = new Heap({ check: "sample", sampleEvery, sampleSeed });
  const context = heap.open("a");
  const positions: number[] = [];
  for (let at = 0; at < count; at++) if (context.sizeOf(context.alloc(1)) === 1) positions.push(at);
  return positions;
}

describe("sampling", () => {
  it("C70 one object in sampleEvery is guarded, at distances that vary", () => {
    for (const every of [2, 16, 128]) {
      const positions = guarded(every, 7, every * 2000);
      expect(positions.length).toBeGreaterThan(1800);
      expect(positions.length).toBeLessThan(2200);
      const distances = new Set(positions.slice(1).map((at, index) => at - positions[index]!));
      expect(distances.size).toBeGreaterThan(Math.min(every, 40));
    }
  });

  it("C70 by default one object in 1,024", () => {
    using heap = new Heap({ check: "sample" });
    const context = heap.open("a");
    let count = 0;
    for (let at = 0; at < 1024 * 400; at++) if (context.sizeOf(context.alloc(1)) === 1) count++;
    expect(count).toBeGreaterThan(320);
    expect(count).toBeLessThan(480);
  });

  it("C70 contexts that live for a few objects are sampled as often", () => {
    using heap = new Heap({ check: "sample", sampleEvery: 64 });
    let guardedObjects = 0;
    for (let scope = 0; scope < 20_000; scope++) {
      const context = heap.open("scope");
      for (let at = 0; at < 10; at++) if (context.sizeOf(context.alloc(1)) === 1) guardedObjects++;
      context.drop();
    }
    expect(guardedObjects).toBeGreaterThan(2900);
    expect(guardedObjects).toBeLessThan(3350);
  });

  it("C70 a context goes on counting where the one before it ended", () => {
    const inOne = guarded(50, 9, 5000);
    using heap = new Heap({ check: "sample", sampleEvery: 50, sampleSeed: 9 });
    const inMany: number[] = [];
    for (let scope = 0; scope < 500; scope++) {
      const context = heap.open("scope");
      for (let at = 0; at < 10; at++) {
        if (context.sizeOf(context.alloc(1)) === 1) inMany.push(scope * 10 + at);
      }
      context.drop();
    }
    expect(inMany).toEqual(inOne);
  });

  it("C70 the first object is guarded no more often than others", () => {
    let first = 0;
    for (let seed = 0; seed < 200; seed++) first += guarded(100, seed, 1).length;
    expect(first).toBeLessThan(10);
  });

  it("C55 the message about memory that ran out tells what was asked for, whether the last object was guarded or not", () => {
    using heap = new Heap({ check: "sample", sampleEvery: 2, sampleSeed: 3 });
    const context = heap.open("a");
    context.setLimit(16_384);
    for (let count = 0; count < 40; count++) {
      context.alloc(8);
      const error = thrownBy(() => context.alloc(100_000));
      expect(error).toMatchObject({ requestedBytes: 100_000 });
    }
  });

  it("C70 the same seed guards the same objects, another one others", () => {
    expect(guarded(32, 1, 5000)).toEqual(guarded(32, 1, 5000));
    expect(guarded(32, 1, 5000)).not.toEqual(guarded(32, 2, 5000));
    expect(guarded(1, 5, 100)).toHaveLength(100);
  });

  it("C70 no seed makes the distances end, not even the one that takes the generator to 0", () => {
    const positions = guarded(16, 0x9e3779b9, 16 * 2000);
    expect(positions.length).toBeGreaterThan(1800);
    expect(positions.length).toBeLessThan(2200);
  });

  it("C70 plain objects of a sampled heap are checked as on the level check", () => {
    using heap = new Heap({ check: "sample", sampleEvery: 2 ** 24 });
    const context = heap.open("a");
    context.alloc(8);
    const address = context.alloc(100);
    expect(context.sizeOf(address)).toBe(112);
    context.free(address);
    expect(() => context.free(address)).toThrow(/already freed/);
    expect(heap.report().quarantinedObjects).toBe(0);
  });

  it("C70 a realloc of a plain object that makes a guarded one leaves its canary whole", () => {
    using heap = new Heap({ check: "sample", sampleEvery: 2, sampleSeed: 3 });
    const context = heap.open("a");
    let address = context.alloc(50);
    for (let byteLength = 50; byteLength < 20_000; byteLength += 37) {
      address = context.realloc(address, byteLength);
      heap.verify();
    }
  });

  it("C70 the same for one that makes it much shorter, to the byte", () => {
    using heap = new Heap({ check: "sample", sampleEvery: 2, sampleSeed: 3 });
    const context = heap.open("a");
    for (let byteLength = 1; byteLength < 500; byteLength++) {
      const long = context.alloc(2000);
      context.bytes(long, 2000).fill(byteLength);
      const short = context.realloc(long, byteLength);
      heap.verify();
      expect(context.bytes(short, byteLength).every((byte) => byte === (byteLength & 255))).toBe(
        true,
      );
    }
  });

  it("C2 options of the check levels out of range are refused, on every level", () => {
    const code = "PERFLOC_CONTEXT_INVALID_OPTION";
    for (const wrong of [Number.NaN, -1, 1.5, Infinity, 2 ** 33]) {
      for (const name of ["sampleEvery", "sampleSeed", "quarantineBytes"]) {
        checkThrows(() => new Heap({ [name]: wrong }), InvalidSizeError, code);
      }
    }
    checkThrows(() => new Heap({ sampleEvery: 0 }), InvalidSizeError, code);
    using heap = new Heap({ check: "debug" });
    const wrong = { expectFreed: 1 as unknown as boolean };
    checkThrows(() => heap.open("a", wrong), InvalidOptionError, code);
    const bump = { kind: "bump", expectFreed: true } as const;
    checkThrows(() => heap.open("a", bump), InvalidOptionError, code);
  });
});
