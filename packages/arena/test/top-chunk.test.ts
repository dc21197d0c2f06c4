import {
  Arena,
  InvalidAddressError,
  PAGE_BYTES,
  ReleaseFailedError,
  UseAfterDropError,
  type TopChunk,
} from "@perfloc/arena";
import {
  CELLS_FLAG,
  DEDICATED_FLAG,
  OWNER_ID_MASK,
  OWNER_WORD,
  recordAt,
} from "@perfloc/arena/internal";
import { FailingSource } from "@perfloc-tooling/testkit";
import { describe, expect, test } from "vitest";
import { checkRefusal, errorOf } from "./arena-state.js";

const views = [
  ["u8", Uint8Array],
  ["i8", Int8Array],
  ["u16", Uint16Array],
  ["i16", Int16Array],
  ["u32", Uint32Array],
  ["i32", Int32Array],
  ["f32", Float32Array],
  ["f64", Float64Array],
  ["u64", BigUint64Array],
  ["i64", BigInt64Array],
] as const;

/** An arena with a span in its second chunk, so that `base` is not 0. */
function spanInSecondChunk(arena: Arena): { span: number; chunk: TopChunk } {
  arena.reserve(4 * PAGE_BYTES);
  arena.reserve(8 * PAGE_BYTES);
  const span = arena.reserve(8 * PAGE_BYTES);
  return { span, chunk: arena.chunkAt(span) };
}

/** Takes the memory of a chunk away, as a program does that posts it to a worker. */
function transferAway(buffer: ArrayBufferLike): void {
  structuredClone(buffer, { transfer: [buffer as ArrayBuffer] });
}

/** Owner words of the pages from `span` on, as the page table has them. */
function ownerWords(arena: Arena, span: number, pageCount: number): number[] {
  return Array.from(
    { length: pageCount },
    (_, page) => arena.planes.pages[recordAt(span + page * PAGE_BYTES) | OWNER_WORD] as number,
  );
}

describe("typed arrays", () => {
  test.each(views)("A20 %s is one object over the whole chunk", (name, kind) => {
    using arena = new Arena();
    const { span, chunk } = spanInSecondChunk(arena);
    const view = chunk[name];
    expect(view).toBeInstanceOf(kind);
    expect(view.byteLength).toBe(chunk.byteLength);
    expect(chunk[name]).toBe(view);
    expect(view.buffer).toBe(chunk.u8.buffer);
    arena.reserve(1_000_000);
    expect(chunk[name]).toBe(view);
    // The element of the span's first address: written here, seen as its bytes.
    const element = (span - chunk.base) / kind.BYTES_PER_ELEMENT;
    view.fill((typeof view[0] === "bigint" ? 1n : 1) as never, element, element + 1);
    expect(chunk.u8.subarray(0, span - chunk.base).every((byte) => byte === 0)).toBe(true);
    const bytes = chunk.u8.subarray(span - chunk.base, span - chunk.base + 16);
    expect(bytes.some((byte) => byte !== 0)).toBe(true);
    expect(bytes.subarray(kind.BYTES_PER_ELEMENT).every((byte) => byte === 0)).toBe(true);
  });

  test.each(views)(
    "A20 %s is dead after the chunk's release, and another one afterwards",
    (name) => {
      using arena = new Arena();
      const span = arena.reserve(64 * 1024);
      const chunk = arena.chunkAt(span);
      const view = chunk[name];
      arena.release(span);
      arena.releaseChunk(chunk.index);
      expect(view).toHaveLength(0);
      const error = errorOf(UseAfterDropError, () => chunk[name]);
      expect(error).toMatchObject({ code: "PERFLOC_ARENA_CHUNK_RELEASED", subject: "top chunk 0" });
      expect(arena.reserve(64 * 1024)).toBe(span);
      expect(chunk[name] === view).toBe(false);
      expect(chunk[name].byteLength).toBe(64 * 1024);
    },
  );

  test("A19 bytes of a new chunk are zero, also of one that comes back", () => {
    using arena = new Arena();
    for (let round = 0; round < 3; round++) {
      const span = arena.reserve(64 * 1024);
      const chunk = arena.chunkAt(span);
      expect(chunk.u8.every((byte) => byte === 0)).toBe(true);
      chunk.u8.fill(0xee);
      arena.release(span);
      arena.releaseChunk(chunk.index);
    }
  });

  test("A19 a span that is handed out again has what its last user left", () => {
    using arena = new Arena();
    const span = arena.reserve(PAGE_BYTES);
    const chunk = arena.chunkAt(span);
    chunk.u8.fill(0xee);
    arena.release(span);
    expect(arena.reserve(PAGE_BYTES)).toBe(span);
    expect(chunk.u8.every((byte) => byte === 0xee)).toBe(true);
  });

  test("A19 A20 a range may begin anywhere in its buffer", () => {
    // As a source with one linear memory would do it.
    const memory = new ArrayBuffer(1024 * 1024);
    let next = 8;
    using arena = new Arena({
      source: {
        capabilities: {
          name: "linear",
          canRelease: false,
          isShared: false,
          maxByteLength: memory.byteLength,
        },
        acquire(byteLength) {
          const byteOffset = next;
          next += byteLength;
          return { buffer: memory, byteOffset };
        },
        release() {},
      },
    });
    const { span, chunk } = spanInSecondChunk(arena);
    expect(chunk.u8.byteOffset).toBe(8 + 32 * 1024);
    for (const [name] of views) expect(chunk[name].byteOffset).toBe(chunk.u8.byteOffset);
    chunk.u32[(span - chunk.base) / 4] = 0xabcd_0123;
    expect(new DataView(memory).getUint32(chunk.u8.byteOffset + span - chunk.base, true)).toBe(
      0xabcd_0123,
    );
    arena.verify();
  });
});

describe("a buffer that was transferred away", () => {
  test.each(views)(
    "A20 A41 %s throws a typed error where it is asked for the first time",
    (name) => {
      const lost: ArrayBufferLike[] = [];
      const source = new FailingSource();
      const acquire = source.acquire.bind(source);
      source.acquire = (byteLength) => {
        const range = acquire(byteLength);
        lost.push(range.buffer);
        return range;
      };
      const arena = new Arena({ source });
      const chunk = arena.chunkAt(arena.reserve(1));
      transferAway(lost[0] as ArrayBufferLike);
      const error = errorOf(UseAfterDropError, () => chunk[name]);
      expect(error).toMatchObject({ code: "PERFLOC_ARENA_CHUNK_LOST", subject: "top chunk 0" });
    },
  );

  test("A4 A41 no address lies in it, and no span is cut from it", () => {
    const arena = new Arena();
    const spans = [1, 1, 2].map((pageCount) => arena.spans.reserve(pageCount, 5));
    const [span] = spans as [number];
    for (const parked of spans) arena.spans.park(parked);
    transferAway(arena.chunkAt(span).u8.buffer);
    expect(arena.findChunk(span)).toBeUndefined();
    const error = errorOf(UseAfterDropError, () => arena.chunkAt(span));
    expect(error).toMatchObject({ code: "PERFLOC_ARENA_CHUNK_LOST", subject: "top chunk 0" });
    const later = [
      arena.spans.takeParked(0, 5),
      arena.spans.takeBlock(0, 5),
      arena.spans.takeBlock(1, 5),
      arena.reserve(1),
      arena.spans.reserve(3, 5),
      arena.spans.reserveToGrow(1, 5),
    ];
    expect(later.shift()).toBe(0);
    for (const other of later) expect(arena.chunkAt(other).index).toBe(1);
    expect(arena.releaseChunk(0)).toBe(32 * 1024);
    arena.verify();
  });

  test("A20 A23 A41 its views have length 0, verify says so, and all else goes on to the end", () => {
    const arena = new Arena();
    const span = arena.reserve(1);
    const other = arena.reserve(64 * 1024);
    const { index, u8 } = arena.chunkAt(span);
    transferAway(u8.buffer);
    expect(u8).toHaveLength(0);
    expect(() => arena.verify()).toThrow("transferred away");
    expect(arena.spanBytes(span)).toBe(PAGE_BYTES);
    expect(arena.stats()).toMatchObject({ spanCount: 2, heldChunks: 2 });
    expect(arena.describe()).toContain("#0");
    arena.release(span);
    expect(arena.releaseChunk(index)).toBe(32 * 1024);
    arena.verify();
    expect(arena.reserve(1)).toBe(span);
    expect(arena.chunkAt(span).u8).toHaveLength(32 * 1024);
    transferAway(arena.chunkAt(other).u8.buffer);
    arena.dispose();
    expect(arena.stats()).toMatchObject({ heldBytes: 0, spanCount: 0 });
    arena.verify();
  });
});

describe("owners", () => {
  test("A21 every address of a span names its owner until the span is released", () => {
    using arena = new Arena();
    const { span: before, chunk } = spanInSecondChunk(arena);
    arena.release(before);
    const span = arena.spans.reserve(8, 1234);
    expect(span).toBe(before);
    for (const address of [span, span + 1, span + PAGE_BYTES, span + 8 * PAGE_BYTES - 1])
      expect(chunk.ownerAt(address)).toBe(1234);
    expect(chunk.ownerAt(span - 1)).toBe(0);
    arena.spans.release(span);
    expect(chunk.ownerAt(span)).toBe(0);
    expect(chunk.ownerAt(span + PAGE_BYTES)).toBe(0);
    expect(arena.reserve(8 * PAGE_BYTES)).toBe(span);
    expect(chunk.ownerAt(span)).toBe(0);
  });

  test.each([1, 2 ** 24 - 1])("A21 the flags of an owner word are no part of the id: %i", (id) => {
    using arena = new Arena();
    for (const flags of [0, CELLS_FLAG, DEDICATED_FLAG, CELLS_FLAG | DEDICATED_FLAG]) {
      const span = arena.spans.reserve(1, id | flags);
      expect(arena.chunkAt(span).ownerAt(span)).toBe(id);
      expect(ownerWords(arena, span, 1)).toEqual([id | flags]);
      arena.spans.release(span);
    }
    expect(id & OWNER_ID_MASK).toBe(id);
  });

  test("A21 resize keeps the owner on the pages that the span has then", () => {
    using arena = new Arena({ initialChunkBytes: 64 * 1024 });
    const ownerWord = 9 | CELLS_FLAG;
    const span = arena.spans.reserve(2, ownerWord);
    const chunk = arena.chunkAt(span);
    for (const pages of [5, 3, 8, 1]) {
      expect(arena.spans.resize(span, pages)).toBe(true);
      const free = Array.from({ length: 12 - pages }, () => 0);
      expect(ownerWords(arena, span, 12)).toEqual([
        ...Array.from({ length: pages }, () => ownerWord),
        ...free,
      ]);
      expect(chunk.ownerAt(span + pages * PAGE_BYTES - 1)).toBe(9);
    }
    arena.spans.release(span);
    expect(ownerWords(arena, span, 12).every((word) => word === 0)).toBe(true);
  });

  test("A13 A21 a span that has an owner is released and resized by its owner only", () => {
    using arena = new Arena();
    const span = arena.spans.reserve(2, 77 | CELLS_FLAG);
    for (const work of [() => arena.release(span), () => arena.resize(span, 1)]) {
      const error = checkRefusal(arena, InvalidAddressError, work);
      expect(error).toMatchObject({ code: "PERFLOC_ARENA_OWNED", address: span });
      expect(error.message).toContain("context 77");
    }
    expect(arena.spanBytes(span)).toBe(2 * PAGE_BYTES);
    arena.spans.release(span);
    arena.verify();
  });

  test("A21 no owner outlives its chunk", () => {
    const arena = new Arena();
    const span = arena.spans.reserve(1, 3);
    const chunk = arena.chunkAt(span);
    arena.dispose();
    expect(chunk.ownerAt(span)).toBe(0);
  });

  test("A21 A27 nor when the end came half-way and the chunk comes back", () => {
    const source = new FailingSource();
    using arena = new Arena({ source });
    const span = arena.spans.reserve(1, 3);
    arena.reserve(64 * 1024);
    const release = source.release.bind(source);
    source.release = (range): void => {
      source.refusesRelease = source.live.size === 1;
      release(range);
    };
    expect(() => arena.dispose()).toThrow(ReleaseFailedError);
    expect(arena.stats()).toMatchObject({ heldChunks: 1, spanCount: 1 });
    expect(arena.reserve(16 * 1024)).toBe(16 * 1024);
    expect(arena.reserve(1)).toBe(span);
    expect(arena.chunkAt(span).ownerAt(span)).toBe(0);
    source.release = release;
    source.refusesRelease = false;
  });
});
