import {
  Arena,
  InvalidOptionError,
  InvalidSizeError,
  LimitExceededError,
  PAGE_BYTES,
} from "@perfloc/arena";
import { FailingSource } from "@perfloc-tooling/testkit";
import { describe, expect, test } from "vitest";
import { checkRefusal, heldLengths } from "./arena-state.js";

const KIB = 1024;

/** Chunks of 32, 64 and 128 KiB, of which the last two are empty. */
function withTwoEmptyChunks(options: { maxBytes?: number; source?: FailingSource } = {}): Arena {
  const arena = new Arena(options);
  arena.reserve(PAGE_BYTES);
  arena.release(arena.reserve(64 * KIB));
  const low = arena.reserve(64 * KIB);
  const high = arena.reserve(128 * KIB);
  arena.release(low);
  arena.release(high);
  expect(heldLengths(arena)).toEqual([32 * KIB, 64 * KIB, 128 * KIB]);
  return arena;
}

describe("setLimit", () => {
  test("A29 a lower limit takes nothing away, and refuses growth", () => {
    using arena = withTwoEmptyChunks();
    const span = arena.reserve(64 * KIB);
    arena.setLimit(32 * KIB);
    expect(arena.maxBytes).toBe(32 * KIB);
    expect(arena.stats().heldBytes).toBe(224 * KIB);
    arena.release(arena.reserve(128 * KIB));
    arena.release(span);
    checkRefusal(arena, LimitExceededError, () => arena.reserve(256 * KIB));
  });

  test("A29 a higher one lets it grow again", () => {
    using arena = new Arena({ maxBytes: 32 * KIB });
    checkRefusal(arena, LimitExceededError, () => arena.reserve(64 * KIB));
    arena.setLimit(1024 * KIB);
    expect(arena.reserve(64 * KIB)).toBe(32 * KIB);
  });

  test.each([0, -1, 1.5, Number.NaN, Infinity, 2 ** 32 + 1])("A25 A29 refuses %d", (maxBytes) => {
    using arena = new Arena();
    checkRefusal(arena, InvalidSizeError, () => arena.setLimit(maxBytes));
  });
});

describe("growth at the limit", () => {
  test("A11 gives the largest empty chunk back first, and only as much as it needs", () => {
    using arena = withTwoEmptyChunks({ maxBytes: 400 * KIB });
    arena.reserve(256 * KIB);
    expect(heldLengths(arena)).toEqual([32 * KIB, 64 * KIB, 256 * KIB]);
    arena.verify();
  });

  test("A11 goes on with the next largest, and passes over what is in use", () => {
    using arena = withTwoEmptyChunks({ maxBytes: 420 * KIB });
    arena.reserve(128 * KIB);
    arena.reserve(256 * KIB);
    expect(heldLengths(arena)).toEqual([32 * KIB, 128 * KIB, 256 * KIB]);
    arena.verify();
  });

  test("A11 of equally long chunks the higher goes first", () => {
    using arena = new Arena({ maxChunkBytes: 32 * KIB, maxBytes: 160 * KIB });
    const spans = [28, 32, 32, 32].map((kib) => arena.reserve(kib * KIB));
    for (const span of spans) arena.release(span);
    arena.reserve(64 * KIB);
    expect(heldLengths(arena)).toEqual([32 * KIB, 32 * KIB, 32 * KIB, 64 * KIB]);
    arena.verify();
  });

  test("A11 gives nothing back when all of it would not be enough", () => {
    using arena = withTwoEmptyChunks({ maxBytes: 256 * KIB });
    checkRefusal(arena, LimitExceededError, () => arena.reserve(256 * KIB));
    expect(arena.stats().releasedBytesTotal).toBe(0);
  });

  test("A11 a source that refuses to take memory back leaves the limit in force", () => {
    const source = new FailingSource();
    const arena = withTwoEmptyChunks({ maxBytes: 400 * KIB, source });
    source.refusesRelease = true;
    const before = source.live.size;
    // 80 KiB have to go, and 192 KiB are empty.
    checkRefusal(arena, LimitExceededError, () => arena.reserve(200 * KIB));
    expect(source.live.size).toBe(before);
    source.refusesRelease = false;
    arena.reserve(200 * KIB);
    expect(heldLengths(arena)).toEqual([32 * KIB, 64 * KIB, 256 * KIB]);
    arena.dispose();
    expect(source.live.size).toBe(0);
  });
});

describe("watchChunks", () => {
  test("A30 is called when a chunk is taken, new or again", () => {
    using arena = new Arena();
    let calls = 0;
    arena.release(arena.reserve(1));
    arena.releaseChunk(0);
    arena.watchChunks(() => calls++);
    arena.reserve(1);
    expect(calls).toBe(1);
    arena.reserve(100_000);
    expect(calls).toBe(2);
    arena.reserve(1);
    expect(calls).toBe(2);
  });

  test("A30 is called for each release that empties a chunk, and for no other", () => {
    using arena = new Arena();
    arena.release(arena.reserve(1));
    let calls = 0;
    const stop = arena.watchChunks(() => calls++);
    const [first, second] = [arena.reserve(1), arena.reserve(1)];
    arena.release(first);
    expect(calls).toBe(0);
    arena.release(second);
    expect(calls).toBe(1);
    arena.release(arena.reserve(1));
    expect(calls).toBe(2);
    stop();
    stop();
    arena.release(arena.reserve(1));
    expect(calls).toBe(2);
  });

  test("A30 the same function registered twice is two listeners", () => {
    using arena = new Arena();
    let calls = 0;
    const listener = (): void => void calls++;
    const stop = arena.watchChunks(listener);
    arena.watchChunks(listener);
    stop();
    arena.release(arena.reserve(1));
    expect(calls).toBe(2);
  });

  test("A25 A30 refuses what is no function", () => {
    using arena = new Arena();
    checkRefusal(arena, InvalidOptionError, () => arena.watchChunks(undefined as never));
  });
});

test("A31 spansCut tells an idle chunk from one that was used meanwhile", () => {
  using arena = new Arena();
  arena.release(arena.reserve(1));
  const chunk = arena.chunks[0]!;
  expect(chunk.spansCut).toBe(1);
  arena.releaseChunk(0);
  arena.release(arena.reserve(1));
  expect(chunk.spansCut).toBe(2);
});
