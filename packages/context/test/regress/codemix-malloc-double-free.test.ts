/*
 * codemix malloc 1.1.0: freeing the same pointer twice "succeeded", and the second allocation after it hung.
 */
import { DoubleFreeError, Heap } from "@perfloc/context";
import { expect, test } from "vitest";
import { checkRefused, checkSound, freeingKinds, optionsOf } from "../support/fixtures.js";

test.each(freeingKinds)(
  "C17 a %s refuses the second free, and gives the slot to one caller only",
  (kind) => {
    using heap = new Heap();
    const context = heap.open("twice", optionsOf[kind]);
    const address = context.alloc(8);

    context.free(address);
    checkRefused(
      heap,
      () => {
        context.free(address);
      },
      DoubleFreeError,
      "PERFLOC_CONTEXT_DOUBLE_FREE",
    );
    const first = context.alloc(8);
    const second = context.alloc(8);
    expect(first).toBe(address);
    expect(second).not.toBe(first);
    checkSound(heap);
  },
);
