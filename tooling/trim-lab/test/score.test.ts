import { type TrimPolicy, BREAK_EVEN_MS, immediate, keepAll } from "@perfloc/trim";
import { expect, test } from "vitest";
import { scoreOf } from "../src/score.js";
import { simulate } from "../src/simulation.js";
import { listed } from "./support/shapes.js";

const KIB = 1024;
const SECOND = 1000;

/** Seconds of demand, one entry each. */
const seconds = (...stays: readonly (readonly [bytes: number, count: number])[]) =>
  listed(
    stays.flatMap(([bytes, count]) => Array.from({ length: count }, () => bytes)),
    SECOND,
  );

/** Releases what has been empty for `seconds`. */
function after(delaySeconds: number): TrimPolicy<ReadonlyMap<number, number>> {
  return {
    name: "after",
    initialState: new Map(),
    observe: (state, { now, releasable }) =>
      new Map(releasable.map(({ chunkIndex }) => [chunkIndex, state.get(chunkIndex) ?? now])),
    decide: ({ now, releasable }, state) =>
      releasable
        .filter(({ chunkIndex }) => now - state.get(chunkIndex)! >= delaySeconds * SECOND)
        .map(({ chunkIndex }) => ({ chunkIndex, action: "release", reason: "after" })),
  };
}

test("who keeps pays rent, who releases pays the price", () => {
  const shape = seconds([32 * KIB, 2], [0, 4], [32 * KIB, 1]);
  const kept = scoreOf(simulate(keepAll(), shape, { tickMs: SECOND }));
  expect(kept).toMatchObject({
    ratio: 1,
    idleByteMs: 32 * KIB * 4 * SECOND,
    costByteMs: 32 * KIB * 4 * SECOND,
    releasedBytes: 0,
    recommits: 0,
    regretBytes: 0,
    wastedBytes: 0,
  });
  const released = scoreOf(simulate(immediate(), shape, { tickMs: SECOND }));
  expect(released).toMatchObject({
    ratio: BREAK_EVEN_MS / (4 * SECOND),
    idleByteMs: 0,
    costByteMs: 32 * KIB * BREAK_EVEN_MS,
    releasedBytes: 32 * KIB,
    recommittedBytes: 32 * KIB,
    recommits: 1,
    regretBytes: 32 * KIB,
    wastedBytes: 0,
  });
});

test("what stays away for longer than it takes to break even is no regret, what stays held so long is waste", () => {
  const shape = seconds([32 * KIB, 1], [0, 30], [32 * KIB, 1]);
  expect(scoreOf(simulate(after(15), shape, { tickMs: SECOND }))).toMatchObject({
    recommittedBytes: 32 * KIB,
    regretBytes: 0,
    wastedBytes: 32 * KIB,
  });
  expect(scoreOf(simulate(after(20), shape, { tickMs: SECOND }))).toMatchObject({
    regretBytes: 32 * KIB,
  });
  expect(scoreOf(simulate(after(10), shape, { tickMs: SECOND })).wastedBytes).toBe(0);
});

test("rises are added up, from nothing on", () => {
  const shape = seconds([10, 1], [30, 1], [5, 1], [25, 2]);
  expect(scoreOf(simulate(keepAll(), shape, { tickMs: SECOND })).risenBytes).toBe(50);
});

test("90 % of the largest drop is timed until it is released, unless it is needed before", () => {
  const peak = 32 * KIB * 31;
  const shape = seconds([peak, 5], [0, 30]);
  expect(scoreOf(simulate(immediate(), shape, { tickMs: SECOND })).ninetyPercentMs).toBe(0);
  expect(scoreOf(simulate(after(7), shape, { tickMs: SECOND })).ninetyPercentMs).toBe(7 * SECOND);
  expect(scoreOf(simulate(keepAll(), shape, { tickMs: SECOND })).ninetyPercentMs).toBeUndefined();
  const again = seconds([peak, 5], [0, 5], [peak, 1]);
  expect(scoreOf(simulate(after(7), again, { tickMs: SECOND })).ninetyPercentMs).toBeUndefined();
});

test("the peak is what was held at most", () => {
  const shape = seconds([33 * KIB, 1], [100 * KIB, 1], [0, 3]);
  expect(scoreOf(simulate(immediate(), shape, { tickMs: SECOND })).peakBytes).toBe(7 * 32 * KIB);
});
