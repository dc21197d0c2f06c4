/*
 * Perfloc for C (b): `while (chunk.next != NULL) drop(...)` never ended once a chunk had a forward.
 */
import { Heap } from "@perfloc/context";
import { expect, test } from "vitest";
import { allocMany, chainFrom, checkEmpty, kinds, optionsOf, pageOf } from "../support/fixtures.js";

test.each(kinds)("C32 drop of a %s ends, with one chunk, two and many", (kind) => {
  for (const count of [1, 60, 100, 10_000]) {
    using heap = new Heap();
    const context = heap.open("chain", optionsOf[kind]);
    const [first = 0] = allocMany(context, count, 64);
    expect(chainFrom(heap, pageOf(first)).at(-1)?.forward).toBe(0);
    context.drop();
    checkEmpty(heap);
  }
});
