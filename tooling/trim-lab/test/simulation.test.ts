import {
  EMPTY_LEDGER,
  type TrimLedger,
  type TrimPolicy,
  decay,
  defaultPolicy,
  immediate,
  keepAll,
  observeLedger,
  patientDecay,
  peakWindow,
  ratioToOptimum,
} from "@perfloc/trim";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Watch } from "../src/look-times.js";
import { scoreOf } from "../src/score.js";
import { SCALES, allShapes } from "../src/shapes/all-shapes.js";
import { type Run, simulate } from "../src/simulation.js";
import { anyDemand, listed } from "./support/shapes.js";

const KIB = 1024;

/** What was taken and what was released from one tick to the next. */
function changesOf({ needs: { ticks, levels }, held }: Run): { taken: number; released: number } {
  let taken = 0;
  let released = 0;
  for (let tick = 0; tick < ticks; tick++) {
    for (const { index, byteLength } of levels) {
      const at = tick * levels.length + index;
      const was = tick === 0 ? 0 : held[at - levels.length]!;
      if (held[at]! > was) taken += byteLength;
      if (held[at]! < was) released += byteLength;
    }
  }
  return { taken, released };
}

/** Releases whatever there is, also what is needed. */
const greedy: TrimPolicy = {
  name: "greedy",
  decide: ({ chunks }) =>
    chunks.map(({ chunkIndex }) => ({ chunkIndex, action: "release", reason: "greedy" })),
};

const policies = (): readonly TrimPolicy[] => [
  keepAll(),
  immediate(),
  greedy,
  peakWindow(),
  decay(),
  defaultPolicy(),
  patientDecay(),
];

test("held is taken less released, and what is needed is held", () => {
  fc.assert(
    fc.property(anyDemand(), (shape) => {
      for (const policy of policies()) {
        const run = simulate(policy, shape, { tickMs: 250 });
        const { ticks, levels, needed } = run.needs;
        for (let at = 0; at < needed.length; at++) {
          expect(run.held[at]).toBeGreaterThanOrEqual(needed[at]!);
        }
        const { taken, released } = changesOf(run);
        let heldAtEnd = 0;
        for (const { index, byteLength } of levels) {
          heldAtEnd += run.held[(ticks - 1) * levels.length + index]! * byteLength;
        }
        expect(taken - released).toBe(heldAtEnd);
        expect(run.takenBytes - run.releasedBytes).toBe(heldAtEnd);
      }
    }),
    { numRuns: 30 },
  );
});

test("a level is needed while demand reaches into it", () => {
  const run = simulate(keepAll(), listed([0, 1, 32 * KIB, 32 * KIB + 1, 96 * KIB, 0]));
  expect(run.needs.levels).toHaveLength(2);
  expect([...run.needs.needed]).toEqual([0, 0, 1, 0, 1, 0, 1, 1, 1, 1, 0, 0]);
  expect([...run.held]).toEqual([0, 0, 1, 0, 1, 0, 1, 1, 1, 1, 1, 1]);
});

test("a pin keeps the level that it lies in, whatever the demand", () => {
  const shape = { ...listed([96 * KIB, 0, 0]), start: pinned };
  expect([...simulate(immediate(), shape).held]).toEqual([1, 1, 0, 1, 0, 0]);

  function pinned() {
    return (ms: number) =>
      ms === 0 ? { bytes: 96 * KIB } : { bytes: 0, pins: ms === 50 ? [40 * KIB] : [] };
  }
});

test("a policy sees used bytes, cuts and time as from an arena", () => {
  const seen: unknown[] = [];
  const spy: TrimPolicy = {
    name: "spy",
    decide: ({ now, chunks }) => {
      seen.push([now, ...chunks.map(({ usedBytes, spansCut }) => [usedBytes, spansCut])]);
      return [];
    },
  };
  simulate(spy, listed([40 * KIB, 10, 40 * KIB]));
  expect(seen).toEqual([
    [0, [32 * KIB, 1], [8 * KIB, 1]],
    [50, [10, 1], [0, 1]],
    [100, [32 * KIB, 1], [8 * KIB, 2]],
  ]);
});

test("as a trimmer, the policy looks at the start, 100 ms after a chunk ran empty, and when something is due", () => {
  const looks: number[] = [];
  const patient: TrimPolicy = {
    name: "patient",
    decide: ({ now, releasable }) => {
      looks.push(now);
      return releasable.map(({ chunkIndex }) =>
        now < 1000
          ? { chunkIndex, action: "wait", dueAt: 1000, reason: "later" }
          : { chunkIndex, action: "release", reason: "now" },
      );
    },
  };
  const demand = [96 * KIB, 96 * KIB, 0];
  const run = simulate(patient, listed(demand, 50, 60), { watch: "trimmer" });
  expect(looks).toEqual([0, 200, 1000]);
  expect(run.looks).toBe(3);
  expect(run.releasedBytes).toBe(96 * KIB);
});

test("as a trimmer, it also looks 100 ms after a released chunk was taken again", () => {
  const looks: number[] = [];
  const spy: TrimPolicy = {
    name: "spy",
    decide: (facts) => {
      looks.push(facts.now);
      return immediate().decide(facts, undefined);
    },
  };
  const demand = [...Array.from({ length: 20 }, () => 0), 1];
  simulate(spy, listed([1, ...demand], 50, 100), { watch: "trimmer" });
  expect(looks).toEqual([0, 150, 1150]);
});

test("the trimmer's ledger says of a run what its score says", () => {
  for (const scale of SCALES) {
    for (const shape of allShapes(scale)) {
      if (shape.kind !== "ordinary") continue;
      let ledger: TrimLedger = EMPTY_LEDGER;
      const run = simulate(defaultPolicy(), shape, {
        tickMs: 250,
        onFacts: (facts) => {
          ledger = observeLedger(ledger, facts);
        },
      });
      const score = scoreOf(run);
      expect(ledger.idleByteMs).toBe(score.idleByteMs);
      expect(ledger.releasedBytes).toBe(score.releasedBytes);
      expect(ledger.recommittedBytes).toBe(score.recommittedBytes);
      expect(ledger.regretBytes).toBe(score.regretBytes);
      expect(ratioToOptimum(ledger)).toBeCloseTo(score.ratio, 12);
    }
  }
});

test("the default does as well with the facts of a trimmer as with those of every tick", () => {
  for (const scale of SCALES) {
    const shapes = allShapes(scale).filter(({ kind }) => kind === "ordinary");
    const ratiosWith = (watch: Watch): readonly number[] =>
      shapes.map((shape) => scoreOf(simulate(defaultPolicy(), shape, { watch })).ratio);
    const byTicks = ratiosWith("ticks");
    const byTrimmer = ratiosWith("trimmer");
    const changes = shapes.map(({ name }, at) => ({
      shape: name,
      change: byTrimmer[at]! / byTicks[at]! - 1,
    }));
    expect(changes.filter(({ change }) => Math.abs(change) > 0.05)).toEqual([]);
    const mean = changes.reduce((sum, { change }) => sum + change, 0) / changes.length;
    expect(Math.abs(mean)).toBeLessThan(0.01);
  }
});
