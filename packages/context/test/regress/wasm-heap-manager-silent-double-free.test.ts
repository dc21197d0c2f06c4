/*
 * wasm-heap-manager 0.5.1: a second `free()` did nothing, silently, even after the memory had a new owner.
 */
import { DoubleFreeError, Heap, InvalidAddressError } from "@perfloc/context";
import { expect, test } from "vitest";
import { checkRefused } from "../support/fixtures.js";

test("C17, C18 a second free of a big object is an error before and after its pages have a new owner", () => {
  using heap = new Heap();
  const context = heap.open("twice");
  const other = heap.open("new owner");
  const address = context.alloc(50_000);
  const freeAgain = (): void => {
    context.free(address);
  };
  context.free(address);
  checkRefused(heap, freeAgain, DoubleFreeError, "PERFLOC_CONTEXT_DOUBLE_FREE");
  expect(other.alloc(50_000)).toBe(address);
  checkRefused(heap, freeAgain, InvalidAddressError, "PERFLOC_CONTEXT_INVALID_ADDRESS");
});
