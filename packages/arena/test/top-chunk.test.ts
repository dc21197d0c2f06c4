import {
  Arena,
  GRANULE_BYTES,
  InvalidAddressError,
  PAGE_BYTES,
  ReleaseFailedError,
  UseAfterDropError,
  type TopChunk,
} from "@perfloc/arena";
import { badAddresses, FailingSource } from "@perfloc-tooling/testkit";
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
      expect(() => chunk.marks).toThrow(UseAfterDropError);
      expect(() => chunk.markWords).toThrow(UseAfterDropError);
      expect(arena.reserve(64 * 1024)).toBe(span);
      expect(chunk[name] === view).toBe(false);
      expect(chunk[name].byteLength).toBe(64 * 1024);
    },
  );

  test("A19 bytes and marks of a new chunk are zero, also of one that comes back", () => {
    using arena = new Arena();
    for (let tenure = 0; tenure < 3; tenure++) {
      const span = arena.reserve(64 * 1024);
      const chunk = arena.chunkAt(span);
      expect(chunk.u8.every((byte) => byte === 0)).toBe(true);
      expect(chunk.marks.every((mark) => mark === 0)).toBe(true);
      chunk.u8.fill(0xee);
      chunk.marks.fill(0xdd);
      arena.release(span);
      arena.releaseChunk(chunk.index);
    }
  });

  test("A19 marks are one byte for each 8, and touch no byte of the chunk", () => {
    using arena = new Arena();
    const { chunk } = spanInSecondChunk(arena);
    expect(chunk.marks).toHaveLength(chunk.byteLength / GRANULE_BYTES);
    expect(chunk.marks).toBe(chunk.marks);
    expect(chunk.markWords).toBe(chunk.markWords);
    expect(chunk.markWords.byteLength).toBe(chunk.marks.byteLength);
    chunk.u8.fill(0x55);
    expect(chunk.marks.every((mark) => mark === 0)).toBe(true);
    chunk.marks.fill(0xff);
    expect(chunk.u8.every((byte) => byte === 0x55)).toBe(true);
    chunk.markWords.fill(0, 0, 1);
    expect([...chunk.marks.subarray(0, 9)]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0xff]);
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
    expect(chunk.u8.byteOffset).toBe(8 + 36 * 1024);
    for (const [name] of views) expect(chunk[name].byteOffset).toBe(chunk.u8.byteOffset);
    expect(chunk.marks.byteOffset).toBe(chunk.u8.byteOffset + chunk.byteLength);
    chunk.u32[(span - chunk.base) / 4] = 0xabcd_0123;
    expect(new DataView(memory).getUint32(chunk.u8.byteOffset + span - chunk.base, true)).toBe(
      0xabcd_0123,
    );
    arena.verify();
  });
});

describe("owners", () => {
  test("A21 every address of a span names its owner until the span is released", () => {
    using arena = new Arena();
    const { span, chunk } = spanInSecondChunk(arena);
    const owner = { name: "who" };
    expect(chunk.ownerAt(span)).toBeUndefined();
    chunk.setOwner(span, owner);
    for (const address of [span, span + 1, span + PAGE_BYTES, span + 8 * PAGE_BYTES - 1]) {
      expect(chunk.ownerAt(address)).toBe(owner);
      expect(arena.pageOwners[address >>> 12]).toBe(owner);
    }
    expect(chunk.ownerAt(span - 1)).toBeUndefined();
    arena.release(span, owner);
    expect(chunk.ownerAt(span)).toBeUndefined();
    expect(chunk.ownerAt(span + PAGE_BYTES)).toBeUndefined();
    expect(arena.reserve(8 * PAGE_BYTES)).toBe(span);
    expect(chunk.ownerAt(span)).toBeUndefined();
  });

  test("A21 resize keeps the owner on the pages that the span has then", () => {
    using arena = new Arena({ initialChunkBytes: 64 * 1024 });
    const span = arena.reserve(2 * PAGE_BYTES);
    const chunk = arena.chunkAt(span);
    const owner = {};
    chunk.setOwner(span, owner);
    const ownedPages = (): number => arena.pageOwners.filter((held) => held === owner).length;
    for (const pages of [5, 3, 8, 1]) {
      expect(arena.resize(span, pages * PAGE_BYTES, owner)).toBe(true);
      expect(ownedPages()).toBe(pages);
      expect(chunk.ownerAt(span + pages * PAGE_BYTES - 1)).toBe(owner);
    }
    arena.release(span, owner);
    expect(ownedPages()).toBe(0);
  });

  test("A13 A21 a span that has an owner is released and resized by its owner only", () => {
    using arena = new Arena();
    const { span, chunk } = spanInSecondChunk(arena);
    const owner = {};
    expect(() => arena.release(span, owner)).toThrow(/without an owner/);
    chunk.setOwner(span, owner);
    for (const other of [undefined, {}]) {
      expect(() => arena.release(span, other)).toThrow(/belongs to/);
      expect(() => arena.resize(span, 1, other)).toThrow(/belongs to/);
    }
    expect(arena.spanBytes(span)).toBe(8 * PAGE_BYTES);
    arena.release(span, owner);
    arena.verify();
  });

  test("A21 A25 an owner is refused where no span of the chunk begins", () => {
    using arena = new Arena();
    const { span, chunk } = spanInSecondChunk(arena);
    const other = arena.chunks[0] as TopChunk;
    for (const address of [
      ...badAddresses,
      span + 1,
      span + PAGE_BYTES,
      PAGE_BYTES,
      span + 2 ** 32,
      String(span) as never,
    ]) {
      const error = checkRefusal(arena, InvalidAddressError, () => chunk.setOwner(address, {}));
      expect(error).toMatchObject({ code: "PERFLOC_ARENA_INVALID_ADDRESS", address });
    }
    checkRefusal(arena, InvalidAddressError, () => other.setOwner(span, {}));
    expect(arena.pageOwners.every((owner) => owner === undefined)).toBe(true);
  });

  test("A21 no owner outlives its chunk", () => {
    const arena = new Arena();
    const span = arena.reserve(1);
    const chunk = arena.chunkAt(span);
    chunk.setOwner(span, {});
    arena.dispose();
    expect(chunk.ownerAt(span)).toBeUndefined();
  });

  test("A21 A27 nor when the end came half-way and the chunk comes back", () => {
    const source = new FailingSource();
    using arena = new Arena({ source });
    const span = arena.reserve(1);
    arena.chunkAt(span).setOwner(span, {});
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
    expect(arena.chunkAt(span).ownerAt(span)).toBeUndefined();
    source.release = release;
    source.refusesRelease = false;
  });
});
