import { Arena, CorruptionError, type TopChunk } from "@perfloc/arena";
import {
  CELLS_FLAG,
  NEXT_WORD,
  OWNER_WORD,
  PAGE_WORDS_SHIFT,
  RUN_WORD,
  recordAt,
} from "@perfloc/arena/internal";
import { describe, expect, test } from "vitest";
import { errorOf, stateOf } from "./arena-state.js";

const PAGE = 4096;

interface Parts {
  readonly arena: Arena;
  readonly first: TopChunk;
  readonly second: TopChunk;
  /** The page table. */
  readonly pages: Int32Array;
}

/** An arena with spans in two chunks and a third chunk that is empty. */
function someArena(): Parts {
  const arena = new Arena();
  // Pages 1 to 3; pages 4 to 7 are free.
  arena.reserve(3 * PAGE);
  arena.reserve(64 * 1024);
  const long = arena.reserve(128 * 1024);
  arena.release(long);
  arena.verify();
  return {
    arena,
    first: arena.chunks[0] as TopChunk,
    second: arena.chunks[1] as TopChunk,
    pages: arena.planes.pages,
  };
}

/** As `someArena`, with two pages and a block of two parked: pages 4, 5 and 6 to 7. */
function withParked(): Parts {
  const parts = someArena();
  const { spans } = parts.arena;
  const parked = [1, 1, 2].map((pageCount) => spans.reserve(pageCount, 9));
  expect(parked).toEqual([4 * PAGE, 5 * PAGE, 6 * PAGE]);
  for (const span of parked) spans.park(span);
  parts.arena.verify();
  return parts;
}

/** Writes a value over a property that has only a getter: as a stray write would. */
function overwrite(chunk: TopChunk, name: keyof TopChunk, value: unknown): void {
  Object.defineProperty(chunk, name, { configurable: true, value });
}

function setRun(pages: Int32Array, page: number, run: number): void {
  pages[(page << PAGE_WORDS_SHIFT) | RUN_WORD] = run;
}

function setNext(pages: Int32Array, page: number, next: number): void {
  pages[(page << PAGE_WORDS_SHIFT) | NEXT_WORD] = next;
}

/** What goes behind the arena's back, and what verify says about it. */
const damages: [string, (parts: Parts) => void][] = [
  ["a span that the arena did not hand out", ({ pages }) => setRun(pages, 5, 1)],
  [
    "a span that is gone",
    ({ pages }) => {
      for (const page of [1, 2, 3]) setRun(pages, page, 0);
    },
  ],
  [
    "a span that is longer than the arena knows",
    ({ pages }) => {
      setRun(pages, 1, 4);
      setRun(pages, 4, -3);
    },
  ],
  ["a chunk that is gone", ({ second }) => second.vacate()],
  ["a chunk that is missing in the vector", ({ arena }) => void (arena.chunks as TopChunk[]).pop()],
  [
    "a chunk that is twice in the vector",
    ({ arena, first }) => void (arena.chunks as TopChunk[]).push(first),
  ],
  [
    "chunks in another order",
    ({ arena }) =>
      (arena.chunks as TopChunk[]).splice(0, 2, ...arena.chunks.slice(0, 2).toReversed()),
  ],
  ["a wrong base", ({ second }) => overwrite(second, "base", 0)],
  ["wrong used bytes", ({ first }) => overwrite(first, "usedBytes", PAGE)],
  ["a wrong length", ({ first }) => overwrite(first, "byteLength", 16_384)],
  ["wrong room", ({ first }) => first.buddy?.occupy(4, 4)],
  [
    "a free page that the buddy takes for occupied",
    ({ arena }) => arena.chunks[2]?.buddy?.occupy(0, 1),
  ],
  [
    "another free page than the buddy knows",
    ({ first }) => {
      first.buddy?.occupy(4, 1);
      first.buddy?.vacate(1, 1);
    },
  ],
  ["a vacant chunk with bytes", ({ first }) => overwrite(first, "isHeld", false)],
  ["planes that are too short", ({ arena }) => void (arena.planes.coveredBytes = PAGE)],
];

const parkedDamages: [string, (parts: Parts) => void][] = [
  ["a parked span that is handed out", ({ pages }) => setRun(pages, 4, 1)],
  ["a page of one that is handed out", ({ pages }) => setRun(pages, 7, 1)],
  ["a list that ends too early", ({ pages }) => setNext(pages, 5, 0)],
  ["a list that goes on", ({ pages }) => setNext(pages, 4, 6)],
  ["a list that ends nowhere", ({ pages }) => setNext(pages, 4, 5)],
  [
    "a parked span of another chunk",
    ({ first, second }) => void (first.parked.heads[0] = second.base / PAGE),
  ],
  ["a parked span below the chunk", ({ first }) => void (first.parked.heads[0] = -1)],
  ["a parked span that reaches past the chunk", ({ first }) => void (first.parked.heads[1] = 7)],
  ["two parked spans that overlap", ({ pages }) => setNext(pages, 5, 6)],
  ["a wrong count", ({ first }) => void first.parked.spanCount++],
];

describe("verify", () => {
  test.each(damages)("A23 finds %s", (_, damage) => {
    const parts = someArena();
    damage(parts);
    const error = errorOf(CorruptionError, () => parts.arena.verify());
    expect(error.code).toBe("PERFLOC_ARENA_CORRUPT");
    expect(error.address).toBeGreaterThanOrEqual(0);
  });

  test.each(parkedDamages)("A23 A32 finds %s", (_, damage) => {
    const parts = withParked();
    damage(parts);
    expect(errorOf(CorruptionError, () => parts.arena.verify()).code).toBe("PERFLOC_ARENA_CORRUPT");
  });

  test.each([
    ["a negative run at the beginning", 1, -1],
    ["a free page inside a span", 2, 0],
    ["a span that reaches past the chunk", 1, 9],
  ])("A23 finds %s", (_, damagedPage, run) => {
    const { arena, pages } = someArena();
    setRun(pages, damagedPage, run);
    expect(errorOf(CorruptionError, () => arena.verify()).address).toBe(PAGE);
  });

  test("A23 finds no fault in an empty, a used and a disposed arena", () => {
    new Arena().verify();
    const { arena } = someArena();
    arena.verify();
    arena.dispose();
    arena.verify();
  });
});

/** Spans with and without owners, of one page and of several, parked ones, free pages, NULL, a chunk of each kind. */
function mixedArena(): Arena {
  const { arena } = withParked();
  arena.spans.resize(PAGE, 1);
  arena.spans.reserve(2, 0xff_ffff | CELLS_FLAG);
  for (const pageCount of [1, 3, 9, 4]) arena.spans.reserve(pageCount, pageCount | CELLS_FLAG);
  arena.verify();
  return arena;
}

/** Flips each bit of a word of each held page; returns the pages where verify found nothing. */
function unfound(arena: Arena, word: number): number[] {
  const { pages } = arena.planes;
  const before = stateOf(arena);
  const missed = new Set<number>();
  for (const chunk of arena.chunks) {
    for (let page = chunk.firstPage; page < chunk.firstPage + chunk.pageCount; page++) {
      const at = recordAt(page * PAGE) | word;
      const value = pages[at] as number;
      for (let bit = 0; bit < 32; bit++) {
        pages[at] = value ^ (1 << bit);
        try {
          arena.verify();
          missed.add(page);
        } catch (error) {
          expect(error).toBeInstanceOf(CorruptionError);
        }
      }
      pages[at] = value;
    }
  }
  arena.verify();
  expect(stateOf(arena)).toEqual(before);
  return [...missed];
}

describe("a bit that flips in the page table", () => {
  test("A23 is found in every run of every held page", () => {
    expect(unfound(mixedArena(), RUN_WORD)).toEqual([]);
  });

  test("A23 is found in every owner, but of a span of one page: only its owner knows better", () => {
    const arena = mixedArena();
    const ones = arena.chunks.flatMap((chunk) =>
      Array.from({ length: chunk.pageCount }, (_, page) => chunk.firstPage + page).filter(
        (page) => arena.planes.pages[recordAt(page * PAGE) | RUN_WORD] === 1,
      ),
    );
    // What is a span of one page: the first one, and the one of owner 1.
    expect(ones).toHaveLength(2);
    expect(unfound(arena, OWNER_WORD)).toEqual(ones);
  });

  test("A23 A32 is found in every link between parked spans", () => {
    const { arena, pages } = withParked();
    for (const page of [4, 5, 6]) {
      const at = recordAt(page * PAGE) | NEXT_WORD;
      const value = pages[at] as number;
      for (let bit = 0; bit < 32; bit++) {
        pages[at] = value ^ (1 << bit);
        expect(() => arena.verify(), `page ${page} bit ${bit}`).toThrow(CorruptionError);
      }
      pages[at] = value;
    }
    arena.verify();
  });
});
