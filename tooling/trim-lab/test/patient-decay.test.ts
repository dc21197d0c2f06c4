import { BREAK_EVEN_MS } from "@perfloc/trim";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { patientDecay } from "../src/candidates/patient-decay.js";
import { scoreOf } from "../src/score.js";
import { type Run, simulate } from "../src/simulation.js";
import { listed } from "./support/shapes.js";

const KIB = 1024;
const TICK_MS = 50;

/** One chunk, in use for a second and idle for each of `gapsMs`. */
function loneChunk(...gapsMs: readonly number[]): Run {
  const demand = gapsMs.flatMap((gapMs) =>
    Array.from({ length: 20 + gapMs / TICK_MS }, (_, tick) => (tick < 20 ? 1 : 0)),
  );
  return simulate(patientDecay(), listed(demand, TICK_MS));
}

/** How long the chunk was held in its last gap. */
function heldInLastGapMs({ needs: { needed }, held }: Run): number {
  const from = needed.lastIndexOf(1) + 1;
  const released = held.indexOf(0, from);
  return ((released < 0 ? held.length : released) - from) * TICK_MS;
}

/** The same after so many gaps of a length. */
function heldAfter(count: number, gapMs: number): number {
  const gaps = Array.from({ length: count }, () => gapMs);
  return heldInLastGapMs(loneChunk(...gaps, 60_000));
}

test("a lone chunk without a past goes after half the first horizon", () => {
  expect(heldInLastGapMs(loneChunk(60_000))).toBe(6400);
});

test("after short gaps it waits for longer, up to the best time for who knows nothing", () => {
  const held = [1, 2, 3, 20].map((count) => heldAfter(count, 3000));
  expect(held).toEqual([8200, 9100, 9550, BREAK_EVEN_MS]);
});

test("after long gaps it goes sooner, and hardly waits in the end", () => {
  const held = [1, 2, 3, 20].map((count) => heldAfter(count, 30_000));
  expect(held).toEqual([3700, 2350, 1700, 1050]);
});

test("chunks go from the highest on, as the curve asks for less", () => {
  const peak = 32 * KIB * 31;
  const demand = [
    ...Array.from({ length: 20 }, () => peak),
    ...Array.from({ length: 400 }, () => 0),
  ];
  const { needs, held } = simulate(patientDecay(), listed(demand, TICK_MS));
  const heldUntil = needs.levels.map(({ index }) => {
    const marks = held.filter((_, at) => at % needs.levels.length === index);
    return marks.lastIndexOf(1);
  });
  expect(heldUntil).toEqual(heldUntil.toSorted((a, b) => b - a));
  expect(new Set(heldUntil).size).toBe(5);
});

test("nothing that anyone can ask of one chunk costs more than 2.4 times the optimum", () => {
  const gap = fc.oneof(
    fc.integer({ min: 1, max: 12 }).map((seconds) => seconds * 1000),
    fc.integer({ min: 18, max: 220 }).map((ticks) => ticks * TICK_MS),
  );
  fc.assert(
    fc.property(fc.array(gap, { minLength: 1, maxLength: 40 }), (gapsMs) => {
      const { costByteMs, optimalByteMs } = scoreOf(loneChunk(...gapsMs));
      // One lesson is owed at the start: the first gap is met without a past.
      expect(costByteMs).toBeLessThanOrEqual(2.4 * optimalByteMs + 32 * KIB * BREAK_EVEN_MS);
    }),
  );
});
