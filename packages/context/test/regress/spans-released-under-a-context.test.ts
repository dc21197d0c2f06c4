/*
 * Perfloc: heap.arena.release() took a context's process chunk away, and the next context got the same addresses.
 */
import { Heap, InvalidAddressError } from "@perfloc/context";
import { expect, test } from "vitest";
import { checkRefused } from "../support/fixtures.js";

test("C5 nobody but its context releases or resizes a process chunk", () => {
  using heap = new Heap();
  const context = heap.open("owner");
  const span = context.alloc(8) - 16;
  const code = "PERFLOC_ARENA_OWNED";
  const error = checkRefused(heap, () => heap.arena.release(span), InvalidAddressError, code);
  expect(error.message).toContain(
    `belongs to context ${heap.arena.chunkAt(span).ownerAt(span)} of a heap`,
  );
  checkRefused(heap, () => heap.arena.resize(span, 8192), InvalidAddressError, code);
  expect(context.bytes(span + 16, 8)).toHaveLength(8);
});
