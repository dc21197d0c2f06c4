/**
 * What can be had at all: idle memory against memory taken again, over ordinary traffic, as the time that a policy waits goes
 * from short to long. A reader with another price for a release finds their own best point.
 */
import { type TrimPolicy, decay, peakWindow } from "@perfloc/trim";
import { type Tradeoff, optimalTradeoff } from "./offline-optimum.js";
import { scoreOf } from "./score.js";
import { type SimulationOptions, simulate } from "./simulation.js";
import type { Tournament } from "./tournament.js";

/** How long the policies of a front wait, in milliseconds. */
const WINDOWS_MS = [500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000, 300_000];

/** Smootherstep's horizon for a window: at 1.3 it is best against the worst gap. */
const HORIZON_FACTOR = 1.3;

interface FrontPoint extends Tradeoff {
  readonly windowMs: number;
}

export interface Front {
  readonly name: string;
  readonly points: readonly FrontPoint[];
}

/** The optimum's front first. */
export function frontsOf(tournament: Tournament, options: SimulationOptions): readonly Front[] {
  const ordinary = tournament.contests.filter(({ shape }) => shape.kind === "ordinary");
  const shapes = ordinary.map(({ shape }) => shape);
  // Of any policy: what ordinary traffic needs is the same for all.
  const needs = ordinary.map(({ entries }) => entries[0]!.run.needs);
  const simulateAll = (policy: TrimPolicy): readonly Tradeoff[] =>
    shapes.map((shape) => scoreOf(simulate(policy, shape, options)));
  return [
    front("optimum", (windowMs) => needs.map((trace) => optimalTradeoff(trace, windowMs))),
    front("peakWindow", (windowMs) => simulateAll(peakWindow({ windowMs, headroom: 0 }))),
    front("decay", (windowMs) => simulateAll(decay({ horizonMs: HORIZON_FACTOR * windowMs }))),
  ];
}

/** @param outcomes - one for each shape, with policies that wait so long */
function front(name: string, outcomes: (windowMs: number) => readonly Tradeoff[]): Front {
  const points = WINDOWS_MS.map((windowMs): FrontPoint => {
    let idleByteMs = 0;
    let recommittedBytes = 0;
    for (const outcome of outcomes(windowMs)) {
      idleByteMs += outcome.idleByteMs;
      recommittedBytes += outcome.recommittedBytes;
    }
    return { windowMs, idleByteMs, recommittedBytes };
  });
  return { name, points };
}
