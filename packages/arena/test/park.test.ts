import { Arena, InvalidAddressError } from "@perfloc/arena";
import { CELLS_FLAG, recordAt } from "@perfloc/arena/internal";
import { describe, expect, test } from "vitest";
import { checkRefusal } from "./arena-state.js";

const PAGE = 4096;
const OWNER = 7;

/** Spans of these lengths in pages, with an owner, one after the other. */
function reserveOwned(arena: Arena, ...pageCounts: number[]): number[] {
  return pageCounts.map((pageCount) => arena.spans.reserve(pageCount, OWNER));
}

describe("park", () => {
  test("A32 the pages are free, and the chunk can go back to the OS", () => {
    const arena = new Arena();
    const [span] = reserveOwned(arena, 2) as [number];
    const chunk = arena.chunkAt(span);
    arena.spans.park(span);
    expect(arena.stats()).toMatchObject({ usedBytes: 0, spanCount: 0 });
    expect(chunk).toMatchObject({ usedBytes: 0, freeBytes: 7 * PAGE });
    expect(chunk.ownerAt(span)).toBe(0);
    expect(arena.describe()).toContain("|0.......|");
    arena.verify();
    expect(arena.releaseChunk(chunk.index)).toBe(8 * PAGE);
    arena.verify();
    expect(arena.spans.takeBlock(1, OWNER)).toBe(span);
    arena.verify();
  });

  test("A30 A32 a chunk whose last span is parked notifies the listeners", () => {
    const arena = new Arena();
    const [first, second] = reserveOwned(arena, 1, 1) as [number, number];
    let calls = 0;
    arena.watchChunks(() => calls++);
    arena.spans.park(first);
    expect(calls).toBe(0);
    arena.spans.park(second);
    expect(calls).toBe(1);
  });

  test("A32 a span that fits only when parked ones merge lies among them", () => {
    const arena = new Arena();
    for (const span of reserveOwned(arena, 1, 2, 4)) arena.spans.park(span);
    expect(arena.reserve(4 * PAGE)).toBe(4 * PAGE);
    expect(arena.stats().heldChunks).toBe(1);
    arena.verify();
  });

  test("A7 A32 so does one of a length that is no power of two", () => {
    const arena = new Arena();
    for (const span of reserveOwned(arena, 1, 2, 4)) arena.spans.park(span);
    expect(arena.spans.reserve(7, OWNER)).toBe(PAGE);
    arena.verify();
  });

  test("A9 A32 an oversize chunk with a parked span is used again whole", () => {
    const arena = new Arena({ initialChunkBytes: 4 * PAGE, maxChunkBytes: 4 * PAGE });
    for (let pages = 0; pages < 3; pages++) arena.reserve(PAGE);
    const long = arena.reserve(5 * PAGE);
    arena.release(long);
    const [span] = reserveOwned(arena, 4) as [number];
    expect(arena.chunkAt(span)).toBe(arena.chunkAt(long));
    arena.spans.park(span);
    expect(arena.reserve(5 * PAGE)).toBe(long);
    arena.verify();
  });

  test("A18 A32 a span grows over the parked one behind it", () => {
    const arena = new Arena();
    const [first, second, third] = reserveOwned(arena, 1, 1, 1) as [number, number, number];
    expect(second).toBe(first + PAGE);
    arena.spans.park(second);
    expect(arena.spans.resize(first, 2)).toBe(true);
    arena.verify();
    expect(arena.chunkAt(second).ownerAt(second)).toBe(OWNER);
    // It is no longer parked: the next block is another one.
    expect(arena.spans.takeBlock(0, OWNER)).toBe(third + PAGE);
    arena.verify();
  });

  test.each([3, 65, 128])("A32 %i pages are released, not parked", (pageCount) => {
    const arena = new Arena();
    const [span] = reserveOwned(arena, pageCount) as [number];
    arena.reserve(PAGE);
    arena.spans.park(span);
    expect(arena.stats().usedBytes).toBe(PAGE);
    // Merged at once: what the span had is there for longer ones.
    expect(arena.chunkAt(span).parked.spanCount).toBe(0);
    arena.verify();
  });

  test("A32 64 spans of a chunk are parked, the next one is released", () => {
    const arena = new Arena({ initialChunkBytes: 128 * PAGE });
    const spans = reserveOwned(arena, ...Array.from({ length: 65 }, () => 1));
    for (const span of spans) arena.spans.park(span);
    arena.verify();
    expect(arena.chunkAt(spans[0] as number).parked.spanCount).toBe(64);
    for (const span of spans.slice(0, 64).toReversed())
      expect(arena.spans.takeBlock(0, OWNER)).toBe(span);
    // The lowest free page, which is the one that was released.
    expect(arena.spans.takeBlock(0, OWNER)).toBe(spans[64]);
    arena.verify();
  });

  test("A13 A25 A32 a parked span begins none: it cannot be released, resized or asked for", () => {
    const arena = new Arena();
    const [span] = reserveOwned(arena, 1) as [number];
    arena.spans.park(span);
    for (const work of [
      () => arena.release(span),
      () => arena.resize(span, 1),
      () => arena.spanBytes(span),
    ])
      expect(checkRefusal(arena, InvalidAddressError, work).address).toBe(span);
  });

  test("A32 A33 parked spans are kept when the planes are replaced", () => {
    const arena = new Arena();
    const spans = reserveOwned(arena, 1, 2, 2);
    for (const span of spans) arena.spans.park(span);
    const { coveredBytes, pages } = arena.planes;
    arena.reserve(10 * 2 ** 20);
    expect(arena.planes.coveredBytes).toBeGreaterThan(coveredBytes);
    expect(arena.planes.pages === pages).toBe(false);
    arena.verify();
    expect([1, 1, 0].map((order) => arena.spans.takeBlock(order, OWNER))).toEqual(
      spans.toReversed(),
    );
    arena.verify();
  });
});

describe("takeBlock", () => {
  test("A33 hands out the span that was parked last, and names the owner on each page", () => {
    const arena = new Arena();
    const [first, second] = reserveOwned(arena, 2, 2) as [number, number];
    arena.spans.park(first);
    arena.spans.park(second);
    const ownerWord = 12 | CELLS_FLAG;
    expect(arena.spans.takeBlock(1, ownerWord)).toBe(second);
    expect(arena.stats()).toMatchObject({ usedBytes: 2 * PAGE, spanCount: 1 });
    for (const page of [second, second + PAGE]) {
      expect(arena.planes.pages[recordAt(page)]).toBe(ownerWord);
      expect(arena.chunkAt(page).ownerAt(page)).toBe(12);
    }
    expect(arena.spanBytes(second)).toBe(2 * PAGE);
    expect(arena.spans.takeBlock(1, OWNER)).toBe(first);
    arena.spans.release(second);
    arena.verify();
  });

  test("A7 A33 a lower chunk with room goes before a parked span", () => {
    const arena = new Arena();
    const low = arena.reserve(4 * PAGE);
    const [high] = reserveOwned(arena, 4) as [number];
    expect(arena.chunkAt(high).index).toBe(1);
    arena.spans.park(high);
    arena.release(low);
    expect(arena.spans.takeBlock(2, OWNER)).toBe(low);
    expect(arena.spans.takeBlock(2, OWNER)).toBe(high);
    arena.verify();
  });

  test("A7 A33 a parked span of another length is not taken while there is room", () => {
    const arena = new Arena();
    const [two] = reserveOwned(arena, 2) as [number];
    arena.spans.park(two);
    expect(arena.spans.takeBlock(0, OWNER)).toBe(PAGE);
    expect(arena.spans.takeBlock(1, OWNER)).toBe(two);
    arena.verify();
  });

  test.each([6, 7, 9])("A33 a block of 2^%i pages where none is parked is cut", (order) => {
    const arena = new Arena();
    const span = arena.spans.takeBlock(order, OWNER);
    expect(arena.spanBytes(span)).toBe(PAGE << order);
    expect(arena.chunkAt(span).ownerAt(span)).toBe(OWNER);
    arena.spans.park(span);
    expect(arena.spans.takeBlock(order, OWNER)).toBe(span);
    arena.verify();
  });

  test("A33 takeParked hands out what takeBlock would, and 0 where no page is parked", () => {
    const arena = new Arena();
    expect(arena.spans.takeParked(0, OWNER)).toBe(0);
    const [first, second, long] = reserveOwned(arena, 1, 1, 2) as [number, number, number];
    arena.spans.park(long);
    expect(arena.spans.takeParked(0, OWNER)).toBe(0);
    arena.spans.park(first);
    arena.spans.parkBlock(second, 0);
    arena.verify();
    expect(arena.stats()).toMatchObject({ usedBytes: 0, spanCount: 0 });
    expect(arena.spans.takeParked(0, OWNER)).toBe(second);
    arena.verify();
    expect(arena.chunkAt(second).ownerAt(second)).toBe(OWNER);
    expect(arena.spans.takeBlock(0, OWNER)).toBe(first);
    expect(arena.spans.takeParked(0, OWNER)).toBe(0);
    expect(arena.stats()).toMatchObject({ usedBytes: 2 * PAGE, spanCount: 2 });
    arena.verify();
  });

  test("A32 parkBlock parks 64 pages of a chunk, releases the next, and notifies as release does", () => {
    const arena = new Arena({ initialChunkBytes: 128 * PAGE });
    const spans = reserveOwned(arena, ...Array.from({ length: 66 }, () => 1));
    let calls = 0;
    arena.watchChunks(() => calls++);
    for (const span of spans) arena.spans.parkBlock(span, 0);
    expect(calls).toBe(1);
    arena.verify();
    expect(arena.chunkAt(spans[0] as number).parked.spanCount).toBe(64);
    expect(arena.spans.takeParked(0, OWNER)).toBe(spans[63]);
  });

  test.each([0, 1, 2, 3, 4, 5, 6])("A32 A33 parkBlock and takeParked of 2^%i pages", (order) => {
    const arena = new Arena({ initialChunkBytes: 256 * PAGE });
    const pageCount = 1 << order;
    const [first, second] = reserveOwned(arena, pageCount, pageCount) as [number, number];
    const before = arena.stats();
    for (const span of [second, first]) arena.spans.parkBlock(span, order);
    expect(arena.stats()).toMatchObject({ usedBytes: 0, spanCount: 0 });
    arena.verify();
    for (const span of [first, second]) {
      expect(arena.spans.takeParked(order, OWNER)).toBe(span);
      expect(arena.spanBytes(span)).toBe(pageCount * PAGE);
      expect(arena.chunkAt(span).ownerAt(span + pageCount * PAGE - 1)).toBe(OWNER);
      arena.verify();
    }
    expect(arena.spans.takeParked(order, OWNER)).toBe(0);
    expect(arena.stats()).toEqual(before);
  });

  test("A7 A33 a page that is parked in a lower chunk is taken first", () => {
    const arena = new Arena();
    const spans = reserveOwned(arena, ...Array.from({ length: 9 }, () => 1));
    arena.spans.parkBlock(spans[8] as number, 0);
    arena.spans.parkBlock(spans[2] as number, 0);
    expect(arena.spans.takeParked(0, OWNER)).toBe(spans[2]);
    expect(arena.spans.takeBlock(0, OWNER)).toBe(spans[8]);
    arena.verify();
  });
});

describe("rebuild", () => {
  test("A35 merges parked spans and keeps all else", () => {
    const arena = new Arena();
    const [kept, ...parked] = reserveOwned(arena, 1, 2, 1) as [number, number, number];
    for (const span of parked) arena.spans.park(span);
    const before = arena.stats();
    arena.rebuild();
    expect(arena.stats()).toEqual(before);
    arena.verify();
    expect(arena.chunkAt(kept).parked.spanCount).toBe(0);
    expect(arena.chunkAt(kept).ownerAt(kept)).toBe(OWNER);
    // The lowest page, where the last parked one would have been taken.
    expect(arena.spans.takeBlock(1, OWNER)).toBe(Math.min(...parked));
    arena.verify();
  });

  test("A35 an arena without chunks, and one that was disposed", () => {
    const arena = new Arena();
    arena.rebuild();
    arena.reserve(1);
    arena.dispose();
    const before = arena.stats();
    arena.rebuild();
    arena.verify();
    expect(arena.stats()).toEqual(before);
  });

  test("A35 finds room again below chunks that were full", () => {
    const arena = new Arena();
    const low = Array.from({ length: 7 }, () => arena.reserve(PAGE));
    arena.reserve(PAGE);
    arena.release(low[3] as number);
    arena.rebuild();
    expect(arena.reserve(PAGE)).toBe(low[3]);
    arena.verify();
  });
});
