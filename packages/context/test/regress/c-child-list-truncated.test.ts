/*
 * Perfloc for C (d): a new child's `next` was set to NULL after it had been linked, which cut off all older children.
 */
import { Heap } from "@perfloc/context";
import { expect, test } from "vitest";
import { checkEmpty } from "../support/fixtures.js";

test("C33 every child that was ever opened is still there, and goes with its parent", () => {
  using heap = new Heap();
  const parent = heap.open("parent");
  const children = Array.from({ length: 100 }, () => parent.open("child"));
  for (const child of children) child.alloc(8);
  expect(parent.stats().children.length).toBe(100);
  parent.drop();
  expect(children.every((child) => child.isDropped)).toBe(true);
  checkEmpty(heap);
});
