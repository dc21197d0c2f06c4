import { Arena, LimitExceededError } from "@perfloc/arena";
import { describe, expect, test } from "vitest";
import { checkRefusal } from "./arena-state.js";

const KIB = 1024;
const GIB = 2 ** 30;

/** First addresses and lengths of the slots, by adding up. */
function slotsOf(
  initialBytes: number,
  capBytes: number,
  count: number,
): { base: number; byteLength: number }[] {
  const slots: { base: number; byteLength: number }[] = [];
  let base = 0;
  for (let k = 0; k < count; k++) {
    const byteLength = Math.min(initialBytes * 2 ** k, capBytes);
    slots.push({ base, byteLength });
    base += byteLength;
  }
  return slots;
}

describe.each([
  [32 * KIB, 64 * KIB * KIB],
  [4 * KIB, 64 * KIB],
  [64 * KIB, 64 * KIB],
  [KIB * KIB, 16 * KIB * KIB],
])("slots from %i to %i bytes", (initialChunkBytes, maxChunkBytes) => {
  test("A3 slots tile the space: a span as long as a slot lies at its beginning", () => {
    using arena = new Arena({ initialChunkBytes, maxChunkBytes });
    const slots = slotsOf(initialChunkBytes, maxChunkBytes, 16);
    // Slot 0 holds half of its length in one span.
    expect(arena.reserve(Math.max(initialChunkBytes / 2, 4096))).toBeGreaterThan(0);
    for (const { base, byteLength } of slots.slice(1)) {
      if (arena.findChunk(base) !== undefined) continue;
      expect(arena.reserve(byteLength)).toBe(base);
      expect(arena.chunkAt(base)).toMatchObject({ base, byteLength });
      expect(arena.chunkAt(base + byteLength - 1)).toBe(arena.chunkAt(base));
    }
    arena.verify();
  });

  test("A3 below the cap the slot of an address is a matter of its leading zeros", () => {
    using arena = new Arena({ initialChunkBytes, maxChunkBytes });
    const slots = slotsOf(
      initialChunkBytes,
      maxChunkBytes,
      1 + Math.log2(maxChunkBytes / initialChunkBytes),
    );
    const shift = Math.log2(initialChunkBytes);
    for (const { base, byteLength } of slots.slice(1)) {
      if (arena.findChunk(base) === undefined) arena.reserve(byteLength);
      for (const address of [base, base + byteLength / 2, base + byteLength - 1]) {
        const k = 31 - Math.clz32((address >>> shift) + 1);
        expect(arena.chunkAt(address).base).toBe(slots[k]?.base);
      }
    }
  });
});

describe("the upper half of the space", () => {
  test("A3 a slot that would reach past the end of the space is none", () => {
    using arena = new Arena({ initialChunkBytes: GIB / 2, maxChunkBytes: GIB });
    const spans = [GIB / 4, GIB, GIB, GIB].map((byteLength) => arena.reserve(byteLength));
    expect(spans).toEqual([GIB / 4, GIB / 2, 1.5 * GIB, 2.5 * GIB]);
    // Half a gibibyte of addresses is left, in which no slot begins that ends.
    checkRefusal(arena, LimitExceededError, () => arena.reserve(GIB / 4));
    expect(arena.stats().heldBytes).toBe(3.5 * GIB);
  });

  test("A3 A4 addresses at and above 2^31, up to the last byte", () => {
    using arena = new Arena({ initialChunkBytes: GIB });
    const spans = [arena.reserve(GIB), arena.reserve(GIB), arena.reserve(GIB)];
    expect(spans).toEqual([GIB, 2 * GIB, 3 * GIB]);
    for (const span of spans) {
      const chunk = arena.chunkAt(span);
      for (const address of [span, span + GIB / 2, span + GIB - 4]) {
        expect(arena.chunkAt(address)).toBe(chunk);
        chunk.u32[(address - chunk.base) / 4] = address;
        expect(new DataView(chunk.u8.buffer).getUint32(address - chunk.base, true)).toBe(address);
      }
      expect(arena.spanBytes(span)).toBe(GIB);
    }
    expect(arena.findChunk(2 ** 32 - 1)).toBe(arena.chunkAt(3 * GIB));
    expect(arena.findChunk(2 ** 32)).toBeUndefined();
    arena.verify();
    expect(arena.resize(3 * GIB, 4096)).toBe(true);
    const second = arena.reserve(4096);
    const third = arena.reserve(GIB / 2);
    expect([second, third]).toEqual([3 * GIB + 4096, 3 * GIB + GIB / 2]);
    for (const span of [...spans, second, third]) arena.release(span);
    expect(arena.releaseChunk(1)).toBe(GIB);
    expect(arena.stats()).toMatchObject({ heldBytes: 2 * GIB, usedBytes: 0 });
    arena.verify();
  });

  test("A11 the whole space can be held, and not more", () => {
    using arena = new Arena({ initialChunkBytes: GIB });
    for (let slot = 1; slot <= 3; slot++) arena.reserve(GIB);
    arena.reserve(GIB / 2);
    expect(arena.stats()).toMatchObject({ heldBytes: 2 ** 32, nullBytes: 4096 });
    const error = checkRefusal(arena, LimitExceededError, () => arena.reserve(GIB));
    expect(error).toMatchObject({ heldBytes: 2 ** 32, limitBytes: 2 ** 32 });
    expect(arena.reserve(4096)).toBe(4096);
    arena.verify();
  });

  test("A9 the longest span fits twice, on two slots each, and not a third time", () => {
    using arena = new Arena({ initialChunkBytes: 64 * KIB, maxChunkBytes: GIB / 2 });
    const longest = GIB + 2 * 4096;
    const spans = [arena.reserve(longest), arena.reserve(longest)];
    expect(arena.stats().heldBytes).toBe(2 * longest);
    for (const span of spans) {
      expect(arena.chunkAt(span + longest - 1).base).toBe(span);
      expect(arena.findChunk(span + longest)).toBeUndefined();
    }
    checkRefusal(arena, LimitExceededError, () => arena.reserve(longest));
    arena.verify();
  });
});
