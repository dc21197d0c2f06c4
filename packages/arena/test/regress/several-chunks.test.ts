// C original: the top-chunk vector scaled its index twice, so that the second chunk was stored outside of its array.
import { Arena } from "@perfloc/arena";
import { expect, test } from "vitest";

test("A4 A14 the second and every later chunk is found, used and given back", () => {
  using arena = new Arena({ maxChunkBytes: 64 * 1024 });
  const spans = Array.from({ length: 40 }, () => arena.reserve(32 * 1024));
  expect(arena.chunks.length).toBeGreaterThan(16);
  arena.chunks.forEach((chunk, index) => {
    expect(chunk.index).toBe(index);
    expect(arena.chunkAt(Math.max(chunk.base, 1))).toBe(chunk);
    chunk.u32[1] = index;
  });
  arena.chunks.forEach((chunk, index) => expect(chunk.u32[1]).toBe(index));
  for (const span of spans) arena.release(span);
  for (const chunk of arena.chunks) expect(arena.releaseChunk(chunk.index)).toBeGreaterThan(0);
  arena.verify();
});
