/*
 * Perfloc: the mark that a freed big object leaves for telling a double free was cleared only where the next span began. Inside of a
 * longer span, or one that grew over it, it stayed: verify() saw corruption, and a free of that inside address was called a
 * double free.
 */
import { Heap, InvalidAddressError, type MemoryContext } from "@perfloc/context";
import { expect, test } from "vitest";
import { allocMany, checkRefused, checkSound } from "../support/fixtures.js";

/** Leaves marks of freed big objects on free pages. */
function leaveMarks(heap: Heap): number[] {
  const context = heap.open("before");
  const addresses = allocMany(context, 12, 40_000);
  for (const address of addresses) context.free(address);
  return addresses;
}

function checkInsides(heap: Heap, context: MemoryContext, insides: readonly number[]): void {
  for (const inside of insides) {
    checkRefused(
      heap,
      () => {
        context.free(inside);
      },
      InvalidAddressError,
      "PERFLOC_CONTEXT_INVALID_ADDRESS",
    );
  }
}

test("C17, C18 a big object grows in place over where another one was", () => {
  using heap = new Heap({ initialChunkBytes: 2 ** 20 });
  const context = heap.open("growing");
  const first = context.alloc(65_520);
  const second = context.alloc(65_520);
  context.free(second);
  expect(context.realloc(first, 131_000)).toBe(first);
  checkSound(heap);
  checkInsides(heap, context, [second]);
});

test("C17, C18 a longer big object covers where others were", () => {
  using heap = new Heap({ initialChunkBytes: 2 ** 20 });
  const marks = leaveMarks(heap);
  const context = heap.open("covering");
  const big = context.alloc(300_000);
  checkSound(heap);
  const insides = marks.filter((mark) => mark > big && mark < big + 300_000);
  expect(insides.length).toBeGreaterThan(0);
  checkInsides(heap, context, insides);
});

test.each(["allocset", "bump"] as const)(
  "C51 small objects cover where big ones were, after a %s had the pages",
  (kind) => {
    using heap = new Heap({ initialChunkBytes: 2 ** 20 });
    leaveMarks(heap);
    const between = heap.open("between", { kind, initialBytes: 2 ** 19 });
    allocMany(between, 2000, 200);
    checkSound(heap);
    between.drop();
    const context = heap.open("after", { initialBytes: 2 ** 19 });
    const addresses = allocMany(context, 2000, 200);
    checkSound(heap);
    for (const address of addresses) context.free(address);
    checkSound(heap);
  },
);
