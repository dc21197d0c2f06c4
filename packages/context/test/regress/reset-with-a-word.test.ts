/*
 * `reset("keep")` dropped the children, without a word.
 */
import { Heap, InvalidOptionError, type ResetOptions } from "@perfloc/context";
import { expect, test } from "vitest";

test.each(["keep", 5, true, Symbol("s"), 1n])("C30 reset(%s) is refused", (options) => {
  using heap = new Heap();
  const context = heap.open("a");
  const child = context.open("kid");
  const address = context.alloc(8);
  expect(() => context.reset(options as unknown as ResetOptions)).toThrow(InvalidOptionError);
  expect(child.isDropped).toBe(false);
  expect(context.sizeOf(address)).toBe(16);
  context.reset({});
  expect(child.isDropped).toBe(true);
});
