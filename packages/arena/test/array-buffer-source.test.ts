import { Arena, ArrayBufferSource, type BufferRange } from "@perfloc/arena";
import { type TestContext, afterEach, describe, expect, test, vi } from "vitest";

const KIB = 1024;
const MIB = 1024 * KIB;

/** The package as a program finds it that has detached no buffer yet. */
async function importAnew({ skip }: TestContext): Promise<typeof import("@perfloc/arena")> {
  vi.resetModules();
  const fresh = await import("@perfloc/arena");
  skip(fresh.Arena === Arena, "browsers keep the modules that they have loaded");
  return fresh;
}

describe("ArrayBufferSource", () => {
  afterEach(() => void vi.unstubAllGlobals());

  test("A14 a range that is released is detached at once", () => {
    const source = new ArrayBufferSource();
    for (const byteLength of [36 * KIB, 2 * MIB, 40 * MIB]) {
      const range = source.acquire(byteLength);
      expect(range.byteOffset).toBe(0);
      expect(range.buffer.byteLength).toBeGreaterThanOrEqual(byteLength);
      const view = new Uint8Array(range.buffer);
      view[byteLength - 1] = 1;
      source.release(range);
      expect(range.buffer.byteLength).toBe(0);
      expect(view).toHaveLength(0);
    }
  });

  // A page that is not cross-origin isolated has no such buffers.
  const hasShared = typeof SharedArrayBuffer === "function";
  test.runIf(hasShared)(
    "A16 a buffer of another kind is refused, and leaves the source in order",
    () => {
      const source = new ArrayBufferSource();
      expect(() => source.release({ buffer: new SharedArrayBuffer(8), byteOffset: 0 })).toThrow(
        /transfer|clone/i,
      );
      const next = source.acquire(36 * KIB);
      source.release(next);
      expect(next.buffer.byteLength).toBe(0);
    },
  );

  test("A14 a host without ArrayBuffer.prototype.transfer gives the buffer to a port that closes", () => {
    const source = new ArrayBufferSource();
    const { buffer, byteOffset } = source.acquire(36 * KIB);
    const view = new Uint8Array(buffer);
    // Hides the method where the host has it.
    Object.setPrototypeOf(buffer, null);
    source.release({ buffer, byteOffset });
    expect(view).toHaveLength(0);
  });

  test("A36 planes are ranges as top chunks are, and detached when they go back", () => {
    const source = new ArrayBufferSource();
    expect(source.planes).toBe(source);
    const range = source.acquirePlane(256 * MIB);
    expect(range.buffer.byteLength).toBe(256 * MIB);
    source.releasePlane(range);
    expect(range.buffer.byteLength).toBe(0);
  });

  test("A43 a short plane is left to the garbage collector, until a buffer was detached", async (context) => {
    const fresh = await importAnew(context);
    const source = new fresh.ArrayBufferSource();
    const outgrown = source.acquirePlane(4 * MIB);
    source.releasePlane(outgrown);
    expect(outgrown.buffer.byteLength).toBe(4 * MIB);
    source.release(source.acquire(36 * KIB));
    const next = source.acquirePlane(4 * MIB);
    source.releasePlane(next);
    expect(next.buffer.byteLength).toBe(0);
  });

  test("A43 a heap that grows detaches nothing", async (context) => {
    const fresh = await importAnew(context);
    const taken: ArrayBufferLike[] = [];
    class Watched extends fresh.ArrayBufferSource {
      override acquirePlane(byteLength: number): BufferRange {
        const range = super.acquirePlane(byteLength);
        taken.push(range.buffer);
        return range;
      }
    }
    using arena = new fresh.Arena({ source: new Watched() });
    while (arena.stats().heldBytes < 40 * MIB) arena.reserve(256);
    expect(taken.length).toBeGreaterThan(6);
    for (const buffer of taken) expect(buffer.byteLength).toBeGreaterThan(0);
  });

  test("A14 A41 a buffer that was transferred away is taken back, with or without transfer()", () => {
    const source = new ArrayBufferSource();
    for (const byteLength of [36 * KIB, 2 * MIB]) {
      const range = source.acquire(byteLength);
      structuredClone(range.buffer, { transfer: [range.buffer as ArrayBuffer] });
      source.release(range);
      source.release(range);
      expect(range.buffer.byteLength).toBe(0);
    }
  });

  test("A14 a host that has it is asked for ArrayBuffer.prototype.transfer", () => {
    const source = new ArrayBufferSource();
    const { buffer, byteOffset } = source.acquire(36 * KIB);
    const asked: number[] = [];
    Object.defineProperty(buffer, "transfer", { value: (length: number) => asked.push(length) });
    source.release({ buffer, byteOffset });
    expect(asked).toEqual([0]);
  });

  test("A10 where address space is short, a range gets a buffer of just its length", () => {
    const Real = ArrayBuffer;
    const asked: number[] = [];
    vi.stubGlobal(
      "ArrayBuffer",
      class extends Real {
        constructor(byteLength: number) {
          asked.push(byteLength);
          if (byteLength > 4 * MIB) throw new RangeError("Array buffer allocation failed");
          super(byteLength);
        }
      },
    );
    using arena = new Arena({ initialChunkBytes: 2 * MIB });
    const span = arena.reserve(1);
    const chunk = arena.chunkAt(span);
    expect(chunk.byteLength).toBe(2 * MIB);
    expect(chunk.u8.buffer.byteLength).toBe(2 * MIB);
    // Then the planes: a word for 16 bytes, 32 bytes for 4096.
    expect(asked).toEqual([33 * MIB, 2 * MIB, 512 * KIB, 16 * KIB]);
    arena.verify();
  });

  test("A20 its buffers have a fixed length, and say what they can do", () => {
    const source = new ArrayBufferSource();
    const { buffer } = source.acquire(36 * KIB);
    expect(buffer).toHaveProperty("resizable", false);
    expect(source.capabilities).toMatchObject({
      name: "ArrayBuffer",
      canRelease: true,
      isShared: false,
    });
    expect(source.capabilities.maxByteLength).toBeGreaterThanOrEqual(2 ** 30 + 8192);
  });

  test("A14 hundreds of chunks come and go in one turn of the event loop", () => {
    using arena = new Arena({ initialChunkBytes: 32 * KIB, maxChunkBytes: 32 * KIB });
    const spans = Array.from({ length: 400 }, () => arena.reserve(32 * KIB));
    for (const span of spans) {
      const { index, u8 } = arena.chunkAt(span);
      u8.fill(1);
      arena.release(span);
      expect(arena.releaseChunk(index)).toBe(32 * KIB);
      expect(u8).toHaveLength(0);
    }
    arena.verify();
    expect(arena.stats().heldBytes).toBe(0);
  });
});
