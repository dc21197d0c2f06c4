/*
 * Perfloc: at the limit reserve() gives empty chunks back. A source that reserved a span in the next of them while it took the
 * first one back made reserve() throw ChunkInUseError.
 */
import { Arena, LimitExceededError, PAGE_BYTES } from "@perfloc/arena";
import { FailingSource } from "@perfloc-tooling/testkit";
import { expect, test } from "vitest";

const KIB = 1024;

/** Chunks of 32 KiB, 64 KiB and 128 KiB, all of them empty. */
function threeEmptyChunks(source: FailingSource, maxBytes: number): Arena {
  const arena = new Arena({ source, maxBytes });
  const spans = [PAGE_BYTES, 64 * KIB, 128 * KIB].map((byteLength) => arena.reserve(byteLength));
  for (const span of spans) arena.release(span);
  return arena;
}

test("A11 A26 a source that reserves while it releases costs the chunk that it took, and no other error", () => {
  const source = new FailingSource();
  const arena = threeEmptyChunks(source, 300 * KIB);
  const release = source.release.bind(source);
  const spans: number[] = [];
  source.release = (range) => {
    if (spans.length === 0) spans.push(arena.reserve(64 * KIB));
    release(range);
  };
  // The largest goes, the next was taken meanwhile, the last alone is not enough.
  expect(() => arena.reserve(256 * KIB)).toThrow(LimitExceededError);
  expect(spans).toEqual([32 * KIB]);
  arena.verify();
  expect(arena.stats()).toMatchObject({ usedBytes: 64 * KIB, spanCount: 1 });
  source.release = release;
  arena.setLimit(2 ** 20);
  expect(arena.reserve(256 * KIB)).toBeGreaterThan(0);
  arena.dispose();
  expect(source.live.size).toBe(0);
});

test("A11 an error that is not the source's passes through", () => {
  const arena = threeEmptyChunks(new FailingSource(), 300 * KIB);
  arena.watchHeld(() => {
    throw new TypeError("not the source's");
  });
  expect(() => arena.reserve(256 * KIB)).toThrow(TypeError);
  arena.verify();
});
