/*
 * @thi.ng/malloc 6.1.150: `malloc(NaN)` and the next `malloc(8)` answered the same pointer, and `stats()` never ended.
 */
import { Heap, InvalidSizeError } from "@perfloc/context";
import { expect, test } from "vitest";
import { allocMany, checkRefused, checkSound, kinds, optionsOf } from "../support/fixtures.js";

test.each(kinds)(
  "C12 NaN is refused by a %s, and what follows is as if it had not been tried",
  (kind) => {
    using heap = new Heap();
    const context = heap.open("nan", optionsOf[kind]);
    const before = context.alloc(8);
    checkRefused(
      heap,
      () => context.alloc(Number.NaN),
      InvalidSizeError,
      "PERFLOC_CONTEXT_INVALID_SIZE",
    );
    const after = allocMany(context, 10, 8);
    expect(new Set([before, ...after]).size).toBe(11);
    checkSound(heap);
  },
);
