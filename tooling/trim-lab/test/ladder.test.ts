import { expect, test } from "vitest";
import { ladderFor } from "../src/ladder.js";

const KIB = 1024;
const MIB = 1024 * KIB;

test("levels double from 32 KiB to 32 MiB and stay there, each where the one below ends", () => {
  const levels = ladderFor(512 * MIB - 32 * KIB);
  expect(levels).toHaveLength(25);
  expect(levels[0]).toEqual({ index: 0, base: 0, byteLength: 32 * KIB });
  for (const [at, level] of levels.entries()) {
    const below = levels[at - 1] ?? { base: 0, byteLength: 0 };
    expect(level.base).toBe(below.base + below.byteLength);
    expect(level.byteLength).toBe(Math.min(32 * KIB * 2 ** at, 32 * MIB));
  }
  expect(levels.at(-1)).toMatchObject({ base: 480 * MIB - 32 * KIB, byteLength: 32 * MIB });
});

test("a peak takes the levels that it needs and no more", () => {
  expect(ladderFor(32 * KIB)).toHaveLength(1);
  expect(ladderFor(32 * KIB + 1)).toHaveLength(2);
  expect(ladderFor(0)).toEqual([]);
});

test("where it starts and where it stops can be said", () => {
  const lengths = ladderFor(20, { initialBytes: 2, capBytes: 8 }).map(
    ({ byteLength }) => byteLength,
  );
  expect(lengths).toEqual([2, 4, 8, 8]);
});
