import {
  Arena,
  ChunkInUseError,
  InvalidAddressError,
  LimitExceededError,
  OutOfMemoryError,
  PAGE_BYTES,
  ReleaseFailedError,
  UseAfterDropError,
} from "@perfloc/arena";
import { FailingSource } from "@perfloc-tooling/testkit";
import { describe, expect, test } from "vitest";
import { checkRefusal, errorOf, heldBases, heldLengths, stateOf } from "./arena-state.js";

const KIB = 1024;
const MIB = 1024 * KIB;

/** Reserves spans of `byteLength` until `chunkCount` chunks have been taken. */
function fill(arena: Arena, chunkCount: number, byteLength: number): number[] {
  const spans: number[] = [];
  while (arena.stats().chunksReserved < chunkCount) spans.push(arena.reserve(byteLength));
  return spans;
}

/** Refuses whatever is longer than `longestBytes`, and writes down what was asked for. */
class ShortSource extends FailingSource {
  readonly asked: number[] = [];
  longestBytes: number;

  constructor(longestBytes: number) {
    super();
    this.longestBytes = longestBytes;
  }

  override acquire(byteLength: number): { buffer: ArrayBufferLike; byteOffset: number } {
    this.asked.push(byteLength);
    if (byteLength > this.longestBytes) throw new RangeError("too long");
    return super.acquire(byteLength);
  }
}

describe("addresses", () => {
  test("A1 page 0 is never handed out, however full the arena is", () => {
    using arena = new Arena({ initialChunkBytes: 8 * PAGE_BYTES, maxBytes: 8 * PAGE_BYTES });
    const spans = Array.from({ length: 7 }, () => arena.reserve(1));
    expect(spans).toEqual([1, 2, 3, 4, 5, 6, 7].map((page) => page * PAGE_BYTES));
    checkRefusal(arena, LimitExceededError, () => arena.reserve(1));
    for (const span of spans) arena.release(span);
    // The longest that slot 0 can hold begins behind its first half.
    expect(arena.reserve(4 * PAGE_BYTES)).toBe(4 * PAGE_BYTES);
    expect(arena.stats().nullBytes).toBe(PAGE_BYTES);
  });

  test("A1 a chunk of one page in slot 0 would be all NULL: the first span goes to slot 1", () => {
    using arena = new Arena({ initialChunkBytes: PAGE_BYTES });
    expect(arena.reserve(1)).toBe(PAGE_BYTES);
    expect(heldLengths(arena)).toEqual([2 * PAGE_BYTES]);
    expect(arena.stats().nullBytes).toBe(0);
    arena.verify();
  });

  test.each([1, 10, 4095, 4096, 4097, 10_000, 28_672])(
    "A2 a span of %i bytes is the fewest whole pages",
    (byteLength) => {
      using arena = new Arena();
      const span = arena.reserve(byteLength);
      expect(span % PAGE_BYTES).toBe(0);
      expect(arena.spanBytes(span)).toBe(Math.ceil(byteLength / PAGE_BYTES) * PAGE_BYTES);
      expect(arena.stats().usedBytes).toBe(arena.spanBytes(span));
    },
  );

  test("A4 chunkAt and findChunk agree at both ends of every chunk", () => {
    using arena = new Arena({ maxChunkBytes: 128 * KIB });
    fill(arena, 5, 16 * KIB);
    for (const chunk of arena.chunks) {
      const last = chunk.base + chunk.byteLength - 1;
      for (const address of [Math.max(chunk.base, 1), chunk.base + 12_345, last]) {
        expect(arena.chunkAt(address)).toBe(chunk);
        expect(arena.findChunk(address)).toBe(chunk);
      }
    }
    const end = Math.max(...arena.chunks.map((chunk) => chunk.base + chunk.byteLength));
    expect(arena.findChunk(end)).toBeUndefined();
    expect(errorOf(InvalidAddressError, () => arena.chunkAt(end)).address).toBe(end);
    expect(arena.findChunk(0)).toBeUndefined();
    expect(errorOf(InvalidAddressError, () => arena.chunkAt(0)).message).toContain("NULL");
  });

  test("A4 behind the end of a chunk that is shorter than its slot lies nothing", () => {
    using arena = new Arena({ initialChunkBytes: 64 * KIB, maxBytes: 16 * KIB });
    const span = arena.reserve(8 * KIB);
    expect(arena.chunkAt(span).byteLength).toBe(16 * KIB);
    expect(arena.findChunk(16 * KIB)).toBeUndefined();
    expect(arena.findChunk(16 * KIB - 1)).toBe(arena.chunkAt(span));
  });
});

describe("growth", () => {
  test("A5 an arena holds nothing before the first reserve", () => {
    const source = new FailingSource();
    using arena = new Arena({ source });
    expect(arena.source).toBe(source);
    expect(arena.chunks).toEqual([]);
    expect(arena.stats()).toMatchObject({ heldBytes: 0, usedBytes: 0, freeBytes: 0, nullBytes: 0 });
    expect(source.acquireCount).toBe(0);
    arena.verify();
  });

  test("A6 chunks double from 32 KiB to the cap of 32 MiB and stay there", () => {
    using arena = new Arena();
    fill(arena, 1, PAGE_BYTES);
    fill(arena, 2, PAGE_BYTES);
    fill(arena, 14, 64 * KIB);
    const expected = Array.from({ length: 14 }, (_, k) => Math.min(32 * KIB * 2 ** k, 32 * MIB));
    expect(heldLengths(arena)).toEqual(expected);
    expect(expected.slice(-3)).toEqual([32 * MIB, 32 * MIB, 32 * MIB]);
    arena.verify();
  });

  test("A7 a span goes to the lowest chunk with room, not to the newest", () => {
    using arena = new Arena();
    const spans = fill(arena, 4, PAGE_BYTES);
    const inSecond = spans.find((span) => arena.chunkAt(span).index === 1) as number;
    const inFirst = spans[3] as number;
    arena.release(inSecond);
    arena.release(inFirst);
    expect(arena.reserve(1)).toBe(inFirst);
    expect(arena.reserve(1)).toBe(inSecond);
    expect(arena.chunkAt(arena.reserve(1)).index).toBe(3);
  });

  test("A7 low chunks that are drained fill again before the high ones, which drain", () => {
    using arena = new Arena();
    const spans = fill(arena, 6, PAGE_BYTES);
    for (const span of spans) if (arena.chunkAt(span).index < 3) arena.release(span);
    const held = arena.stats().heldBytes;
    for (const chunk of [0, 1, 2]) {
      const free = (arena.chunks[chunk]?.freeBytes ?? 0) / PAGE_BYTES;
      for (let page = 0; page < free; page++)
        expect(arena.chunkAt(arena.reserve(1)).index).toBe(chunk);
    }
    expect(arena.stats().heldBytes).toBe(held);
  });

  test("A8 10 B, 1 MB, 10 B: one step, and the slots below serve what comes later", () => {
    using arena = new Arena();
    const first = arena.reserve(10);
    const long = arena.reserve(1_000_000);
    const second = arena.reserve(10);
    expect(heldLengths(arena)).toEqual([32 * KIB, MIB]);
    expect(arena.chunkAt(second)).toBe(arena.chunkAt(first));
    expect(arena.chunkAt(long).base).toBe(31 * 32 * KIB);
    // Growth goes on where it was, and never had to pass the long one.
    arena.reserve(64 * KIB);
    arena.reserve(128 * KIB);
    expect(heldLengths(arena)).toEqual([32 * KIB, MIB, 64 * KIB, 128 * KIB]);
    arena.verify();
  });

  test("A8 half of slot 0 is the longest that it serves", () => {
    using arena = new Arena();
    arena.reserve(16 * KIB + 1);
    expect(heldLengths(arena)).toEqual([64 * KIB]);
    arena.reserve(16 * KIB);
    arena.reserve(16 * KIB);
    expect(heldLengths(arena)).toEqual([64 * KIB]);
    expect(arena.reserve(16 * KIB)).toBe(16 * KIB);
    expect(heldBases(arena)).toEqual([32 * KIB, 0]);
  });

  test("A9 a span beyond the cap gets a chunk of its length, and the same chunk when asked again", () => {
    using arena = new Arena();
    const byteLength = 300_000_000;
    const span = arena.reserve(byteLength);
    const chunk = arena.chunkAt(span);
    const pageBytes = Math.ceil(byteLength / PAGE_BYTES) * PAGE_BYTES;
    expect(heldLengths(arena)).toEqual([pageBytes]);
    expect(arena.chunkAt(span + byteLength - 1)).toBe(chunk);
    chunk.u8[span - chunk.base + byteLength - 1] = 7;
    arena.verify();
    arena.release(span);
    expect(arena.reserve(byteLength)).toBe(span);
    expect(arena.reserve(1)).toBe(PAGE_BYTES);
    expect(heldLengths(arena)).toEqual([pageBytes, 32 * KIB]);
    arena.release(span);
    expect(arena.releaseChunk(chunk.index)).toBe(pageBytes);
    expect(arena.reserve(byteLength)).toBe(span);
    expect(arena.chunks).toHaveLength(2);
    arena.verify();
  });

  test("A9 an empty chunk of its own length serves shorter spans", () => {
    using arena = new Arena({ initialChunkBytes: 8 * KIB, maxChunkBytes: 16 * KIB });
    const span = arena.reserve(100 * KIB);
    arena.release(span);
    expect(arena.reserve(70 * KIB)).toBe(span);
    expect(arena.stats().heldBytes).toBe(100 * KIB);
    const behind = arena.reserve(16 * KIB);
    expect(arena.chunkAt(behind)).toBe(arena.chunkAt(span));
    arena.verify();
  });

  test("A9 its slots are taken: others grow around it, and into its place when it is gone", () => {
    using arena = new Arena({ initialChunkBytes: 16 * KIB, maxChunkBytes: 16 * KIB });
    const long = arena.reserve(40 * KIB);
    expect(arena.chunkAt(long).base).toBe(16 * KIB);
    const behind = arena.reserve(16 * KIB);
    expect(behind).toBe(64 * KIB);
    arena.release(long);
    arena.releaseChunk(arena.chunkAt(long).index);
    expect([1, 2, 3].map(() => arena.reserve(16 * KIB))).toEqual(
      [16, 32, 48].map((kib) => kib * KIB),
    );
    arena.verify();
    expect(arena.stats().heldBytes).toBe(64 * KIB);
  });

  test("A10 what the source refuses is asked for by halves", () => {
    const source = new ShortSource(5 * MIB);
    using arena = new Arena({ initialChunkBytes: 64 * MIB, source });
    arena.reserve(PAGE_BYTES);
    expect(source.asked.map((bytes) => bytes / MIB)).toEqual([64, 32, 16, 8, 4]);
    expect(heldLengths(arena)).toEqual([4 * MIB]);
    arena.verify();
    // The next one is a chunk of the next slot, by halves again.
    arena.reserve(4 * MIB);
    expect(heldBases(arena)).toEqual([0, 64 * MIB]);
    arena.verify();
  });

  test("A10 below 1 MiB, and below what the span needs, nothing is tried", () => {
    const source = new ShortSource(0);
    using arena = new Arena({ initialChunkBytes: 4 * MIB, source });
    checkRefusal(arena, OutOfMemoryError, () => arena.reserve(1));
    expect(source.asked.map((bytes) => bytes / MIB)).toEqual([4, 2, 1]);
    source.asked.length = 0;
    checkRefusal(arena, OutOfMemoryError, () => arena.reserve(MIB + 1));
    expect(source.asked.map((bytes) => bytes / MIB)).toEqual([4]);
    using small = new Arena({ initialChunkBytes: 512 * KIB, source });
    source.asked.length = 0;
    checkRefusal(small, OutOfMemoryError, () => small.reserve(1));
    expect(source.asked).toHaveLength(1);
  });

  test("A11 the limit is exact: what fits up to it is held, one page more is refused", () => {
    using arena = new Arena({ maxBytes: 96 * KIB });
    const spans = [arena.reserve(16 * KIB), arena.reserve(64 * KIB)];
    expect(arena.stats().heldBytes).toBe(96 * KIB);
    while (arena.stats().freeBytes > 0) spans.push(arena.reserve(1));
    const error = checkRefusal(arena, LimitExceededError, () => arena.reserve(1));
    expect(error).toMatchObject({
      code: "PERFLOC_ARENA_LIMIT",
      requestedBytes: PAGE_BYTES,
      heldBytes: 96 * KIB,
      usedBytes: 92 * KIB,
      limitBytes: 96 * KIB,
    });
    expect(error.cause).toBeUndefined();
    expect(error.report).toBe(arena.describe().split("\n")[0]);
    arena.release(spans[0] as number);
    expect(arena.reserve(1)).toBe(spans[0]);
  });

  test("A11 near the limit chunks are as long as the halves of their slot allow", () => {
    using arena = new Arena({ maxBytes: 32 * KIB + 20_000 });
    fill(arena, 2, PAGE_BYTES);
    // 20,000 bytes are left: a quarter of the slot of 64 KiB fits, and then not even a page.
    expect(heldLengths(arena)).toEqual([32 * KIB, 16 * KIB]);
    while (arena.stats().freeBytes > 0) arena.reserve(1);
    checkRefusal(arena, LimitExceededError, () => arena.reserve(1));
  });

  test("A11 the first slot is passed over when the NULL page makes it too long for the limit", () => {
    using arena = new Arena({ maxBytes: PAGE_BYTES });
    expect(arena.reserve(1)).toBe(32 * KIB);
    checkRefusal(arena, LimitExceededError, () => arena.reserve(1));
    using two = new Arena({ maxBytes: 2 * PAGE_BYTES });
    expect(two.reserve(1)).toBe(PAGE_BYTES);
    checkRefusal(two, LimitExceededError, () => two.reserve(1));
  });

  test("A11 a released chunk makes room under the limit", () => {
    using arena = new Arena({ maxBytes: 96 * KIB });
    const long = arena.reserve(64 * KIB);
    checkRefusal(arena, LimitExceededError, () => arena.reserve(64 * KIB));
    arena.release(long);
    expect(arena.releaseChunk(0)).toBe(64 * KIB);
    expect(arena.reserve(64 * KIB)).toBe(long);
  });

  test("A12 a source that gives little at once is never asked for more", () => {
    const source = new ShortSource(Infinity);
    const capabilities = { ...source.capabilities, maxByteLength: 2_500_000 };
    using arena = new Arena({ source: Object.assign(source, { capabilities }) });
    fill(arena, 9, 64 * KIB);
    expect(Math.max(...source.asked)).toBeLessThanOrEqual(2_500_000);
    expect(Math.max(...heldLengths(arena))).toBe(2 * MIB);
    arena.verify();
    const error = checkRefusal(arena, Error, () => arena.reserve(4 * MIB));
    expect(error.cause).toBeInstanceOf(RangeError);
  });

  test("A12 a range is the chunk and no more: its tables are elsewhere", () => {
    const source = new ShortSource(Infinity);
    using arena = new Arena({ source });
    arena.reserve(1);
    arena.reserve(64 * KIB);
    expect(source.asked).toEqual([32 * KIB, 64 * KIB]);
  });
});

describe("giving back", () => {
  test("A13 released pages merge, whatever the order, and stay held", () => {
    for (const order of [
      [0, 1, 2, 3],
      [3, 2, 1, 0],
      [0, 2, 1, 3],
      [1, 3, 0, 2],
    ]) {
      using arena = new Arena({ initialChunkBytes: 64 * KIB });
      const spans = [0, 1, 2, 3].map(() => arena.reserve(8 * KIB));
      for (const position of order) {
        arena.release(spans[position] as number);
        arena.verify();
      }
      expect(arena.stats()).toMatchObject({ heldBytes: 64 * KIB, usedBytes: 0, spanCount: 0 });
      expect(arena.reserve(32 * KIB)).toBe(32 * KIB);
    }
  });

  test("A13 only the beginning of a span can be released, and only once", () => {
    using arena = new Arena();
    const span = arena.reserve(3 * PAGE_BYTES);
    for (const address of [span + 1, span + 8, span + PAGE_BYTES, span + 3 * PAGE_BYTES]) {
      const error = checkRefusal(arena, InvalidAddressError, () => arena.release(address));
      expect(error).toMatchObject({ code: "PERFLOC_ARENA_INVALID_ADDRESS", address });
    }
    arena.release(span);
    checkRefusal(arena, InvalidAddressError, () => arena.release(span));
    checkRefusal(arena, InvalidAddressError, () => arena.spanBytes(span));
    checkRefusal(arena, InvalidAddressError, () => arena.resize(span, 1));
  });

  test("A14 an empty chunk goes back to its source, once", () => {
    const source = new FailingSource();
    using arena = new Arena({ source });
    const span = arena.reserve(64 * KIB);
    const chunk = arena.chunkAt(span);
    arena.release(span);
    expect(source.live.size).toBe(1);
    expect(arena.releaseChunk(chunk.index)).toBe(64 * KIB);
    expect(source.live.size).toBe(0);
    expect(chunk).toMatchObject({
      byteLength: 0,
      usedBytes: 0,
      freeBytes: 0,
      isHeld: false,
      epoch: 1,
    });
    expect(arena.chunks).toEqual([chunk]);
    expect(arena.findChunk(span)).toBeUndefined();
    expect(arena.stats()).toMatchObject({
      heldBytes: 0,
      heldChunks: 0,
      releasedBytesTotal: 64 * KIB,
    });
    arena.verify();
  });

  test("A15 a chunk in use is refused, a vacant one answers 0", () => {
    using arena = new Arena();
    const span = arena.reserve(2 * PAGE_BYTES);
    const error = checkRefusal(arena, ChunkInUseError, () => arena.releaseChunk(0));
    expect(error).toMatchObject({
      code: "PERFLOC_ARENA_CHUNK_IN_USE",
      chunkIndex: 0,
      usedBytes: 2 * PAGE_BYTES,
    });
    arena.release(span);
    expect(arena.releaseChunk(0)).toBe(32 * KIB);
    const before = stateOf(arena);
    expect(arena.releaseChunk(0)).toBe(0);
    expect(stateOf(arena)).toEqual(before);
  });

  test("A15 a source that cannot release keeps its chunks, and says so with 0", () => {
    const source = new FailingSource();
    const capabilities = { ...source.capabilities, canRelease: false };
    using arena = new Arena({ source: Object.assign(source, { capabilities }) });
    const span = arena.reserve(1);
    checkRefusal(arena, ChunkInUseError, () => arena.releaseChunk(0));
    arena.release(span);
    expect(arena.releaseChunk(0)).toBe(0);
    expect(arena.chunks[0]).toMatchObject({ isHeld: true, epoch: 0 });
    expect(source.live.size).toBe(1);
    expect(arena.reserve(1)).toBe(span);
  });

  test("A16 a source that refuses to take a chunk back leaves it held and usable", () => {
    const source = new FailingSource();
    using arena = new Arena({ source });
    const span = arena.reserve(1);
    const { u8 } = arena.chunkAt(span);
    arena.release(span);
    source.refusesRelease = true;
    const error = checkRefusal(arena, ReleaseFailedError, () => arena.releaseChunk(0));
    expect(error).toMatchObject({ code: "PERFLOC_ARENA_RELEASE_FAILED", chunkIndex: 0 });
    expect((error.cause as Error).message).toBe("release was refused on purpose");
    expect(arena.reserve(1)).toBe(span);
    expect(arena.chunkAt(span).u8).toBe(u8);
    source.refusesRelease = false;
    arena.release(span);
    expect(arena.releaseChunk(0)).toBe(32 * KIB);
  });

  test("A17 a released chunk comes back under the same index and addresses", () => {
    using arena = new Arena();
    const spans = fill(arena, 4, PAGE_BYTES);
    while (arena.stats().freeBytes > 0) spans.push(arena.reserve(PAGE_BYTES));
    const chunk = arena.chunks[2] as (typeof arena.chunks)[number];
    const { base, byteLength } = chunk;
    for (let round = 1; round <= 3; round++) {
      const inside = spans.filter((span) => arena.findChunk(span) === chunk);
      for (const span of inside) arena.release(span);
      expect(arena.releaseChunk(2)).toBe(byteLength);
      expect(chunk.epoch).toBe(round);
      expect(inside.map(() => arena.reserve(PAGE_BYTES))).toEqual(inside.toSorted((a, b) => a - b));
      expect(arena.chunks[2]).toBe(chunk);
      expect([chunk.base, chunk.byteLength]).toEqual([base, byteLength]);
      arena.verify();
    }
    expect(arena.chunks).toHaveLength(4);
  });

  test("A17 doubling begins anew from what is still held", () => {
    using arena = new Arena();
    const spans = fill(arena, 8, 16 * KIB);
    for (const span of spans.splice(1)) arena.release(span);
    for (const chunk of arena.chunks) if (chunk.usedBytes === 0) arena.releaseChunk(chunk.index);
    expect(heldLengths(arena)).toEqual([32 * KIB]);
    const taken = arena.stats().chunksReserved;
    fill(arena, taken + 3, 16 * KIB);
    expect(heldLengths(arena)).toEqual([32, 64, 128, 256].map((kib) => kib * KIB));
    expect(arena.chunks.map((chunk) => chunk.epoch)).toEqual([0, 1, 1, 1, 1, 1, 1, 1]);
    arena.verify();
  });

  test("A18 a span grows into free pages behind it and gives pages back", () => {
    using arena = new Arena({ initialChunkBytes: 64 * KIB });
    const span = arena.reserve(PAGE_BYTES);
    const chunk = arena.chunkAt(span);
    chunk.u32[(span - chunk.base) / 4] = 0xfeed;
    expect(arena.resize(span, 7 * PAGE_BYTES)).toBe(true);
    arena.verify();
    expect(arena.spanBytes(span)).toBe(7 * PAGE_BYTES);
    expect(chunk.u32[(span - chunk.base) / 4]).toBe(0xfeed);
    expect(arena.reserve(1)).toBe(span + 7 * PAGE_BYTES);
    expect(arena.resize(span, 2 * PAGE_BYTES + 1)).toBe(true);
    expect(arena.stats()).toMatchObject({ usedBytes: 4 * PAGE_BYTES, spanCount: 2 });
    expect(arena.reserve(2 * PAGE_BYTES)).toBe(span + 3 * PAGE_BYTES);
    arena.verify();
  });

  test("A18 taken pages, or the end of the chunk, stop it", () => {
    using arena = new Arena();
    const first = arena.reserve(PAGE_BYTES);
    const second = arena.reserve(PAGE_BYTES);
    const before = stateOf(arena);
    expect(arena.resize(first, PAGE_BYTES + 1)).toBe(false);
    expect(arena.resize(second, 32 * KIB)).toBe(false);
    expect(arena.resize(second, 2 ** 30)).toBe(false);
    expect(stateOf(arena)).toEqual(before);
    expect(arena.resize(first, 1)).toBe(true);
    expect(stateOf(arena)).toEqual(before);
    expect(arena.resize(second, 6 * PAGE_BYTES)).toBe(true);
    expect(arena.stats().freeBytes).toBe(0);
    arena.release(second);
    expect(arena.resize(first, 7 * PAGE_BYTES)).toBe(true);
    arena.verify();
  });
});

describe("the end", () => {
  test("A27 dispose gives every chunk back, also those in use, and can be called twice", () => {
    const source = new FailingSource();
    const arena = new Arena({ source });
    const spans = fill(arena, 4, PAGE_BYTES);
    const [span] = spans as [number];
    expect(arena.isDisposed).toBe(false);
    arena.dispose();
    expect(arena.isDisposed).toBe(true);
    arena.dispose();
    arena[Symbol.dispose]();
    expect(source.live.size).toBe(0);
    expect(arena.stats()).toMatchObject({
      heldBytes: 0,
      usedBytes: 0,
      spanCount: 0,
      heldChunks: 0,
    });
    arena.verify();
    expect(arena.describe()).toContain("vacant");
    for (const work of [
      () => arena.reserve(1),
      () => arena.release(span),
      () => arena.resize(span, 1),
      () => arena.spanBytes(span),
    ]) {
      const error = checkRefusal(arena, UseAfterDropError, work);
      expect(error).toMatchObject({ code: "PERFLOC_ARENA_DISPOSED", subject: "arena" });
    }
    expect(arena.findChunk(span)).toBeUndefined();
    checkRefusal(arena, InvalidAddressError, () => arena.chunkAt(span));
    expect(arena.releaseChunk(0)).toBe(0);
  });

  test("A27 an arena that held nothing can be disposed", () => {
    const arena = new Arena();
    arena.dispose();
    expect(() => arena.reserve(1)).toThrow(UseAfterDropError);
  });

  test("A27 when the source throws, the rest stays held and a further call goes on", () => {
    const source = new FailingSource();
    const arena = new Arena({ source });
    const spans = fill(arena, 3, PAGE_BYTES);
    source.refusesRelease = true;
    checkRefusal(arena, ReleaseFailedError, () => arena.dispose());
    expect(arena.isDisposed).toBe(false);
    expect(arena.spanBytes(spans[0] as number)).toBe(PAGE_BYTES);

    const release = source.release.bind(source);
    let grants = 1;
    source.refusesRelease = false;
    source.release = (range): void => {
      if (grants-- === 0) throw new Error("not now");
      release(range);
    };
    expect(() => arena.dispose()).toThrow(ReleaseFailedError);
    arena.verify();
    expect(arena.stats()).toMatchObject({ heldChunks: 2, spanCount: spans.length - 7 });
    grants = Infinity;
    arena.dispose();
    expect(source.live.size).toBe(0);
    expect(arena.stats()).toMatchObject({ heldBytes: 0, usedBytes: 0, spanCount: 0 });
  });

  test("A27 a source that cannot release gets its ranges at the end all the same", () => {
    const source = new FailingSource();
    const capabilities = { ...source.capabilities, canRelease: false };
    const arena = new Arena({ source: Object.assign(source, { capabilities }) });
    arena.reserve(1);
    arena.dispose();
    expect(source.live.size).toBe(0);
    arena.verify();
  });
});
