/*
 * Perfloc for C (f): a new child chunk was never linked into its parent's list, so every context carved from one top
 * chunk got the same address: two live scopes wrote over each other.
 */
import { Heap } from "@perfloc/context";
import { expect, test } from "vitest";
import { checkSound, fill, isFilled, kinds, optionsOf, pageOf } from "../support/fixtures.js";

test.each(kinds)("C5 live contexts of kind %s never share a page", (kind) => {
  using heap = new Heap();
  const objects = Array.from({ length: 200 }, (_, seed) => {
    const context = heap.open("scope", optionsOf[kind]);
    const address = context.alloc(64);
    fill(context, address, 64, seed);
    return { context, address, seed };
  });
  expect(new Set(objects.map(({ address }) => pageOf(address))).size).toBe(200);
  for (const { context, address, seed } of objects) {
    expect(isFilled(context, address, 64, seed)).toBe(true);
  }
  checkSound(heap);
});
