/*
 * A span of nine pages, as an object of 33,000 bytes needs it, was placed in a block of sixteen, and the seven pages behind it were too
 * short for the next one: half of a limit was the most that such objects reached.
 */
import { Arena, LimitExceededError, PAGE_BYTES } from "@perfloc/arena";
import { expect, test } from "vitest";

const MIB = 2 ** 20;

/** The share of `maxBytes` that spans of `pageCount` pages fill until the limit is reached. */
function reachedShare(pageCount: number, maxBytes: number): number {
  using arena = new Arena({ maxBytes });
  let usedBytes = 0;
  try {
    for (; ; usedBytes += pageCount * PAGE_BYTES) arena.reserve(pageCount * PAGE_BYTES);
  } catch (error) {
    expect(error).toBeInstanceOf(LimitExceededError);
  }
  arena.verify();
  expect(arena.stats()).toMatchObject({ usedBytes, heldBytes: maxBytes });
  return usedBytes / maxBytes;
}

// Each chunk loses less than one span at its end, and the first one the NULL page.
test.each([
  [3, 64, 0.998],
  [5, 64, 0.998],
  [9, 16, 0.98],
  [9, 64, 0.99],
  [10, 64, 0.99],
  [15, 64, 0.99],
  [17, 64, 0.99],
  [33, 64, 0.99],
])(
  "A7 A11 spans of %i pages fill a limit of %i MiB but for the ends of chunks",
  (pages, mib, share) => {
    expect(reachedShare(pages, mib * MIB)).toBeGreaterThanOrEqual(share);
  },
);

test("A7 spans of nine pages lie one behind the other, and what is left between two of them is used", () => {
  using arena = new Arena({ initialChunkBytes: 64 * PAGE_BYTES });
  const spans = Array.from({ length: 3 }, () => arena.reserve(33_000));
  expect(spans.map((span) => span / PAGE_BYTES)).toEqual([1, 10, 19]);
  arena.release(spans[1]!);
  // Five and four of the nine pages.
  expect(arena.reserve(5 * PAGE_BYTES)).toBe(10 * PAGE_BYTES);
  expect(arena.reserve(3 * PAGE_BYTES)).toBe(15 * PAGE_BYTES);
  expect(arena.reserve(PAGE_BYTES)).toBe(18 * PAGE_BYTES);
  expect(arena.reserve(33_000)).toBe(28 * PAGE_BYTES);
  arena.verify();
});

test("A7 A18 a span of nine pages that becomes shorter leaves the rest to others", () => {
  using arena = new Arena({ initialChunkBytes: 64 * PAGE_BYTES });
  const [first, second] = [arena.reserve(33_000), arena.reserve(33_000)];
  expect(arena.resize(first, 4 * PAGE_BYTES)).toBe(true);
  expect(arena.reserve(5 * PAGE_BYTES)).toBe(first + 4 * PAGE_BYTES);
  expect(arena.resize(first, 5 * PAGE_BYTES)).toBe(false);
  expect(arena.spanBytes(second)).toBe(9 * PAGE_BYTES);
  arena.verify();
});
