import {
  Arena,
  ArrayBufferSource,
  InvalidOptionError,
  OutOfMemoryError,
  type BufferSource,
  type PlaneSource,
} from "@perfloc/arena";
import {
  CELLS_FLAG,
  DEDICATED_FLAG,
  GRANULE_SHIFT,
  HIGH_WATER_WORD,
  NEXT_WORD,
  PREVIOUS_WORD,
  recordAt,
} from "@perfloc/arena/internal";
import { describe, expect, test } from "vitest";
import { checkRefusal } from "./arena-state.js";
import { SourceOnRecord } from "./planes-on-record.js";

const PAGE = 4096;
const KIB = 1024;
const MIB = 1024 * KIB;
const WITH_CELLS = 5 | CELLS_FLAG;
const CELLS_PER_PAGE = 256;

/** Index of the first cell of the span at `address`. */
function cellAt(address: number): number {
  return address >>> GRANULE_SHIFT;
}

/** Writes a number into each cell of `pageCount` pages: its own index. */
function fillCells(arena: Arena, address: number, pageCount: number): void {
  const first = cellAt(address);
  for (let cell = first; cell < first + pageCount * CELLS_PER_PAGE; cell++)
    arena.planes.cells[cell] = cell;
}

/** How many cells of the pages hold what `fillCells` wrote; the others must be 0. */
function keptCells(arena: Arena, address: number, pageCount: number): number {
  const first = cellAt(address);
  let kept = 0;
  for (let cell = first; cell < first + pageCount * CELLS_PER_PAGE; cell++) {
    const value = arena.planes.cells[cell];
    if (value === cell) kept++;
    else expect(value, `cell ${cell}`).toBe(0);
  }
  return kept;
}

function planeLengths({ planes }: Arena): [cells: number, pages: number] {
  return [planes.cells.length, planes.pages.length];
}

/** Full chunks of 64 KiB to 8 MiB, each with one span with cells, behind one of 32 KiB. */
function withChunks(source: SourceOnRecord): { arena: Arena; spans: number[] } {
  const arena = new Arena({ source });
  const spans: number[] = [];
  for (let byteLength = 32 * KIB; byteLength <= 8 * MIB; byteLength *= 2) {
    const usedBytes = byteLength === 32 * KIB ? 16 * KIB : byteLength;
    const span = arena.spans.reserve(usedBytes / PAGE, WITH_CELLS);
    fillCells(arena, span, 1);
    spans.push(span);
  }
  return { arena, spans };
}

/** Releases a span, and the chunk that it leaves empty. */
function release(arena: Arena, span: number): void {
  const { index } = arena.chunkAt(span);
  arena.spans.release(span);
  arena.releaseChunk(index);
}

describe("growth", () => {
  test("A36 there are no planes before the first chunk, and then a word for 16 bytes and 8 for a page", () => {
    const source = new SourceOnRecord();
    using arena = new Arena({ source });
    expect(planeLengths(arena)).toEqual([0, 0]);
    expect(source.planes.asked).toEqual([]);
    arena.reserve(1);
    expect(arena.planes.coveredBytes).toBe(32 * KIB);
    expect(planeLengths(arena)).toEqual([2 * KIB, 64]);
    expect(source.planes.asked).toEqual([8 * KIB, 256]);
  });

  test("A36 coverage doubles up to 16 MiB, and is 1 GiB from there on", () => {
    const source = new SourceOnRecord();
    using arena = new Arena({ source });
    const covered = [16 * KIB, 64 * KIB, 128 * KIB, 1 * MIB, 2 * MIB, 8 * MIB, 16 * MIB].map(
      (byteLength) => {
        arena.reserve(byteLength);
        return arena.planes.coveredBytes / KIB;
      },
    );
    expect(covered).toEqual([32, 128, 256, 2 * KIB, 4 * KIB, 16 * KIB, 2 ** 20]);
    expect(source.planes.live.size).toBe(2);
    arena.verify();
  });

  test("A36 new cells and page records are zero", () => {
    using arena = new Arena();
    for (const byteLength of [PAGE, 100 * KIB, 3 * MIB]) {
      const span = arena.spans.reserve(byteLength / PAGE, WITH_CELLS);
      expect(keptCells(arena, span, byteLength / PAGE)).toBe(0);
      const record = recordAt(span);
      for (const word of [NEXT_WORD, PREVIOUS_WORD, HIGH_WATER_WORD])
        expect(arena.planes.pages[record | word]).toBe(0);
      fillCells(arena, span, byteLength / PAGE);
    }
  });

  test("A37 growth keeps the cells and the record of each span that has cells", () => {
    using arena = new Arena();
    const spans = [1, 3, 2].map((pageCount) => {
      const span = arena.spans.reserve(pageCount, WITH_CELLS);
      fillCells(arena, span, pageCount);
      const record = recordAt(span);
      arena.planes.pages.set([11, 12, 13], record | NEXT_WORD);
      return { span, pageCount, record };
    });
    for (const byteLength of [64 * KIB, 1 * MIB, 17 * MIB]) {
      const { cells } = arena.planes;
      arena.reserve(byteLength);
      expect(arena.planes.cells === cells).toBe(false);
      arena.verify();
      for (const { span, pageCount, record } of spans) {
        expect(keptCells(arena, span, pageCount)).toBe(pageCount * CELLS_PER_PAGE);
        const words = [NEXT_WORD, PREVIOUS_WORD, HIGH_WATER_WORD];
        expect(words.map((word) => arena.planes.pages[record | word])).toEqual([11, 12, 13]);
      }
    }
  });

  test("A37 growth drops cells of free pages, of spans without cells, and behind the second page of a dedicated span", () => {
    using arena = new Arena();
    const owners = [WITH_CELLS, 5, WITH_CELLS | DEDICATED_FLAG, 0];
    const [kept, without, dedicated, unowned] = owners.map((ownerWord) =>
      arena.spans.reserve(ownerWord === 0 ? 1 : 4, ownerWord),
    ) as [number, number, number, number];
    const free = arena.spans.reserve(4, WITH_CELLS);
    const one = arena.spans.reserve(1, WITH_CELLS | DEDICATED_FLAG);
    for (const span of [kept, without, dedicated, free]) fillCells(arena, span, 4);
    for (const span of [unowned, one]) fillCells(arena, span, 1);
    arena.spans.release(free);
    arena.reserve(1 * MIB);
    expect(keptCells(arena, kept, 4)).toBe(4 * CELLS_PER_PAGE);
    expect(keptCells(arena, without, 4)).toBe(0);
    expect(keptCells(arena, dedicated, 4)).toBe(2 * CELLS_PER_PAGE);
    expect(keptCells(arena, one, 1)).toBe(CELLS_PER_PAGE);
    expect(keptCells(arena, unowned, 1)).toBe(0);
    expect(keptCells(arena, free, 4)).toBe(0);
    arena.verify();
  });

  test("A19 A36 cells are apart from the bytes of a chunk", () => {
    using arena = new Arena();
    const span = arena.spans.reserve(4, WITH_CELLS);
    const chunk = arena.chunkAt(span);
    chunk.u8.fill(0x55);
    expect(keptCells(arena, span, 4)).toBe(0);
    fillCells(arena, span, 4);
    expect(chunk.u8.every((byte) => byte === 0x55)).toBe(true);
    arena.verify();
  });

  test("A4 A36 beyond 1 GiB they cover all addresses, up to the last one", () => {
    using arena = new Arena({ initialChunkBytes: 2 ** 30 });
    const spans = Array.from({ length: 3 }, () => arena.spans.reserve(2 ** 30 / PAGE, WITH_CELLS));
    expect(spans).toEqual([2 ** 30, 2 ** 31, 3 * 2 ** 30]);
    expect(arena.planes.coveredBytes).toBe(2 ** 32);
    expect(planeLengths(arena)).toEqual([2 ** 28, 2 ** 23]);
    expect(arena.chunkAt(2 ** 32 - 1).ownerAt(2 ** 32 - 1)).toBe(5);
    const cell = cellAt(2 ** 32 - 16);
    arena.planes.cells[cell] = 77;
    arena.reserve(1);
    expect(arena.planes.cells[cell]).toBe(77);
    arena.spans.release(spans[2] as number);
    arena.verify();
    expect(arena.spans.reserve(2 ** 29 / PAGE, 6)).toBe(2 ** 29);
    arena.verify();
  });
});

describe("a source of planes that refuses", () => {
  test.each([
    ["the cells", [3, 4]],
    ["the page records", [4, 6]],
  ])("A26 A38 %s: nothing has changed, and the range of the chunk went back", (_, requests) => {
    const source = new SourceOnRecord();
    using arena = new Arena({ source });
    const span = arena.spans.reserve(2, WITH_CELLS);
    fillCells(arena, span, 2);
    const { cells, pages, coveredBytes } = arena.planes;
    source.planes.refusedRequests = requests;
    const error = checkRefusal(arena, OutOfMemoryError, () => arena.reserve(100 * KIB));
    expect(error).toMatchObject({ code: "PERFLOC_ARENA_OUT_OF_MEMORY", requestedBytes: 100 * KIB });
    expect(String(error.cause)).toContain("refused");
    expect(arena.planes).toMatchObject({ coveredBytes });
    expect(arena.planes.cells === cells && arena.planes.pages === pages).toBe(true);
    expect([source.live.size, source.planes.live.size]).toEqual([1, 2]);
    expect(keptCells(arena, span, 2)).toBe(2 * CELLS_PER_PAGE);
    // The next call works as if the failed one had not been made.
    expect(arena.reserve(100 * KIB)).toBe(96 * KIB);
    expect(keptCells(arena, span, 2)).toBe(2 * CELLS_PER_PAGE);
    arena.verify();
  });

  test("A38 where so much cannot be had ahead, the planes cover what is held", () => {
    const source = new SourceOnRecord();
    using arena = new Arena({ source });
    const span = arena.spans.reserve(1, WITH_CELLS);
    fillCells(arena, span, 1);
    source.planes.longestBytes = 16 * MIB;
    const long = arena.reserve(20 * MIB);
    const chunk = arena.chunkAt(long);
    expect(arena.planes.coveredBytes).toBe(chunk.base + chunk.byteLength);
    expect(source.planes.live.size).toBe(2);
    expect(keptCells(arena, span, 1)).toBe(CELLS_PER_PAGE);
    arena.verify();
  });

  test("A38 a source of chunks that cannot take memory back keeps the range", () => {
    const source = new SourceOnRecord();
    const capabilities = { ...source.capabilities, canRelease: false };
    const arena = new Arena({ source: Object.assign(source, { capabilities }) });
    source.planes.refusedRequests = [1];
    checkRefusal(arena, OutOfMemoryError, () => arena.reserve(1));
    expect(source.live.size).toBe(1);
    arena.reserve(1);
    arena.verify();
  });

  test("A26 A38 nor does it matter that the source of chunks refuses to take it back", () => {
    const source = new SourceOnRecord();
    const arena = new Arena({ source });
    source.planes.refusedRequests = [1];
    source.refusesRelease = true;
    const error = checkRefusal(arena, OutOfMemoryError, () => arena.reserve(1));
    expect(String(error.cause)).toContain("plane 1 refused");
    arena.reserve(1);
    arena.verify();
  });

  test.each([
    ["too short", { buffer: new ArrayBuffer(64), byteOffset: 0 }],
    ["misaligned", { buffer: new ArrayBuffer(1 * MIB), byteOffset: 4 }],
    ["before its buffer", { buffer: new ArrayBuffer(1 * MIB), byteOffset: -8 }],
    ["no range", {} as never],
  ])("A12 A38 a plane that is %s is refused", (_, range) => {
    const source = new SourceOnRecord();
    const released: unknown[] = [];
    const planes: PlaneSource = {
      acquirePlane: () => range,
      releasePlane: (back) => void released.push(back),
    };
    const arena = new Arena({ source: Object.assign(source, { planes }) });
    checkRefusal(arena, OutOfMemoryError, () => arena.reserve(1));
    expect(released).toEqual([range, ...(released.length > 1 ? [range] : [])]);
    expect(source.live.size).toBe(0);
    expect(arena.planes.coveredBytes).toBe(0);
  });

  test("A28 a source of planes has its two members, or is left out", () => {
    for (const planes of [5, {}, { acquirePlane: () => undefined }, { releasePlane: () => {} }]) {
      const source = Object.assign(new ArrayBufferSource(), {}) as BufferSource;
      Object.defineProperty(source, "planes", { value: planes });
      expect(() => new Arena({ source })).toThrow(InvalidOptionError);
    }
    for (const planes of [undefined, null]) {
      const source = new ArrayBufferSource();
      Object.defineProperty(source, "planes", { value: planes });
      using arena = new Arena({ source });
      expect(arena.reserve(1)).toBe(PAGE);
    }
  });
});

describe("compaction", () => {
  test("A39 planes are rebuilt when 1 MiB of them is stale and no more is in use, as long as is needed", () => {
    const source = new SourceOnRecord();
    const { arena, spans } = withChunks(source);
    expect(arena.planes.coveredBytes).toBe(16 * MIB);
    const requests = source.planes.asked.length;
    // 2 MiB of cells are stale, somewhat less belongs to the chunks below.
    release(arena, spans.pop() as number);
    expect(arena.planes.coveredBytes).toBe(8 * MIB);
    expect(source.planes.asked).toHaveLength(requests + 2);
    release(arena, spans.pop() as number);
    expect(arena.planes.coveredBytes).toBe(4 * MIB);
    expect(source.planes.asked).toHaveLength(requests + 4);
    expect(source.planes.live.size).toBe(2);
    for (const span of spans) expect(keptCells(arena, span, 1)).toBe(CELLS_PER_PAGE);
    // 2 MiB and 1 MiB of addresses together have less than 1 MiB.
    for (const span of spans.splice(-2)) release(arena, span);
    expect(source.planes.asked).toHaveLength(requests + 4);
    arena.verify();
  });

  test("A39 cells of released chunks below a busy one are given back", () => {
    const source = new SourceOnRecord();
    const { arena, spans } = withChunks(source);
    const last = spans.pop() as number;
    const { cells } = arena.planes;
    for (const span of spans) release(arena, span);
    // Not yet: the chunk that is left has more.
    expect(arena.planes.cells === cells).toBe(true);
    for (const span of spans) expect(keptCells(arena, span, 1)).toBe(CELLS_PER_PAGE);
    const again = arena.spans.reserve(16, WITH_CELLS);
    release(arena, again);
    expect(arena.planes.cells === cells).toBe(false);
    for (const span of spans) expect(keptCells(arena, span, 1)).toBe(0);
    expect(keptCells(arena, last, 1)).toBe(CELLS_PER_PAGE);
    expect(arena.planes.coveredBytes).toBe(16 * MIB);
    arena.verify();
  });

  test("A39 of chunks that never had cells only the page records count: 1 MiB of them for 128 MiB", () => {
    const source = new SourceOnRecord();
    const arena = new Arena({ source });
    arena.reserve(1);
    const spans = Array.from({ length: 4 }, () => arena.reserve(32 * MIB));
    const requests = source.planes.asked.length;
    for (const [count, span] of spans.entries()) {
      expect(source.planes.asked).toHaveLength(requests);
      arena.release(span);
      arena.releaseChunk(arena.chunkAt(span).index);
      expect(arena.stats().heldChunks).toBe(4 - count);
    }
    expect(source.planes.asked).toHaveLength(requests + 2);
    expect(arena.planes.coveredBytes).toBe(32 * KIB);
    arena.verify();
  });

  test("A39 when the last chunk goes, the planes go", () => {
    const source = new SourceOnRecord();
    const { arena, spans } = withChunks(source);
    for (const span of spans) arena.spans.release(span);
    for (const chunk of arena.chunks.toReversed()) arena.releaseChunk(chunk.index);
    expect(arena.stats()).toMatchObject({ heldBytes: 0, planeBytes: 0 });
    // What is left is less than 1 MiB of cells.
    const leftBytes = [...source.planes.live].reduce(
      (sum, { buffer }) => sum + buffer.byteLength,
      0,
    );
    expect(leftBytes).toBeLessThan(2 * MIB);
    arena.verify();
    const long = arena.spans.reserve((8 * MIB) / PAGE, WITH_CELLS);
    expect(keptCells(arena, long, 1)).toBe(0);
    release(arena, long);
    expect(source.planes.live.size).toBe(0);
    expect(arena.planes.coveredBytes).toBe(0);
    expect(arena.reserve(1)).toBe(PAGE);
    arena.verify();
  });

  test("A39 a source that has no memory for new planes leaves the old ones, and is asked again", () => {
    const source = new SourceOnRecord();
    const { arena, spans } = withChunks(source);
    const { cells, coveredBytes } = arena.planes;
    source.planes.longestBytes = 0;
    release(arena, spans.pop() as number);
    expect(arena.planes.cells === cells).toBe(true);
    arena.verify();
    source.planes.longestBytes = Infinity;
    release(arena, spans.shift() as number);
    expect(arena.planes.coveredBytes).toBeLessThan(coveredBytes);
    for (const span of spans) expect(keptCells(arena, span, 1)).toBe(CELLS_PER_PAGE);
    arena.verify();
  });

  test("A27 A39 dispose gives the planes back", () => {
    const source = new SourceOnRecord();
    const { arena } = withChunks(source);
    arena.dispose();
    expect([source.live.size, source.planes.live.size]).toEqual([0, 0]);
    expect(planeLengths(arena)).toEqual([0, 0]);
    arena.dispose();
    arena.verify();
  });
});

test("A22 planeBytes counts page records of all held chunks, and cells of those that ever had any", () => {
  using arena = new Arena();
  expect(arena.stats().planeBytes).toBe(0);
  arena.reserve(1);
  expect(arena.stats().planeBytes).toBe(8 * 32);
  const span = arena.spans.reserve(16, WITH_CELLS);
  expect(arena.stats().planeBytes).toBe(8 * 32 + 16 * (32 + 1024));
  arena.spans.release(span);
  expect(arena.stats().planeBytes).toBe(8 * 32 + 16 * (32 + 1024));
  arena.releaseChunk(arena.chunkAt(span).index);
  expect(arena.stats().planeBytes).toBe(8 * 32);
  arena.reserve(16 * PAGE);
  expect(arena.stats().planeBytes).toBe((8 + 16) * 32);
});
