/**
 * Decay: the longer chunks are empty, the fewer of them stay.
 *
 *   part kept  1 ┤‾‾‾‾\
 *                │     \           smootherstep: flat at both ends, so that neither a short pause
 *                │      \          nor the last chunk is a cliff
 *              0 ┤       \____
 *                └┬──────────┬──
 *                 empty      horizon
 *
 * Chunks go whole: the highest one goes when what stays is still at least what the curve asks for.
 */
import type { TrimFacts } from "../trim-facts.js";
import { type TrimDecision, type TrimPolicy, releaseAt } from "../trim-policy.js";
import { type IdleChunks, NO_IDLE_CHUNKS, observeIdle } from "./idle-chunks.js";
import { checkMs, checkOptions, refuse } from "./options.js";

/** The shape of a decay. `smootherstep` forgives a wrong horizon most; `exponential` is the optimum for the right one. */
export type DecayCurve = "smootherstep" | "exponential";

const DEFAULT_HORIZON_MS = 13_000;

/** Part of an idle chunk that is kept at `x`, its age in parts of the horizon: 1 at 0, 0 from 1 on. */
const CURVES: Readonly<Record<DecayCurve, (x: number) => number>> = {
  smootherstep: (x) => 1 - x * x * x * (10 + x * (6 * x - 15)),
  exponential: (x) => 1 - Math.expm1(x) / Math.expm1(1),
};

/** Due times are found by halving an interval this often: to a millionth of the horizon. */
const BISECTIONS = 20;

/**
 * How {@link decay} forgets.
 * @public
 */
export interface DecayOptions {
  /** Age at which nothing of an empty chunk is kept any more, in milliseconds: 1 to 2^31 - 1. Default 13,000. */
  readonly horizonMs?: number | undefined;
  /** Shape of the way there. Default `smootherstep`. */
  readonly curve?: "smootherstep" | "exponential" | undefined;
}

/**
 * Releases empty chunks one after the other, the highest first, while they are idle.
 * @throws InvalidSizeError, InvalidOptionError `PERFLOC_TRIM_INVALID_OPTION`
 * @public
 */
export function decay(options: DecayOptions = {}): TrimPolicy<IdleChunks> {
  checkOptions(options);
  const { horizonMs = DEFAULT_HORIZON_MS, curve = "smootherstep" } = options;
  checkMs("horizonMs", horizonMs, 1);
  if (!Object.hasOwn(CURVES, curve))
    refuse("curve", curve, 'curves are "smootherstep" and "exponential"');
  return {
    name: `decay({ horizonMs: ${horizonMs}, curve: "${curve}" })`,
    initialState: NO_IDLE_CHUNKS,
    observe: (state, facts) => observeIdle(state, facts, horizonMs),
    decide: (facts, state) => decideByAge(facts, state, horizonMs, CURVES[curve]),
  };
}

function decideByAge(
  facts: TrimFacts,
  idle: IdleChunks,
  horizonMs: number,
  curve: (x: number) => number,
): TrimDecision[] {
  const targetAt = (time: number): number => {
    let target = 0;
    for (const { byteLength, since } of idle.values()) {
      const x = (time - since) / horizonMs;
      if (x < 1) target += byteLength * curve(x > 0 ? x : 0);
    }
    return target;
  };
  let keptBytes = facts.releasable.reduce((sum, { byteLength }) => sum + byteLength, 0);
  let dueAt = facts.now;
  return facts.releasable.map(({ chunkIndex, byteLength }) => {
    keptBytes -= byteLength;
    dueAt = firstTimeBelow(keptBytes, dueAt, facts.now + horizonMs, targetAt);
    const reason = `idle: the curve asks for ${Math.ceil(targetAt(facts.now))} empty bytes, and ${keptBytes} stay`;
    return releaseAt(chunkIndex, dueAt, facts, reason);
  });
}

/** The first time from `from` on at which `targetAt`, which never rises, is at most `bytes`. */
function firstTimeBelow(
  bytes: number,
  from: number,
  to: number,
  targetAt: (time: number) => number,
): number {
  if (targetAt(from) <= bytes) return from;
  let above = from;
  let below = to;
  for (let round = 0; round < BISECTIONS; round++) {
    const middle = (above + below) / 2;
    if (targetAt(middle) <= bytes) below = middle;
    else above = middle;
  }
  return below;
}
