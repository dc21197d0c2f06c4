import { Arena, PAGE_BYTES } from "@perfloc/arena";
import { randomFrom } from "@perfloc-tooling/testkit";
import { expect, test } from "vitest";

/** An arena with one chunk of `pageCount` pages, of which page 0 is NULL. */
function oneChunk(pageCount: number): Arena {
  return new Arena({ initialChunkBytes: pageCount * PAGE_BYTES, maxBytes: pageCount * PAGE_BYTES });
}

/** Page numbers that spans of these lengths get, one after the other. */
function placed(arena: Arena, pageCounts: readonly number[]): number[] {
  return pageCounts.map((pages) => arena.reserve(pages * PAGE_BYTES) / PAGE_BYTES);
}

/** -1, once the arena has refused a run. */
function refusedAt(arena: Arena, pageCount: number): number {
  expect(() => placed(arena, [pageCount])).toThrow("exceeds the limit");
  return -1;
}

test("A7 a run that is no power of two lies in the lowest free pages, others in aligned blocks", () => {
  using arena = oneChunk(16);
  expect(placed(arena, [3, 1, 5, 1, 2, 1])).toEqual([1, 4, 5, 10, 12, 11]);
  // Two single pages are left, behind the runs of two.
  expect(placed(arena, [1, 1])).toEqual([14, 15]);
  expect(arena.stats().freeBytes).toBe(0);
  arena.verify();
});

test("A7 every block of a full chunk is found again, lowest first", () => {
  using arena = oneChunk(64);
  const spans = Array.from({ length: 63 }, () => arena.reserve(1));
  for (const span of spans.toReversed()) {
    arena.release(span);
    expect(arena.reserve(1)).toBe(span);
  }
  for (const page of [40, 12, 13, 55, 14, 15]) arena.release(page * PAGE_BYTES);
  expect(placed(arena, [4, 1, 1])).toEqual([12, 40, 55]);
  arena.verify();
});

test("A13 after any order of releases the longest block is free again", () => {
  const seed = 20_261_123;
  const random = randomFrom(seed);
  using arena = oneChunk(64);
  for (let round = 0; round < 200; round++) {
    const spans: number[] = [];
    while (arena.stats().freeBytes >= 32 * PAGE_BYTES) {
      spans.push(arena.reserve(1 + Math.floor(random() * 8 * PAGE_BYTES)));
    }
    while (spans.length > 0) {
      const [span] = spans.splice(Math.floor(random() * spans.length), 1) as [number];
      arena.release(span);
    }
    arena.verify();
    const half = arena.reserve(32 * PAGE_BYTES);
    expect(half, `seed ${seed}, round ${round}`).toBe(32 * PAGE_BYTES);
    arena.release(half);
  }
});

test("A9 a chunk that is no power of two long has all of its pages, and not one more", () => {
  using arena = new Arena({ initialChunkBytes: 2 * PAGE_BYTES, maxChunkBytes: 2 * PAGE_BYTES });
  const span = arena.reserve(13 * PAGE_BYTES);
  const chunk = arena.chunkAt(span);
  arena.release(span);
  const pages = Array.from({ length: 13 }, () => arena.reserve(1));
  expect(pages).toEqual(pages.map((_, page) => chunk.base + page * PAGE_BYTES));
  expect(chunk.freeBytes).toBe(0);
  expect(arena.chunkAt(arena.reserve(1))).not.toBe(chunk);
  arena.verify();
});

test("A7 a run that is no power of two lies in the lowest pages that are free together, whichever blocks they are in", () => {
  const seed = 20_261_124;
  const random = randomFrom(seed);
  for (let round = 0; round < 100; round++) {
    using arena = oneChunk(128);
    const spans = Array.from({ length: 127 }, () => arena.reserve(1));
    const taken = [true, ...spans.map(() => random() < 0.03)];
    for (const span of spans) if (taken[span / PAGE_BYTES] === false) arena.release(span);
    const length = [3, 5, 9, 17, 18, 23, 31, 33, 40][round % 9]!;
    const expected = taken.findIndex(
      (_, first) => first + length <= 128 && !taken.slice(first, first + length).includes(true),
    );
    const found = expected < 0 ? refusedAt(arena, length) : placed(arena, [length])[0];
    expect({ seed, round, length, found }).toEqual({ seed, round, length, found: expected });
    arena.verify();
  }
});
