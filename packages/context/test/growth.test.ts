import { FailingSource } from "@perfloc-tooling/testkit";
import { Heap, LimitExceededError } from "@perfloc/context";
import { describe, expect, test } from "vitest";
import {
  allocMany,
  checkLevels,
  checkRefused,
  checkSound,
  kinds,
  optionsOf,
} from "./support/fixtures.js";

describe.each(checkLevels)("growth, check level %s", (check) => {
  test.each(kinds)("C28 under a limit a %s takes shorter chunks until it is full", (kind) => {
    using heap = new Heap({ check });
    const context = heap.open("full", optionsOf[kind]);
    context.setLimit(100 * 4096);
    let count = 0;
    while (context.tryAlloc(64) !== 0) count++;
    expect(context.stats().usedBytes).toBe(100 * 4096);
    expect(count).toBeGreaterThan((99 * 4096) / 64);
    checkSound(heap);
  });

  test("C28 halving does not step over the length that fits", () => {
    using heap = new Heap({ check });
    const context = heap.open("pages", { initialBytes: 12_288 });
    context.setLimit(8192);
    expect(context.alloc(5000)).not.toBe(0);
    expect(context.stats().usedBytes).toBe(8192);
  });

  test("C28 with an arena that is nearly full a shorter chunk is taken", () => {
    using heap = new Heap({ check, initialChunkBytes: 4096 * 16, maxBytes: 4096 * 16 });
    const context = heap.open("full");
    let count = 0;
    while (context.tryAlloc(64) !== 0) count++;
    expect(count).toBeGreaterThan((14 * 4096) / 64);
    expect(heap.arena.stats().freeBytes).toBe(0);
    checkSound(heap);
  });

  test("C28 when the source refuses a longer chunk a shorter one in held memory is taken", () => {
    const source = new FailingSource(2, true);
    using heap = new Heap({ check, source, initialChunkBytes: 65_536 });
    const context = heap.open("full");
    let count = 0;
    while (context.tryAlloc(64) !== 0) count++;
    expect(count).toBeGreaterThan((14 * 4096) / 64);
    checkSound(heap);
  });

  test("C23 a longer object in a small chain doubles until it fits, in one step", () => {
    using heap = new Heap({ check });
    const context = heap.open("jump");
    context.alloc(8);
    context.alloc(30_000);
    expect(context.stats().usedBytes).toBe(4096 + 65_536);
    expect(context.stats().processChunks).toBe(2);
    checkSound(heap);
  });

  test("C23 doubling stops at a cap that is no power of two pages long", () => {
    using heap = new Heap({ check });
    const context = heap.open("capped", { maxChunkBytes: 20_480 });
    context.alloc(16_000);
    expect(context.stats().usedBytes).toBe(20_480);
    checkSound(heap);
  });

  test("C28 a big object is refused when its own chunk cannot be had, and smaller ones go on", () => {
    using heap = new Heap({ check });
    const context = heap.open("limited");
    context.alloc(8);
    context.setLimit(50_000);
    const error = checkRefused(
      heap,
      () => context.alloc(60_000),
      LimitExceededError,
      "PERFLOC_CONTEXT_LIMIT",
    );
    expect(error.limitBytes).toBe(50_000);
    expect(allocMany(context, 100, 100).length).toBe(100);
    checkSound(heap);
  });
});

test("C20 a big object that grows by half each time moves once, past holes that are too short for the next length", () => {
  using heap = new Heap({ initialChunkBytes: 4 * 1024 * 1024 });
  const context = heap.open("a");
  const hole = context.alloc(64 * 1024);
  context.alloc(40_000);
  context.free(hole);
  let address = context.alloc(30_000);
  const places = new Set<number>();
  for (let byteLength = 45_000; byteLength < 900_000; byteLength += byteLength >>> 1) {
    address = context.realloc(address, byteLength);
    places.add(address);
  }
  expect(places.size).toBe(1);
  heap.verify();
});
