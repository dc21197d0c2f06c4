/*
 * Perfloc for C (j): each allocation walked all objects to find a gap. What can be seen without a clock: a freed slot is taken
 * by the very next allocation of its class, however many objects lie in front of it, and bytes of others are not touched.
 */
import { Heap } from "@perfloc/context";
import { expect, test } from "vitest";
import { allocMany, checkSound } from "../support/fixtures.js";

test("C14 the slot that was freed last serves next, behind 100,000 live objects", () => {
  using heap = new Heap();
  const context = heap.open("long");
  const addresses = allocMany(context, 100_000, 32);
  for (const position of [99_999, 0, 50_000]) {
    const address = addresses[position] ?? 0;
    context.free(address);
    expect(context.alloc(32)).toBe(address);
  }
  checkSound(heap);
});
