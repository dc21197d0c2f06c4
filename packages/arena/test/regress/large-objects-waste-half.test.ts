/*
 * A large object of 2^n bytes takes 2^n + 1 pages with its header. Each was placed in a block of 2^(n + 1), and the rest was too
 * short for the next one: 64 MiB in such objects held 158 MiB.
 */
import { Arena, PAGE_BYTES } from "@perfloc/arena";
import { expect, test } from "vitest";

test.each([16, 64, 256])("A7 spans of %i + 1 pages lie one behind the other", (pages) => {
  const arena = new Arena();
  const byteLength = (pages + 1) * PAGE_BYTES;
  let usedBytes = 0;
  for (; usedBytes < 64 * 2 ** 20; usedBytes += byteLength) arena.reserve(byteLength);
  const { heldBytes } = arena.stats();
  // Chunks of 32 MiB: one of them may have just begun.
  expect(heldBytes).toBeLessThan(usedBytes + 32 * 2 ** 20);
  const full = arena.chunks.filter((chunk) => chunk.byteLength === 32 * 2 ** 20).slice(0, -1);
  for (const chunk of full) expect(chunk.freeBytes).toBeLessThan(byteLength);
  arena.verify();
});

test("A7 A13 what is left between long spans serves them when it is long enough", () => {
  const arena = new Arena({ initialChunkBytes: 128 * PAGE_BYTES });
  const spans = [20, 30, 40].map((pages) => arena.reserve(pages * PAGE_BYTES));
  expect(spans.map((span) => span / PAGE_BYTES)).toEqual([1, 21, 51]);
  arena.release(spans[1]!);
  expect(arena.reserve(31 * PAGE_BYTES)).toBe(91 * PAGE_BYTES);
  expect(arena.reserve(17 * PAGE_BYTES)).toBe(21 * PAGE_BYTES);
  arena.verify();
});
