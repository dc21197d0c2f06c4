/*
 * A source of planes that used the arena while it was asked for planes could leave shorter ones than the outer call had promised.
 */
import { Arena, OutOfMemoryError } from "@perfloc/arena";
import { CELLS_FLAG } from "@perfloc/arena/internal";
import { expect, test } from "vitest";
import { SourceOnRecord } from "../planes-on-record.js";

const PAGE = 4096;
const MIB = 2 ** 20;

test("A2 A38 a call that needs no new planes gets a span of its own", () => {
  const source = new SourceOnRecord();
  const arena = new Arena({ source });
  const spans = [arena.reserve(PAGE)];
  source.planes.onAcquire = () => {
    source.planes.onAcquire = () => undefined;
    spans.push(arena.reserve(PAGE));
  };
  spans.push(arena.reserve(1 * MIB));
  expect(new Set(spans).size).toBe(3);
  expect(arena.stats()).toMatchObject({ spanCount: 3, heldChunks: 2 });
  arena.verify();
});

test.each(["onAcquire", "onRelease"] as const)(
  "A38 one that needs new planes is refused, in %s",
  (moment) => {
    const source = new SourceOnRecord();
    const arena = new Arena({ source });
    arena.reserve(PAGE);
    let refusal: unknown;
    source.planes[moment] = () => {
      source.planes[moment] = () => undefined;
      try {
        arena.reserve(64 * MIB);
      } catch (error) {
        refusal = error;
      }
    };
    const span = arena.reserve(1 * MIB);
    expect(refusal).toBeInstanceOf(OutOfMemoryError);
    expect(arena.spanBytes(span)).toBe(1 * MIB);
    arena.verify();
    expect([source.live.size, source.planes.live.size]).toEqual([2, 2]);
    arena.dispose();
    expect([source.live.size, source.planes.live.size]).toEqual([0, 0]);
  },
);

test("A38 A39 chunks that are released meanwhile leave the planes as long as they have to be", () => {
  const source = new SourceOnRecord();
  const arena = new Arena({ source });
  const long = arena.spans.reserve((8 * MIB) / PAGE, 1 | CELLS_FLAG);
  arena.spans.release(long);
  source.planes.onRelease = () => {
    source.planes.onRelease = () => undefined;
    arena.releaseChunk(arena.chunkAt(long).index);
  };
  const span = arena.reserve(16 * MIB);
  expect(arena.planes.coveredBytes).toBeGreaterThanOrEqual(span + 16 * MIB);
  arena.verify();
});

test("A23 A38 a chunk that the source of planes reserves meanwhile is no other one", () => {
  const source = new SourceOnRecord();
  const arena = new Arena({ source });
  arena.reserve(8 * MIB);
  arena.reserve(1 * MIB);
  const spans: number[] = [];
  source.planes.onAcquire = () => {
    source.planes.onAcquire = () => undefined;
    // Below what the planes cover already.
    spans.push(arena.reserve(4 * MIB));
  };
  spans.push(arena.reserve(16 * MIB));
  expect(arena.chunkAt(spans[0] as number)).not.toBe(arena.chunkAt(spans[1] as number));
  arena.verify();
  expect(source.live.size).toBe(arena.stats().heldChunks);
});
