/*
 * PostgreSQL asserts only that a context is not made its own parent; a loop over two steps passes and hangs the next walk.
 */
import { Heap, InvalidParentError } from "@perfloc/context";
import { expect, test } from "vitest";
import { checkRefused, checkSound } from "../support/fixtures.js";

test("C36 a loop over many steps is refused", () => {
  using heap = new Heap();
  const top = heap.open("top");
  let bottom = top;
  for (let depth = 0; depth < 100; depth++) bottom = bottom.open("below");
  checkRefused(
    heap,
    () => {
      top.setParent(bottom);
    },
    InvalidParentError,
    "PERFLOC_CONTEXT_INVALID_PARENT",
  );
  expect(bottom.stats().level).toBe(101);
  checkSound(heap);
});
