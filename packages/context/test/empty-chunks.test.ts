/** Process chunks without objects go back to the arena when a context needs another chunk: see src/slots/empty-chunks.ts. */
import { Heap, LimitExceededError } from "@perfloc/context";
import { describe, expect, test } from "vitest";
import {
  allocMany,
  checkLevels,
  checkSound,
  checkThrows,
  fill,
  isFilled,
} from "./support/fixtures.js";

describe.each(checkLevels)("empty process chunks, check level %s", (check) => {
  test("C79 go back when the context goes on in another chunk", () => {
    using heap = new Heap({ check });
    const context = heap.open("phases");
    const first = context.alloc(100);
    fill(context, first, 100, 1);
    for (const address of allocMany(context, 10_000, 100)) context.free(address);
    const { usedBytes } = context.stats();
    // No slot of theirs fits. Chunks are looked for when twice as much is used as was left the last time.
    let peak = 0;
    while (peak <= context.stats().usedBytes) {
      peak = context.stats().usedBytes;
      allocMany(context, 10, 200);
    }
    expect(peak).toBeLessThan(3 * usedBytes);
    expect(context.stats().usedBytes).toBeLessThan(peak - usedBytes / 2);
    expect(isFilled(context, first, 100, 1)).toBe(true);
    checkSound(heap);
  });

  test("C79 stay while one of their objects lives", () => {
    using heap = new Heap({ check });
    const context = heap.open("phases");
    const addresses = allocMany(context, 10_000, 100);
    const kept = addresses.filter((_, at) => at % 20 === 0);
    for (const address of addresses) if (!kept.includes(address)) context.free(address);
    const { usedBytes } = context.stats();
    allocMany(context, 3000, 200);
    expect(context.stats().usedBytes).toBeGreaterThan(usedBytes);
    for (const address of kept) context.free(address);
    checkSound(heap);
  });

  test("C14 C79 stay in a program that frees and allocates the same lengths in turns", () => {
    using heap = new Heap({ check });
    const context = heap.open("breathing");
    const breathe = (): void => {
      for (const address of allocMany(context, 5000, 100)) context.free(address);
    };
    breathe();
    const { usedBytes, processChunks } = context.stats();
    const { forwards } = heap.stats();
    for (let breath = 0; breath < 20; breath++) breathe();
    expect(context.stats()).toMatchObject({ usedBytes, processChunks });
    expect(heap.stats().forwards).toBe(forwards);
  });

  test("C38 C79 stay while a checkpoint may bring their objects back", () => {
    using heap = new Heap({ check });
    const context = heap.open("marked");
    const addresses = allocMany(context, 5000, 100);
    for (const [seed, address] of addresses.entries()) fill(context, address, 100, seed);
    const mark = context.checkpoint();
    for (const address of addresses) context.free(address);
    allocMany(context, 5000, 200);
    context.rollback(mark);
    for (const [seed, address] of addresses.entries())
      expect(isFilled(context, address, 100, seed)).toBe(true);
    checkSound(heap);
  });

  test("C47 C79 make room before a limit is met, for small and big objects", () => {
    for (const byteLength of [200, 20_000, 100_000]) {
      using heap = new Heap({ check });
      const context = heap.open("limited");
      const addresses = allocMany(context, 5000, 100);
      context.setLimit(context.stats().usedBytes);
      while (context.tryAlloc(byteLength) !== 0);
      checkThrows(() => context.alloc(byteLength), LimitExceededError, "PERFLOC_CONTEXT_LIMIT");
      for (const address of addresses) context.free(address);
      expect(context.sizeOf(context.alloc(byteLength))).toBeGreaterThanOrEqual(byteLength);
      checkSound(heap);
    }
  });

  test("C79 in a slab too", () => {
    using heap = new Heap({ check });
    const context = heap.open("slots", { kind: "slab", slotBytes: 100 });
    const addresses = allocMany(context, 20_000, 100);
    for (const address of addresses.slice(1000)) context.free(address);
    const { usedBytes } = context.stats();
    expect(context.reclaim()).toBeGreaterThan(usedBytes / 2);
    checkSound(heap);
    context.setLimit(context.stats().usedBytes);
    allocMany(context, 100, 100);
    checkSound(heap);
  });

  test("C17 C18 C79 a second free finds no object when the chunk has gone", () => {
    using heap = new Heap({ check });
    const context = heap.open("phases");
    const addresses = allocMany(context, 5000, 100);
    for (const address of addresses) context.free(address);
    context.reclaim();
    const codes = addresses.map((address) => {
      try {
        context.free(address);
        return "none";
      } catch (error) {
        return (error as { code: string }).code;
      }
    });
    expect(new Set(codes)).toEqual(
      new Set(["PERFLOC_CONTEXT_DOUBLE_FREE", "PERFLOC_CONTEXT_INVALID_ADDRESS"]),
    );
    checkSound(heap);
  });
});
