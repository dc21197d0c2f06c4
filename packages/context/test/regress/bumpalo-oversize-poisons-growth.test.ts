/*
 * bumpalo #152: 10 bytes, 1 MB and 10 bytes held 3 MB, since the long request changed the doubling of what came after.
 */
import { Heap } from "@perfloc/context";
import { expect, test } from "vitest";
import { checkSound } from "../support/fixtures.js";

test.each(["allocset", "bump"] as const)(
  "C26 10 B, 1 MB, 10 B in a %s hold at most 1.2 MB",
  (kind) => {
    using heap = new Heap();
    const context = heap.open("sandwich", { kind });
    for (const byteLength of [10, 1_000_000, 10]) context.alloc(byteLength);
    expect(context.stats().usedBytes).toBeLessThanOrEqual(1_200_000);
    for (let count = 0; count < 1000; count++) context.alloc(10);
    expect(context.stats().usedBytes).toBeLessThanOrEqual(1_200_000);
    checkSound(heap);
  },
);
