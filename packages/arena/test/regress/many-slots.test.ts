// Perfloc itself, before its first release: giving a chunk back spread the slot table over a call's arguments, and with
// more slots than a call takes it threw half-way.
import { Arena } from "@perfloc/arena";
import { expect, test } from "vitest";

test("A9 A14 a chunk on a quarter of a million slots is given back", () => {
  using arena = new Arena({ initialChunkBytes: 4096, maxChunkBytes: 4096 });
  const span = arena.reserve(2 ** 30);
  arena.release(span);
  expect(arena.releaseChunk(arena.chunkAt(span).index)).toBe(2 ** 30);
  arena.verify();
  expect(arena.stats().heldBytes).toBe(0);
});
