/** Traffic that repeats itself, with periods around the time at which holding costs as much as giving back. */
import { BREAK_EVEN_MS } from "@perfloc/trim";
import { type DemandShape, type Scale, ordinary } from "../demand-shape.js";
import { normalAt } from "../random.js";

const SECOND = 1000;

/** Long enough for a policy to have learned what it can, in milliseconds. */
const MIN_DURATION_MS = 180 * SECOND;

/** Fewest periods of a shape. */
const MIN_PERIODS = 6;

const NOISE_SEED = 1;

export function periodicShapes(scale: Scale): readonly DemandShape[] {
  return [
    ...[0.2, 0.5, 1, 2, 5].map((windows) => sawtooth(scale, windows)),
    ...[1, 2, 4].map((windows) => square(scale, windows)),
    breaks(scale),
    habits(scale),
    diurnal(scale),
  ];
}

function sawtooth(scale: Scale, windows: number): DemandShape {
  const periodMs = windows * BREAK_EVEN_MS;
  const { peakBytes, lowBytes } = scale;
  const summary = `rises evenly for ${periodMs / SECOND} s and drops, again and again`;
  return ordinary(
    scale,
    `sawtooth-${windows}`,
    summary,
    durationOf(periodMs),
    (ms) => lowBytes + ((peakBytes - lowBytes) * (ms % periodMs)) / periodMs,
  );
}

function square(scale: Scale, windows: number): DemandShape {
  const periodMs = windows * BREAK_EVEN_MS;
  const summary = `${periodMs / 2 / SECOND} s at the peak, ${periodMs / 2 / SECOND} s low, again and again`;
  return ordinary(scale, `square-${windows}`, summary, durationOf(periodMs), (ms) =>
    ms % periodMs < periodMs / 2 ? scale.peakBytes : scale.lowBytes,
  );
}

/** Work and a break that is short enough to hold everything. */
const WORK_MS = 60 * SECOND;
const BREAK_MS = 5 * SECOND;

function breaks(scale: Scale): DemandShape {
  const summary = "60 s at the peak, a break of 5 s, again and again";
  return ordinary(scale, "breaks", summary, 6 * (WORK_MS + BREAK_MS), (ms) =>
    isBreak(ms) ? scale.lowBytes : scale.peakBytes,
  );
}

/** For policies that learn: what they have learned turns out wrong. */
function habits(scale: Scale): DemandShape {
  const oldHabitMs = 360 * SECOND;
  const summary = "10 s at the peak in each 60, six times; from then on as `breaks`";
  return ordinary(scale, "habits", summary, oldHabitMs + 10 * (WORK_MS + BREAK_MS), (ms) => {
    const isLow = ms < oldHabitMs ? ms % (60 * SECOND) >= 10 * SECOND : isBreak(ms - oldHabitMs);
    return isLow ? scale.lowBytes : scale.peakBytes;
  });
}

function isBreak(ms: number): boolean {
  return ms % (WORK_MS + BREAK_MS) >= WORK_MS;
}

function diurnal(scale: Scale): DemandShape {
  const dayMs = 300 * SECOND;
  const summary = "a sine, one day in 300 s, with noise of 4 % that changes 5 times a second";
  return ordinary(scale, "diurnal", summary, 3 * dayMs, (ms) => {
    const noise = 0.04 * normalAt(NOISE_SEED, Math.floor(ms / 200));
    return scale.peakBytes * (0.5 + 0.42 * Math.sin((2 * Math.PI * ms) / dayMs) + noise);
  });
}

function durationOf(periodMs: number): number {
  return Math.max(MIN_DURATION_MS, MIN_PERIODS * periodMs);
}
