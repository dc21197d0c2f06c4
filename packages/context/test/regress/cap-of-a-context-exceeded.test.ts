/*
 * Perfloc: an object that needed a chunk longer than maxChunkBytes made every later chunk of its context that long.
 */
import { Heap } from "@perfloc/context";
import { expect, test } from "vitest";

test("C23 after a longer chunk the cap holds again", () => {
  using heap = new Heap();
  const context = heap.open("capped", { maxChunkBytes: 4096 });
  const long = context.alloc(20_000);
  expect(heap.arena.spanBytes(long - (long % 4096))).toBe(24_576);
  for (let count = 0; count < 40; count++) context.alloc(1000);
  const stats = context.stats();
  expect(stats.usedBytes).toBe(24_576 + 4096 * (stats.processChunks - 1));
});
