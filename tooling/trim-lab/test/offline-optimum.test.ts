/** The closed form against two searches and against trying everything. */
import { BREAK_EVEN_MS } from "@perfloc/trim";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { type NeedTrace, gapsOf } from "../src/need-trace.js";
import { optimalByteMs, optimalTradeoff } from "../src/offline-optimum.js";
import { searchHeldSets, searchPrefixes } from "../src/optimum-search.js";
import { anyNeeds, prefixNeeds, traceOf } from "./support/traces.js";

const KIB = 1024;

/** Every sequence of sets of held levels, one after the other. */
function tryEverything(trace: NeedTrace, tick = 0, heldBefore = 0): number {
  const { ticks, levels, needed, tickMs } = trace;
  if (tick === ticks) return 0;
  let least = Infinity;
  for (let held = 0; held < 2 ** levels.length; held++) {
    let cost = 0;
    for (const { index, byteLength } of levels) {
      const isHeld = (held & (1 << index)) !== 0;
      const isNeeded = needed[tick * levels.length + index] === 1;
      if (isNeeded && !isHeld) cost = Infinity;
      if (isHeld && !isNeeded) cost += byteLength * tickMs;
      if (!isHeld && (heldBefore & (1 << index)) !== 0) cost += byteLength * BREAK_EVEN_MS;
    }
    if (cost < least) least = Math.min(least, cost + tryEverything(trace, tick + 1, held));
  }
  return least;
}

test("a gap costs its bytes times its length, at most the price of a release", () => {
  expect(optimalByteMs(traceOf("x", ".", "x"))).toBe(32 * KIB * 3000);
  expect(optimalByteMs(traceOf("x", ".", ".", ".", ".", "x"))).toBe(32 * KIB * BREAK_EVEN_MS);
  expect(optimalByteMs(traceOf("x", ".", ".", ".", ".", "."))).toBe(32 * KIB * BREAK_EVEN_MS);
  expect(optimalByteMs(traceOf(".", ".", "x", "x"))).toBe(0);
});

test("gaps begin after a use, and end with the next one or with the trace", () => {
  const gaps = gapsOf(traceOf("..", "xx", "x.", "x.", "xx", ".x"));
  expect(
    gaps.map(({ level, fromTick, toTick, isFinished }) => [
      level.index,
      fromTick,
      toTick,
      isFinished,
    ]),
  ).toEqual([
    [0, 5, 6, false],
    [1, 2, 4, true],
  ]);
});

test("the closed form is what a search over all held sets finds", () => {
  fc.assert(
    fc.property(anyNeeds(6, 60), (trace) => {
      expect(searchHeldSets(trace)).toBe(optimalByteMs(trace));
    }),
  );
});

test("where nothing is pinned, holding the lowest levels is enough", () => {
  fc.assert(
    fc.property(prefixNeeds(8, 60), (trace) => {
      expect(searchPrefixes(trace)).toBe(optimalByteMs(trace));
      expect(searchHeldSets(trace)).toBe(optimalByteMs(trace));
    }),
  );
});

test("the closed form is the least of everything that can be done, in up to 5 ticks", () => {
  fc.assert(
    fc.property(anyNeeds(3, 5), (trace) => {
      expect(tryEverything(trace)).toBe(optimalByteMs(trace));
    }),
  );
});

test.each([
  [["xxx", "...", "x..", "...", "...", "...", "..x", "xxx"]],
  [["xxx", "xx.", "x..", "x..", "x..", "xx.", "xx.", "xxx"]],
  [["x.x", ".x.", "x.x", ".x.", "...", "...", "...", "x.x"]],
])("the closed form is the least of everything that can be done, in 8 ticks: %j", (marks) => {
  const trace = traceOf(...marks);
  expect(tryEverything(trace)).toBe(optimalByteMs(trace));
});

test("a search over more levels than anyone waits for is refused", () => {
  expect(() => searchHeldSets(traceOf("x".repeat(13)))).toThrow(RangeError);
});

test("the dearer a release, the more is held and the less comes back", () => {
  fc.assert(
    fc.property(anyNeeds(6, 60), (trace) => {
      let before = optimalTradeoff(trace, 0);
      expect(before.idleByteMs).toBe(0);
      for (const breakEvenMs of [5000, 10_000, 20_000, 1_000_000]) {
        const next = optimalTradeoff(trace, breakEvenMs);
        expect(next.idleByteMs).toBeGreaterThanOrEqual(before.idleByteMs);
        expect(next.recommittedBytes).toBeLessThanOrEqual(before.recommittedBytes);
        before = next;
      }
      expect(before.recommittedBytes).toBe(0);
    }),
  );
});
