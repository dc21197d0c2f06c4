/** Small traces of needs, written down or random. */
import * as fc from "fast-check";
import { type Level, ladderFor } from "../../src/ladder.js";
import type { NeedTrace } from "../../src/need-trace.js";

const KIB = 1024;

/** So long that a gap of a few ticks is around the break-even time. */
const TICK_MS = 3000;

/** So many levels, doubling from 32 KiB. */
function levelsOf(count: number): readonly Level[] {
  return ladderFor(32 * KIB * (2 ** count - 1));
}

/** @param marks - for each tick, the levels from the lowest on: `x` is needed */
export function traceOf(...marks: readonly string[]): NeedTrace {
  const levels = levelsOf(marks[0]!.length);
  const needed = Uint8Array.from(marks.join(""), (mark) => (mark === "x" ? 1 : 0));
  return { tickMs: TICK_MS, ticks: marks.length, levels, needed };
}

/** Needs of each level by itself, as with pins. */
export function anyNeeds(maxLevels: number, maxTicks: number): fc.Arbitrary<NeedTrace> {
  return fc
    .tuple(fc.integer({ min: 1, max: maxLevels }), fc.integer({ min: 1, max: maxTicks }))
    .chain(([levelCount, ticks]) =>
      fc
        .array(fc.boolean(), { minLength: levelCount * ticks, maxLength: levelCount * ticks })
        .map((marks) => ({
          tickMs: TICK_MS,
          ticks,
          levels: levelsOf(levelCount),
          needed: Uint8Array.from(marks, Number),
        })),
    );
}

/** Needs of the lowest levels, as without pins. */
export function prefixNeeds(maxLevels: number, maxTicks: number): fc.Arbitrary<NeedTrace> {
  return fc
    .integer({ min: 1, max: maxLevels })
    .chain((levelCount) =>
      fc
        .array(fc.integer({ min: 0, max: levelCount }), { minLength: 1, maxLength: maxTicks })
        .map((heights) =>
          traceOf(...heights.map((height) => "x".repeat(height).padEnd(levelCount, "."))),
        ),
    );
}
