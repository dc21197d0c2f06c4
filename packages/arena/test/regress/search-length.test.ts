// C original: each allocation walked over all objects before it. The work is counted, not timed.
import { Arena } from "@perfloc/arena";
import { PAGE_WORDS } from "@perfloc/arena/internal";
import { expect, test } from "vitest";

test("A7 reserve and release look at chunks, not at the spans in them", () => {
  using arena = new Arena({ initialChunkBytes: 2 ** 26 });
  const spans = Array.from({ length: 16_000 }, () => arena.reserve(4096));
  const chunk = arena.chunks[0] as (typeof arena.chunks)[number];
  let looks = 0;
  let buddy = chunk.buddy;
  Object.defineProperty(chunk, "buddy", {
    get: () => {
      looks++;
      return buddy;
    },
    set: (value: typeof buddy) => {
      buddy = value;
    },
  });
  const records = arena.planes.pages;
  const reads = new Set<PropertyKey>();
  const counted = new Proxy(records, {
    get(target, index) {
      reads.add(index);
      return Reflect.get(target, index, target) as unknown;
    },
  });
  arena.planes.pages = counted;
  const last = spans.at(-1) as number;
  for (let round = 0; round < 100; round++) {
    arena.release(last);
    expect(arena.reserve(4096)).toBe(last);
  }
  arena.planes.pages = records;
  expect(looks).toBeLessThanOrEqual(1000);
  // Words of the record of one page.
  expect(reads.size).toBeLessThanOrEqual(PAGE_WORDS);
  expect(arena.stats().spanCount).toBe(16_000);
});
