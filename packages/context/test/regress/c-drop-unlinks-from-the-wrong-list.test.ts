/*
 * Perfloc for C (c): drop unlinked with the object list's pointers instead of the parent's entry, so the tree kept the
 * dropped child and lost others.
 */
import { Heap } from "@perfloc/context";
import { expect, test } from "vitest";
import { checkSound } from "../support/fixtures.js";

test("C33 a dropped child leaves its parent's list, and nobody else does", () => {
  using heap = new Heap();
  const parent = heap.open("parent");
  const children = Array.from({ length: 6 }, (_, position) => parent.open(`child ${position}`));
  for (const child of children) child.alloc(100);
  for (const position of [2, 0, 5]) {
    children[position]?.drop();
    const names = parent.stats().children.map(({ name }) => name);
    const expected = children.filter((child) => !child.isDropped).map(({ name }) => name);
    expect(names).toEqual(expected.toReversed());
    checkSound(heap);
  }
});
