/*
 * Perfloc for C (a): `perfalloc` took the chunk by value, so the forward pointer was written to a copy and lost. Every
 * later overflow made one more doubled chunk, and drop freed none of them.
 */
import { Heap } from "@perfloc/context";
import { expect, test } from "vitest";
import { allocMany, chainFrom, checkEmpty, pageOf } from "../support/fixtures.js";

test("C25, C32 every forward is kept in the header of the chunk before, and drop frees the whole chain", () => {
  using heap = new Heap();
  const context = heap.open("chain");
  const first = pageOf(context.alloc(3000));
  for (let count = 0; count < 6; count++) {
    context.alloc(3000);
    allocMany(context, 50, 200);
    const chain = chainFrom(heap, first);
    expect(chain.length).toBe(context.stats().processChunks);
    expect(chain.length).toBe(heap.arena.stats().spanCount);
  }
  context.drop();
  checkEmpty(heap);
});
