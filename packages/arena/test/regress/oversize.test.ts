// C original: a request longer than the next chunk made every doubling on the way, and left all of them empty.
import { Arena } from "@perfloc/arena";
import { FailingSource } from "@perfloc-tooling/testkit";
import { expect, test } from "vitest";

test.each([100_000, 1_000_000, 10_000_000, 100_000_000, 500_000_000])(
  "A8 A9 %i bytes are one chunk, from one request to the source",
  (byteLength) => {
    const source = new FailingSource();
    using arena = new Arena({ source });
    arena.reserve(10);
    arena.reserve(byteLength);
    arena.reserve(10);
    expect(source.acquireCount).toBe(2);
    expect(arena.stats()).toMatchObject({ heldChunks: 2, spanCount: 3 });
    expect(arena.stats().heldBytes).toBeLessThan(2 * byteLength + 32_768);
  },
);
