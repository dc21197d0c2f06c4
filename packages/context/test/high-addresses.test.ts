import { DoubleFreeError, Heap, InvalidAddressError } from "@perfloc/context";
import { describe, expect, test } from "vitest";
import {
  SLOT_BYTES,
  allocMany,
  chainFrom,
  checkLevels,
  checkRefused,
  fill,
  isFilled,
  kinds,
  optionsOf,
  pageOf,
} from "./support/fixtures.js";

/** Takes every page below 2^31. Pages that nobody writes to cost nothing. */
function takeAllBelow(heap: Heap): void {
  for (let byteLength = 2 ** 28; byteLength >= 4096; byteLength /= 2) {
    for (;;) {
      const address = heap.arena.reserve(byteLength);
      if (address < 2 ** 31) continue;
      heap.arena.release(address);
      break;
    }
  }
}

describe.each(checkLevels)("addresses above 2^31, check level %s", (check) => {
  test.each(kinds)("C13 a %s that lies wholly above 2^31 works as any other", (kind) => {
    using heap = new Heap({ check, initialChunkBytes: 2 ** 30, maxChunkBytes: 2 ** 30 });
    takeAllBelow(heap);
    const context = heap.open("high", optionsOf[kind]);
    const addresses = allocMany(context, 5000, SLOT_BYTES);
    expect(Math.min(...addresses)).toBeGreaterThan(2 ** 31);
    for (const [seed, address] of addresses.entries()) fill(context, address, SLOT_BYTES, seed);
    expect(addresses.every((address, seed) => isFilled(context, address, SLOT_BYTES, seed))).toBe(
      true,
    );
    expect(chainFrom(heap, pageOf(addresses[0] ?? 0)).length).toBe(context.stats().processChunks);
    heap.verify();
    if (kind !== "bump") {
      for (const address of addresses.slice(1000)) context.free(address);
      const again = allocMany(context, 4000, SLOT_BYTES);
      expect(new Set(again)).toEqual(new Set(addresses.slice(1000)));
      heap.verify();
    }
    const mark = context.checkpoint();
    allocMany(context, 3000, SLOT_BYTES);
    if (kind !== "bump") context.free(addresses[0] ?? 0);
    context.rollback(mark);
    expect(isFilled(context, addresses[0] ?? 0, SLOT_BYTES, 0)).toBe(true);
    context.reset();
    expect(context.alloc(SLOT_BYTES)).toBe(addresses[0]);
    heap.verify();
    context.drop();
    heap.verify();
    expect(heap.stats().usedBytes).toBe(0);
  });

  test("C13 big objects and realloc across 2^31", () => {
    using heap = new Heap({ check, initialChunkBytes: 2 ** 30, maxChunkBytes: 2 ** 30 });
    const context = heap.open("high");
    const low = context.alloc(1000);
    fill(context, low, 1000, 13);
    takeAllBelow(heap);
    const high = context.alloc(2 ** 28);
    const moved = context.realloc(low, 2 ** 27);
    expect(Math.min(high, moved)).toBeGreaterThan(2 ** 31);
    expect(isFilled(context, moved, 1000, 13)).toBe(true);
    expect(context.realloc(moved, 100_000)).toBe(moved);
    for (const address of [high, moved]) context.free(address);
    expect(context.stats().liveObjects).toBe(0);
    heap.verify();
    context.drop();
    heap.verify();
    expect(heap.stats().usedBytes).toBe(0);
  });
});

test("C17, C18 mistakes above 2^31 are found as below", () => {
  using heap = new Heap({ initialChunkBytes: 2 ** 30, maxChunkBytes: 2 ** 30 });
  takeAllBelow(heap);
  const other = heap.open("other");
  const address = other.alloc(64);
  expect(address).toBeGreaterThan(2 ** 31);
  other.free(address);
  checkRefused(
    heap,
    () => {
      other.free(address);
    },
    DoubleFreeError,
    "PERFLOC_CONTEXT_DOUBLE_FREE",
  );
  for (const wrong of [address + 8, address - 2 ** 32, address | 0, address + 0.5]) {
    checkRefused(
      heap,
      () => {
        other.free(wrong);
      },
      InvalidAddressError,
      "PERFLOC_CONTEXT_INVALID_ADDRESS",
    );
  }
});
