/**
 * What the default has to reach, in the simulation: on average over ordinary traffic at most 1.3 times the optimum, never more than
 * 1.7 times, 2 times against an adversary; and what comes back is at most twice what demand rose by.
 *
 * Measured at 512 and 24 MiB: 1.26 and 1.25 on average, 1.64 and 1.65 at worst, 1.80 and 1.81 against adversaries.
 */
import { type TrimPolicy, defaultPolicy, thrashGuard } from "@perfloc/trim";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Scale, ShapeKind } from "../src/demand-shape.js";
import type { Watch } from "../src/look-times.js";
import { recommitRatio } from "../src/standing.js";
import { type Score, scoreOf } from "../src/score.js";
import { SCALES, allShapes } from "../src/shapes/all-shapes.js";
import { simulate } from "../src/simulation.js";
import { anyDemand } from "./support/shapes.js";

const WATCHES: readonly Watch[] = ["ticks", "trimmer"];

const CASES = SCALES.flatMap((scale) => WATCHES.map((watch) => ({ scale, watch })));

const KINDS: readonly ShapeKind[] = ["ordinary", "adversary", "hopeless"];

interface ShapeScore {
  readonly shape: string;
  readonly score: Score;
}

function scoresOf(
  policy: TrimPolicy,
  kind: ShapeKind,
  scale: Scale,
  watch: Watch,
): readonly ShapeScore[] {
  return allShapes(scale)
    .filter((shape) => shape.kind === kind)
    .map((shape) => ({
      shape: shape.name,
      score: scoreOf(simulate(policy, shape, { watch })),
    }));
}

test.each(CASES)("ordinary traffic, peaks of $scale.name, looks: $watch", ({ scale, watch }) => {
  const scores = scoresOf(defaultPolicy(), "ordinary", scale, watch);
  expect(scores.filter(({ score }) => score.ratio > 1.7)).toEqual([]);
  const sum = scores.reduce((total, { score }) => total + score.ratio, 0);
  expect(sum / scores.length).toBeLessThanOrEqual(1.3);
});

test.each(CASES)("adversaries, peaks of $scale.name, looks: $watch", ({ scale, watch }) => {
  const scores = scoresOf(defaultPolicy(), "adversary", scale, watch);
  expect(scores.filter(({ score }) => score.ratio > 2)).toEqual([]);
});

test("what comes back, under every shape", () => {
  for (const { scale, watch } of CASES) {
    const scores = KINDS.flatMap((kind) => scoresOf(defaultPolicy(), kind, scale, watch));
    expect(scores.filter(({ score }) => recommitRatio(score) > 2)).toEqual([]);
  }
});

test.each([
  ["the default", defaultPolicy()],
  ["the guard alone", thrashGuard()],
])("what comes back to %s, under any demand", (_, policy) => {
  fc.assert(
    fc.property(anyDemand(), fc.constantFrom(...WATCHES), (shape, watch) => {
      const score = scoreOf(simulate(policy, shape, { watch, tickMs: 250 }));
      expect(recommitRatio(score)).toBeLessThanOrEqual(2);
    }),
    { numRuns: 500 },
  );
});
