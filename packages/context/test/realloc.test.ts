import { FailingSource, randomFrom } from "@perfloc-tooling/testkit";
import { CorruptionError, Heap, LimitExceededError, OutOfMemoryError } from "@perfloc/context";
import { describe, expect, test } from "vitest";
import {
  checkLevels,
  checkRefused,
  checkSound,
  checkThrows,
  damageCell,
  fill,
  isFilled,
} from "./support/fixtures.js";

const LENGTHS = [0, 1, 8, 9, 100, 128, 129, 1000, 4080, 10_000, 32_768, 32_769, 100_000, 300_000];

describe.each(checkLevels)("realloc, check level %s", (check) => {
  test("C19 keeps the bytes that both lengths have, from every length to every other", () => {
    using heap = new Heap({ check });
    const context = heap.open("realloc");
    for (const from of LENGTHS) {
      for (const to of LENGTHS) {
        const address = context.alloc(from);
        fill(context, address, from, from + 1);
        const barrier = context.alloc(8);
        const moved = context.realloc(address, to);
        expect([from, to, isFilled(context, moved, Math.min(from, to), from + 1)]).toEqual([
          from,
          to,
          true,
        ]);
        expect(context.sizeOf(moved)).toBeGreaterThanOrEqual(to);
        context.free(moved);
        context.free(barrier);
      }
    }
    expect(context.stats().liveObjects).toBe(0);
    checkSound(heap);
  });

  test("C19 a random walk of lengths beside other objects keeps everything", () => {
    using heap = new Heap({ check });
    const context = heap.open("walk");
    const random = randomFrom(19);
    const objects = Array.from({ length: 30 }, (_, seed) => {
      const address = context.alloc(50);
      fill(context, address, 50, seed);
      return { address, byteLength: 50, seed };
    });
    for (let step = 0; step < 3000; step++) {
      const object = objects[Math.floor(random() * objects.length)];
      if (object === undefined) continue;
      const byteLength = Math.floor(random() ** 3 * 80_000);
      object.address = context.realloc(object.address, byteLength);
      const kept = Math.min(byteLength, object.byteLength);
      if (!isFilled(context, object.address, kept, object.seed))
        expect.fail(`lost at step ${step}`);
      fill(context, object.address, byteLength, object.seed);
      object.byteLength = byteLength;
      if (step % 100 === 0) checkSound(heap);
    }
    expect(context.stats().liveObjects).toBe(30);
    checkSound(heap);
  });

  test("C20 stays in place within the class", () => {
    using heap = new Heap({ check });
    const context = heap.open("class");
    const address = context.alloc(129);
    context.alloc(8);
    for (const byteLength of [144, 140, 129, 100, 72]) {
      expect(context.realloc(address, byteLength)).toBe(address);
      expect(context.sizeOf(address)).toBe(144);
    }
  });

  test("C20 the last object of the current chunk grows in place while there is room", () => {
    using heap = new Heap({ check });
    const context = heap.open("last");
    const address = context.alloc(8);
    for (const byteLength of [16, 100, 1000, 3584]) {
      expect(context.realloc(address, byteLength)).toBe(address);
      expect(context.sizeOf(address)).toBeGreaterThanOrEqual(byteLength);
      checkSound(heap);
    }
    expect(context.realloc(address, 4096)).not.toBe(address);
    checkSound(heap);
  });

  test("C20 a big object shrinks in place and gives its pages back", () => {
    using heap = new Heap({ check });
    const context = heap.open("big");
    const address = context.alloc(300_000);
    fill(context, address, 300_000, 3);
    expect(context.realloc(address, 100_000)).toBe(address);
    expect(context.stats().usedBytes).toBe(102_400);
    expect(isFilled(context, address, 100_000, 3)).toBe(true);
    checkSound(heap);
  });

  test("C20 a big object grows in place into free pages, and not into taken ones", () => {
    using heap = new Heap({ check, initialChunkBytes: 2 ** 20 });
    const context = heap.open("big");
    const first = context.alloc(65_000);
    fill(context, first, 65_000, 20);
    expect(context.realloc(first, 120_000)).toBe(first);
    const second = context.alloc(65_000);
    const other = heap.open("other").alloc(65_000);
    expect(isFilled(context, first, 65_000, 20)).toBe(true);
    const moved = context.realloc(first, 600_000);
    expect(isFilled(context, moved, 65_000, 20)).toBe(true);
    expect(new Set([moved, second, other]).size).toBe(3);
    checkSound(heap);
  });

  test("C20 C38 an object that is older than a mark stays within its class, and moves beyond it", () => {
    using heap = new Heap({ check });
    const context = heap.open("sealed");
    const [small, big] = [context.alloc(100), context.alloc(50_000)];
    const mark = context.checkpoint();
    expect(context.realloc(small, 60)).toBe(small);
    expect(context.realloc(big, 49_000)).toBe(big);
    expect(context.realloc(small, 20)).not.toBe(small);
    expect(context.realloc(big, 60_000)).not.toBe(big);
    const young = context.alloc(100);
    expect(context.realloc(young, 60)).toBe(young);
    expect(context.realloc(young, 200)).not.toBe(0);
    context.rollback(mark);
    expect([context.sizeOf(small), context.stats().liveObjects]).toEqual([112, 2]);
    checkSound(heap);
  });

  test("C20 an object that moved frees its old slot", () => {
    using heap = new Heap({ check });
    const context = heap.open("moving");
    const address = context.alloc(24);
    context.alloc(8);
    const moved = context.realloc(address, 1000);
    expect(moved).not.toBe(address);
    expect(context.stats().liveObjects).toBe(2);
    expect(context.alloc(24)).toBe(address);
    checkSound(heap);
  });

  test("C20 buffers that grow by little at a time, one after the other, are seldom copied", () => {
    using heap = new Heap({ check });
    const context = heap.open("appending");
    const buffers = [1, 2, 3].map((seed) => ({ seed, address: context.alloc(64), moves: 0 }));
    for (let byteLength = 64; byteLength < 200_000; byteLength += 24 + (byteLength >>> 6)) {
      for (const buffer of buffers) {
        fill(context, buffer.address, Math.min(byteLength, 64), buffer.seed);
        const address = context.realloc(buffer.address, byteLength);
        if (address !== buffer.address) buffer.moves++;
        buffer.address = address;
        expect(context.sizeOf(address)).toBeGreaterThanOrEqual(byteLength);
        expect(isFilled(context, address, 64, buffer.seed)).toBe(true);
      }
    }
    // Once for each doubling.
    for (const { moves } of buffers) expect(moves).toBeLessThanOrEqual(12);
    expect(context.stats().liveBytes).toBeLessThan(3 * 2 * 210_000);
    checkSound(heap);
  });

  test("C20 the room of an object that grew goes back when a limit needs it", () => {
    using heap = new Heap({ check });
    const context = heap.open("appending");
    let address = context.alloc(40_000);
    const barrier = context.alloc(40_000);
    context.setLimit(140_000);
    // No room for twice its length, but for what was asked.
    address = context.realloc(address, 45_000);
    expect(context.sizeOf(address)).toBeLessThan(60_000);
    context.free(barrier);
    expect(context.realloc(address, 50_000)).toBeGreaterThan(0);
    checkSound(heap);
  });

  test("C21 when memory runs out, the object is as it was", () => {
    const source = new FailingSource(2, true);
    using heap = new Heap({ check, source });
    const context = heap.open("full");
    const address = context.alloc(100);
    fill(context, address, 100, 21);
    const before = heap.stats();
    checkThrows(
      () => context.realloc(address, 100_000),
      OutOfMemoryError,
      "PERFLOC_CONTEXT_OUT_OF_MEMORY",
    );
    expect(heap.stats()).toEqual(before);
    expect(isFilled(context, address, 100, 21)).toBe(true);
    expect(context.sizeOf(address)).toBe(112);
    checkSound(heap);
  });

  test("C21 C59 when the list of the new class is damaged, the object is as it was", () => {
    using heap = new Heap({ check });
    const context = heap.open("damaged");
    const address = context.alloc(100);
    fill(context, address, 100, 59);
    const freed = context.alloc(224);
    context.alloc(8);
    context.free(freed);
    damageCell(heap, freed, 0);
    // It gets room for twice its size.
    for (const byteLength of [120, 220])
      checkThrows(
        () => context.realloc(address, byteLength),
        CorruptionError,
        "PERFLOC_CONTEXT_CORRUPT",
      );
    expect(isFilled(context, address, 100, 59)).toBe(true);
    expect(context.sizeOf(address)).toBe(112);
  });

  test("C21 when a limit is met, the object is as it was", () => {
    using heap = new Heap({ check });
    const context = heap.open("limited");
    const big = context.alloc(100_000);
    context.setLimit(110_000);
    checkRefused(
      heap,
      () => context.realloc(big, 120_000),
      LimitExceededError,
      "PERFLOC_CONTEXT_LIMIT",
    );
    expect(context.sizeOf(big)).toBe(102_400 - 16);
    expect(context.realloc(big, 102_000)).toBe(big);
  });
});
