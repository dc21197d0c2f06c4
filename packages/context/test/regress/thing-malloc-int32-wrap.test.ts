/*
 * @thi.ng/malloc 6.1.150: `malloc(2**32 + 16)` in a pool of 1 KB "succeeded" with a block of 24 bytes: the length wrapped.
 */
import { Heap, InvalidSizeError } from "@perfloc/context";
import { expect, test } from "vitest";
import { checkRefused, kinds, optionsOf } from "../support/fixtures.js";

test.each(kinds)("C12 a %s refuses lengths that 32 bits cannot hold", (kind) => {
  using heap = new Heap();
  const context = heap.open("small", optionsOf[kind]);
  context.alloc(8);
  for (const byteLength of [2 ** 32 + 16, 2 ** 32, 2 ** 33 + 8, 2 ** 53]) {
    const error = checkRefused(
      heap,
      () => context.alloc(byteLength),
      InvalidSizeError,
      "PERFLOC_CONTEXT_INVALID_SIZE",
    );
    expect(error.requested).toBe(byteLength);
  }
});
