/*
 * typedarray-pool 1.2.0: after freeing an array twice, two callers got the same ArrayBuffer.
 */
import { DoubleFreeError, Heap } from "@perfloc/context";
import { expect, test } from "vitest";
import { checkRefused, checkSound, freeingKinds, optionsOf } from "../support/fixtures.js";

test.each(freeingKinds)(
  "C17 a %s refuses the second free, and gives the slot to one caller only",
  (kind) => {
    using heap = new Heap();
    const context = heap.open("twice", optionsOf[kind]);
    const address = context.alloc(64);
    context.alloc(64);
    context.free(address);
    checkRefused(
      heap,
      () => {
        context.free(address);
      },
      DoubleFreeError,
      "PERFLOC_CONTEXT_DOUBLE_FREE",
    );
    const first = context.alloc(64);
    const second = context.alloc(64);
    expect(first).toBe(address);
    expect(second).not.toBe(first);
    checkSound(heap);
  },
);
