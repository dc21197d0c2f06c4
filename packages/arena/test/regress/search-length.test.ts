// C original: each allocation walked over all objects before it. The work is counted, not timed.
import { Arena } from "@perfloc/arena";
import { expect, test } from "vitest";

test("A7 reserve and release look at chunks, not at the spans in them", () => {
  using arena = new Arena({ initialChunkBytes: 2 ** 26 });
  const spans = Array.from({ length: 16_000 }, () => arena.reserve(4096));
  const chunk = arena.chunks[0] as (typeof arena.chunks)[number];
  const runAt = chunk.runAt.bind(chunk);
  let looks = 0;
  Object.defineProperty(chunk, "runAt", {
    value: (page: number) => {
      looks++;
      return runAt(page);
    },
  });
  const last = spans.at(-1) as number;
  for (let round = 0; round < 100; round++) {
    arena.release(last);
    expect(arena.reserve(4096)).toBe(last);
  }
  expect(looks).toBeLessThanOrEqual(200);
  expect(arena.stats().spanCount).toBe(16_000);
});
