/*
 * bumpalo #3 (a chunk of 13 GiB) and rust #71872: doubling without a cap.
 */
import { Heap } from "@perfloc/context";
import { expect, test } from "vitest";
import { allocMany, chainFrom, pageOf } from "../support/fixtures.js";

test("C23 no process chunk is longer than maxChunkBytes, however much is allocated", () => {
  using heap = new Heap();
  const context = heap.open("capped", { maxChunkBytes: 16_384 });
  const [first = 0] = allocMany(context, 20_000, 64);
  const lengths = chainFrom(heap, pageOf(first)).map(({ byteLength }) => byteLength);
  expect(Math.max(...lengths)).toBe(16_384);
  expect(context.stats().usedBytes).toBeLessThan(20_000 * 64 * 1.05);
});
