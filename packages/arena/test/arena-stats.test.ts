import { Arena, type ArenaStats } from "@perfloc/arena";
import { FailingSource, randomFrom } from "@perfloc-tooling/testkit";
import { expect, test } from "vitest";

function checkEquations(arena: Arena): ArenaStats {
  const stats = arena.stats();
  const held = arena.chunks.filter((chunk) => chunk.isHeld);
  const sum = (pick: (chunk: (typeof held)[number]) => number): number =>
    held.reduce((total, chunk) => total + pick(chunk), 0);
  expect(stats.heldBytes).toBe(stats.usedBytes + stats.freeBytes + stats.nullBytes);
  expect(stats.heldBytes).toBe(stats.reservedBytesTotal - stats.releasedBytesTotal);
  expect(stats.heldChunks).toBe(stats.chunksReserved - stats.chunksReleased);
  expect(stats.heldBytes).toBe(sum((chunk) => chunk.byteLength));
  expect(stats.usedBytes).toBe(sum((chunk) => chunk.usedBytes));
  expect(stats.freeBytes).toBe(sum((chunk) => chunk.freeBytes));
  // Page records of 32 bytes; this arena has no owner that keeps cells.
  expect(stats.planeBytes).toBe((stats.heldBytes / 4096) * 32);
  expect(stats.heldChunks).toBe(held.length);
  expect(stats.nullBytes).toBe(held.some((chunk) => chunk.base === 0) ? 4096 : 0);
  expect(stats.peakHeldBytes).toBeGreaterThanOrEqual(stats.heldBytes);
  expect(stats.peakUsedBytes).toBeGreaterThanOrEqual(stats.usedBytes);
  return stats;
}

test("A22 the equations hold through a load and its end, and peaks do not fall", () => {
  const random = randomFrom(7);
  const source = new FailingSource();
  using arena = new Arena({ source });
  let before = checkEquations(arena);
  const spans: number[] = [];
  for (let step = 0; step < 600; step++) {
    if (random() < (step < 300 ? 0.7 : 0.3))
      spans.push(arena.reserve(1 + Math.floor(random() * 50_000)));
    else if (spans.length > 0)
      arena.release(spans.splice(Math.floor(random() * spans.length), 1)[0] as number);
    for (const chunk of arena.chunks)
      if (chunk.usedBytes === 0 && random() < 0.1) arena.releaseChunk(chunk.index);
    const stats = checkEquations(arena);
    expect(stats.spanCount, `step ${step}`).toBe(spans.length);
    expect(stats.heldChunks).toBe(source.live.size);
    for (const name of [
      "peakHeldBytes",
      "peakUsedBytes",
      "chunksReserved",
      "chunksReleased",
    ] as const) {
      expect(stats[name]).toBeGreaterThanOrEqual(before[name]);
    }
    before = stats;
  }
  arena.dispose();
  expect(checkEquations(arena)).toMatchObject({
    heldBytes: 0,
    peakHeldBytes: before.peakHeldBytes,
  });
});

test("A22 peaks are of all time, not of the last growth", () => {
  using arena = new Arena();
  const spans = [arena.reserve(2 ** 20), arena.reserve(2 ** 20)];
  for (const span of spans) arena.release(span);
  for (const chunk of arena.chunks) arena.releaseChunk(chunk.index);
  arena.reserve(1);
  expect(arena.stats()).toMatchObject({ peakUsedBytes: 2 ** 21, peakHeldBytes: 3 * 2 ** 20 });
  expect(arena.stats()).toMatchObject({ usedBytes: 4096, heldBytes: 32_768 });
});

test("A22 stats is a snapshot: later calls do not change it", () => {
  using arena = new Arena();
  const before = arena.stats();
  const copy = { ...before };
  arena.reserve(1);
  expect(before).toEqual(copy);
});
