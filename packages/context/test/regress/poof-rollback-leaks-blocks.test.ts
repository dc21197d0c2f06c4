/*
 * poof #11: a rollback across a block boundary only moved the pointer back, and leaked the blocks behind it. bumpalo's checkpoints:
 * an older object that was reallocated after the mark died with the rollback.
 */
import { Heap } from "@perfloc/context";
import { expect, test } from "vitest";
import { allocMany, checkSound, fill, isFilled, kinds, optionsOf } from "../support/fixtures.js";

test.each(kinds)("C37 a rollback of a %s over many process chunks gives them back", (kind) => {
  using heap = new Heap();
  const context = heap.open("marked", optionsOf[kind]);
  allocMany(context, 30, 64);
  const before = heap.arena.stats();
  const mark = context.checkpoint();
  allocMany(context, 10_000, 64);
  context.rollback(mark);
  expect(heap.arena.stats().usedBytes).toBe(before.usedBytes);
  expect(heap.arena.stats().spanCount).toBe(before.spanCount);
  checkSound(heap);
});

test("C38 an object that was reallocated after the mark is there again after the rollback", () => {
  using heap = new Heap();
  const context = heap.open("marked");
  const address = context.alloc(64);
  fill(context, address, 64, 9);
  const mark = context.checkpoint();
  fill(context, context.realloc(address, 5000), 5000, 10);
  context.rollback(mark);
  expect(isFilled(context, address, 64, 9)).toBe(true);
  expect(context.sizeOf(address)).toBe(64);
  checkSound(heap);
});
