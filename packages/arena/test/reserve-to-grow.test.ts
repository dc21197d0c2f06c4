import { Arena, LimitExceededError } from "@perfloc/arena";
import { expect, test } from "vitest";

const PAGE = 4096;
const OWNER = 3;

test("A42 the span begins the largest free block of all chunks, so that it can grow where it lies", () => {
  using arena = new Arena();
  arena.reserve(PAGE);
  const low = arena.reserve(16 * PAGE);
  // Chunks of 8, 16 and 32 pages; the last one has 24 free, of which 16 are a block.
  arena.reserve(8 * PAGE);
  const span = arena.spans.reserveToGrow(2, OWNER);
  const chunk = arena.chunkAt(span);
  expect(chunk.pageCount).toBe(32);
  expect(span).toBe(chunk.base + 16 * PAGE);
  expect(chunk.ownerAt(span + PAGE)).toBe(OWNER);
  expect(arena.spanBytes(span)).toBe(2 * PAGE);
  // Where reserve puts it: below, as far down as it can.
  expect(arena.spans.reserve(2, OWNER)).toBeLessThan(low);
  expect(arena.spans.resize(span, 16)).toBe(true);
  arena.verify();
});

test("A42 of blocks that are equally long it is the lowest", () => {
  using arena = new Arena({ initialChunkBytes: 32 * PAGE, maxChunkBytes: 32 * PAGE });
  const spans = [16, 32, 32].map((pages) => arena.reserve(pages * PAGE)) as [
    number,
    number,
    number,
  ];
  arena.release(spans[2]);
  arena.release(spans[1]);
  expect(arena.spans.reserveToGrow(1, OWNER)).toBe(spans[1]);
  arena.verify();
});

test("A7 A42 where no block has four times its pages free, it is reserved as any other", () => {
  using arena = new Arena();
  arena.reserve(PAGE);
  expect(arena.spans.reserveToGrow(1, OWNER)).toBe(4 * PAGE);
  expect(arena.spans.reserveToGrow(1, OWNER)).toBe(2 * PAGE);
  arena.verify();
});

test("A11 A42 an arena that has no chunk, or is full, takes one, and refuses at its limit", () => {
  using arena = new Arena({ maxBytes: 8 * PAGE });
  expect(arena.spans.reserveToGrow(4, OWNER)).toBe(4 * PAGE);
  arena.reserve(3 * PAGE);
  expect(() => arena.spans.reserveToGrow(1, OWNER)).toThrow(LimitExceededError);
  arena.verify();
});
