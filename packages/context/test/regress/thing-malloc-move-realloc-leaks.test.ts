/*
 * @thi.ng/malloc 6.1.150 (and its forks): a `realloc` that moved passed a block address where `free` wants a data address;
 * the old block leaked, and could still be freed by its owner.
 */
import { DoubleFreeError, Heap } from "@perfloc/context";
import { expect, test } from "vitest";
import { checkRefused, checkSound } from "../support/fixtures.js";

test("C20 a realloc that moves frees the old address: it serves again, and cannot be freed twice", () => {
  using heap = new Heap();
  const context = heap.open("moving");
  const old = context.alloc(64);
  context.alloc(64);
  const moved = context.realloc(old, 4000);
  expect(moved).not.toBe(old);
  expect(context.stats().liveObjects).toBe(2);
  checkRefused(
    heap,
    () => {
      context.free(old);
    },
    DoubleFreeError,
    "PERFLOC_CONTEXT_DOUBLE_FREE",
  );
  expect(context.alloc(64)).toBe(old);
  checkSound(heap);
});

test("C14, C20 10,000 moving reallocs do not grow", () => {
  using heap = new Heap();
  const context = heap.open("moving");
  const round = (): void => {
    const address = context.alloc(64);
    context.alloc(0);
    context.free(context.realloc(address, 4000));
    context.reset();
  };
  round();
  const before = heap.stats().usedBytes;
  for (let count = 0; count < 10_000; count++) round();
  expect(heap.stats().usedBytes).toBe(before);
});
