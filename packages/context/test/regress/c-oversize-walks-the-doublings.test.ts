/*
 * Perfloc for C (i): a request that was too long allocated 2x, 4x, 8x ... on the way, and left all of them empty.
 */
import { Heap } from "@perfloc/context";
import { expect, test } from "vitest";

test.each(["allocset", "bump"] as const)(
  "C26 a long first object of a %s takes one chunk of each sort",
  (kind) => {
    using heap = new Heap();
    const context = heap.open("oversize", { kind });
    context.alloc(10_000_000);
    const { heldChunks, heldBytes, spanCount } = heap.arena.stats();
    expect([heldChunks, spanCount, context.stats().processChunks]).toEqual([1, 1, 1]);
    expect(heldBytes).toBeLessThanOrEqual(2 * 10_000_000);
  },
);
