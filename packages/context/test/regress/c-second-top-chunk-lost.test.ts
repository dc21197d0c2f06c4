/*
 * Perfloc for C (e): the top-chunk vector scaled its index twice, so the second top chunk was stored outside of the array.
 */
import { Heap } from "@perfloc/context";
import { expect, test } from "vitest";
import { checkEmpty, fill, isFilled } from "../support/fixtures.js";

test("C24 contexts in many top chunks keep their bytes", () => {
  using heap = new Heap({ initialChunkBytes: 4096, maxChunkBytes: 65_536 });
  const contexts = Array.from({ length: 300 }, (_, seed) => {
    const context = heap.open("spread");
    const address = context.alloc(1000);
    fill(context, address, 1000, seed);
    return { context, address, seed };
  });
  expect(heap.arena.chunks.length).toBeGreaterThan(10);
  for (const { context, address, seed } of contexts) {
    expect(isFilled(context, address, 1000, seed)).toBe(true);
    context.drop();
  }
  checkEmpty(heap);
});
