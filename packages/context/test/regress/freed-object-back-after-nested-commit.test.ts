/*
 * An object that was freed under two marks, of which the inner one was committed, was live again after the rollback of a mark that was
 * made later, as far as its guards knew.
 */
import { DoubleFreeError, Heap, UseAfterFreeError } from "@perfloc/context";
import { expect, test } from "vitest";

test("C38 C72 C74 C75 an object that a nested commit freed again stays freed", () => {
  using heap = new Heap({ check: "debug" });
  const context = heap.open("marked");
  const address = context.alloc(32);
  const outer = context.checkpoint();
  const inner = context.checkpoint();
  context.free(address);
  context.commit(inner);
  context.rollback(context.checkpoint());
  expect(() => context.sizeOf(address)).toThrow(DoubleFreeError);
  expect(() => context.bytes(address, 8)).toThrow(UseAfterFreeError);
  expect(heap.report().sites).toHaveLength(0);
  heap.verify();
  context.rollback(outer);
  expect(context.sizeOf(address)).toBe(32);
  heap.verify();
});
