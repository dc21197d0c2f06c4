import { Arena, CorruptionError, type TopChunk } from "@perfloc/arena";
import { describe, expect, test } from "vitest";
import { errorOf } from "./arena-state.js";

const PAGE = 4096;

/** An arena with spans in two chunks and a third chunk that is empty. */
function someArena(): { arena: Arena; first: TopChunk; second: TopChunk } {
  const arena = new Arena();
  arena.reserve(3 * PAGE);
  arena.reserve(64 * 1024);
  const long = arena.reserve(128 * 1024);
  arena.release(long);
  arena.verify();
  return { arena, first: arena.chunks[0] as TopChunk, second: arena.chunks[1] as TopChunk };
}

/** Writes a value over a property that has only a getter: as a stray write would. */
function overwrite(chunk: TopChunk, name: keyof TopChunk, value: unknown): void {
  Object.defineProperty(chunk, name, { configurable: true, value });
}

/** What goes behind the arena's back, and what verify says about it. */
const damages: [string, (chunks: { arena: Arena; first: TopChunk; second: TopChunk }) => void][] = [
  [
    "a span that the arena did not hand out",
    ({ second, first }) => void (first.reserveRun(1, 0) + second.index),
  ],
  ["a span that is gone", ({ first }) => void first.releaseRun(4)],
  ["a span that is longer than the arena knows", ({ first }) => void first.resizeRun(4, 4)],
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
  ["wrong room", ({ first }) => overwrite(first, "room", 0)],
  [
    "a parked span that is handed out",
    ({ arena, second }) => {
      const owner = { base: arena.reserve(4096), nextParked: undefined };
      arena.chunkAt(owner.base).setOwner(owner.base, owner);
      arena.park(owner, {});
      owner.base = second.base;
    },
  ],
  ["a vacant chunk with bytes", ({ first }) => overwrite(first, "isHeld", false)],
];

describe("verify", () => {
  test.each(damages)("A23 finds %s", (_, damage) => {
    const parts = someArena();
    damage(parts);
    const error = errorOf(CorruptionError, () => parts.arena.verify());
    expect(error.code).toBe("PERFLOC_ARENA_CORRUPT");
    expect(error.address).toBeGreaterThanOrEqual(0);
  });

  test.each([
    ["a negative run at the beginning", 4, -1],
    ["a free page inside a span", 5, 0],
    ["a span that reaches past the chunk", 4, 9],
  ])("A23 finds %s", (_, damagedPage, run) => {
    const { arena, first } = someArena();
    const runAt = first.runAt.bind(first);
    overwrite(first, "runAt", (page: number) => (page === damagedPage ? run : runAt(page)));
    expect(errorOf(CorruptionError, () => arena.verify()).address).toBe(4 * PAGE);
  });

  test("A23 finds no fault in an empty, a used and a disposed arena", () => {
    new Arena().verify();
    const { arena } = someArena();
    arena.verify();
    arena.dispose();
    arena.verify();
  });
});
