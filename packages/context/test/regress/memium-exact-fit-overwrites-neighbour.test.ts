/*
 * memium 1.0.4: an allocation of exactly the length of a freed block overwrote the record of the live block behind it.
 */
import { Heap } from "@perfloc/context";
import { expect, test } from "vitest";
import { checkSound, fill, freeingKinds, isFilled, optionsOf } from "../support/fixtures.js";

test.each(freeingKinds)("C14 exact reuse in a %s leaves the neighbours alone", (kind) => {
  using heap = new Heap();
  const context = heap.open("fit", optionsOf[kind]);
  for (const byteLength of [8, 24, 64]) {
    const [left, middle, right] = [
      context.alloc(byteLength),
      context.alloc(byteLength),
      context.alloc(byteLength),
    ];
    fill(context, left, byteLength, 1);
    fill(context, right, byteLength, 3);
    context.free(middle);
    const again = context.alloc(byteLength);
    expect(again).toBe(middle);
    fill(context, again, byteLength, 2);
    expect(isFilled(context, left, byteLength, 1)).toBe(true);
    expect(isFilled(context, right, byteLength, 3)).toBe(true);
    expect(context.sizeOf(right)).toBe(context.sizeOf(left));
    checkSound(heap);
  }
});
