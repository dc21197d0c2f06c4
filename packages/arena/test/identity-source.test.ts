import { Arena, OutOfMemoryError, type BufferRange, type BufferSource } from "@perfloc/arena";
import { CELLS_FLAG } from "@perfloc/arena/internal";
import { describe, expect, test } from "vitest";
import { checkRefusal, heldBases, heldLengths } from "./arena-state.js";

const PAGE = 4096;
const KIB = 1024;
const INITIAL = 32 * KIB;

/** One buffer, of which ranges are given at the positions that a test names, or one behind the other from 64 KiB on. */
class LinearSource implements BufferSource {
  readonly capabilities = {
    name: "linear",
    canRelease: true,
    isShared: false,
    maxByteLength: 4 * 1024 * KIB,
    hasIdentityAddresses: true,
    reservedBytes: 64 * KIB,
  };
  readonly buffer: ArrayBuffer = new ArrayBuffer(4 * 1024 * KIB);
  readonly released: number[] = [];
  readonly positions: number[] = [];
  end: number = this.capabilities.reservedBytes;

  acquire(byteLength: number): BufferRange {
    const named = this.positions.shift();
    if (named !== undefined) return { buffer: this.buffer, byteOffset: named };
    const byteOffset = this.end;
    this.end += Math.ceil(byteLength / INITIAL) * INITIAL;
    return { buffer: this.buffer, byteOffset };
  }

  release(range: BufferRange): void {
    this.released.push(range.byteOffset);
    new Uint8Array(this.buffer).fill(0, range.byteOffset, range.byteOffset + INITIAL);
  }
}

describe("an identity source", () => {
  test("A40 an address is a position in its buffer", () => {
    const source = new LinearSource();
    using arena = new Arena({ source });
    const spans = [1, 64 * KIB, 100 * KIB, 1].map((byteLength) => arena.reserve(byteLength));
    expect(heldBases(arena)).toEqual([64 * KIB, 96 * KIB, 160 * KIB]);
    expect(heldLengths(arena)).toEqual([32 * KIB, 64 * KIB, 128 * KIB]);
    const bytes = new Uint8Array(source.buffer);
    for (const [index, span] of spans.entries()) {
      const chunk = arena.chunkAt(span);
      expect(chunk.u8.byteOffset).toBe(chunk.base);
      chunk.u8[span - chunk.base] = index + 1;
      expect(bytes[span]).toBe(index + 1);
      expect(arena.findChunk(span)).toBe(chunk);
    }
    expect(arena.findChunk(64 * KIB - 1)).toBeUndefined();
    // NULL is below the first chunk, so that no page is lost to it.
    expect(arena.stats()).toMatchObject({ nullBytes: 0, spanCount: 4 });
    expect(spans[0]).toBe(64 * KIB);
    arena.verify();
  });

  test("A7 A40 chunks may lie in any order", () => {
    const source = new LinearSource();
    using arena = new Arena({ source });
    source.positions.push(1024 * KIB, 512 * KIB, 64 * KIB);
    const spans = [16 * KIB, 64 * KIB, 128 * KIB].map((byteLength) => arena.reserve(byteLength));
    expect(spans).toEqual([1024 * KIB, 512 * KIB, 64 * KIB]);
    arena.verify();
    for (const span of spans) {
      expect(arena.resize(span, PAGE)).toBe(true);
      arena.spans.park(span);
    }
    arena.verify();
    arena.rebuild();
    arena.verify();
    for (const chunk of arena.chunks) expect(arena.releaseChunk(chunk.index)).toBeGreaterThan(0);
    expect(source.released).toEqual(spans);
    arena.verify();
  });

  test("A17 A40 a range that comes back at its position is the same chunk, at another one a new one", () => {
    const source = new LinearSource();
    using arena = new Arena({ source });
    source.positions.push(64 * KIB, 64 * KIB, 128 * KIB);
    for (const [position, index, epoch] of [
      [64 * KIB, 0, 0],
      [64 * KIB, 0, 1],
      [128 * KIB, 1, 0],
    ] as const) {
      const span = arena.reserve(1);
      expect(span).toBe(position);
      expect(arena.chunkAt(span)).toMatchObject({ index, epoch, base: position });
      arena.release(span);
      arena.releaseChunk(index);
      arena.verify();
    }
  });

  test("A37 A40 the planes cover its highest chunk", () => {
    const source = new LinearSource();
    using arena = new Arena({ source });
    source.positions.push(2048 * KIB, 64 * KIB);
    const high = arena.spans.reserve(4, 1 | CELLS_FLAG);
    arena.planes.cells[high >>> 4] = 5;
    arena.reserve(64 * KIB);
    expect(arena.planes.coveredBytes).toBeGreaterThanOrEqual(2048 * KIB + 32 * KIB);
    expect(arena.planes.cells[high >>> 4]).toBe(5);
    arena.verify();
  });

  test.each([
    ["at a page", 64 * KIB + PAGE],
    ["at 8 bytes", 64 * KIB + 8],
    ["below a multiple", 96 * KIB - 8],
    ["at NULL", 0],
  ])("A12 A40 a range %s is refused, and goes back", (_, position) => {
    const source = new LinearSource();
    using arena = new Arena({ source });
    source.positions.push(position);
    const error = checkRefusal(arena, OutOfMemoryError, () => arena.reserve(1));
    expect(error.cause).toBeInstanceOf(RangeError);
    expect(String(error.cause)).toContain(`at ${position}:`);
    expect(source.released).toEqual([position]);
    expect(arena.reserve(1)).toBe(64 * KIB);
    arena.verify();
  });

  test("A12 A40 a range beyond the address space is refused, and goes back", () => {
    const source = new LinearSource();
    using arena = new Arena({ source });
    const released: BufferRange[] = [];
    const buffer = { byteLength: 2 ** 34 } as ArrayBuffer;
    source.acquire = () => ({ buffer, byteOffset: 2 ** 32 - 16 * KIB + 16 * KIB });
    source.release = (range) => void released.push(range);
    const error = checkRefusal(arena, OutOfMemoryError, () => arena.reserve(1));
    expect(String(error.cause)).toContain("address space");
    expect(released).toHaveLength(1);
  });

  test.each([
    ["on a chunk", 96 * KIB],
    ["in a chunk", 128 * KIB],
    ["into a chunk", 64 * KIB],
  ])("A12 A40 a range that reaches %s is refused, and does not go back", (_, position) => {
    const source = new LinearSource();
    using arena = new Arena({ source });
    source.positions.push(96 * KIB, position);
    // 64 KiB long.
    const held = arena.reserve(32 * KIB);
    const chunk = arena.chunkAt(held);
    chunk.u8.fill(7);
    expect(chunk.byteLength).toBe(64 * KIB);
    const error = checkRefusal(arena, OutOfMemoryError, () => arena.reserve(64 * KIB));
    expect(String(error.cause)).toContain("a held chunk is there");
    expect(source.released).toEqual([]);
    expect(chunk.u8.every((byte) => byte === 7)).toBe(true);
    arena.verify();
  });
});
