/** Decay: empty chunks go along a curve over their age. */
import type { TrimFacts } from "../trim-facts.js";
import type { TrimDecision, TrimPolicy } from "../trim-policy.js";
import { type Claim, decideByCurve, exponential, smootherstep } from "./curve.js";
import { type IdleChunks, NO_IDLE_CHUNKS, observeIdle } from "./idle-chunks.js";
import { checkMs, checkOptions, refuse } from "./options.js";

const DEFAULT_HORIZON_MS = 13_000;

const CURVES: Readonly<Record<string, (x: number) => number>> = { smootherstep, exponential };

/**
 * How {@link decay} forgets.
 * @public
 */
export interface DecayOptions {
  /** Age at which nothing of an empty chunk is kept any more, in milliseconds: 1 to 2^31 - 1. Default 13,000. */
  readonly horizonMs?: number | undefined;
  /** `smootherstep` (default) forgives a wrong horizon most; `exponential` is the optimum for the right one. */
  readonly curve?: "smootherstep" | "exponential" | undefined;
}

/**
 * Releases empty chunks one after the other, the highest first, while they are idle.
 * @throws InvalidOptionError `PERFLOC_TRIM_INVALID_OPTION`
 * @public
 */
export function decay(options: DecayOptions = {}): TrimPolicy {
  checkOptions(options);
  const { horizonMs = DEFAULT_HORIZON_MS, curve = "smootherstep" } = options;
  checkMs("horizonMs", horizonMs, 1);
  if (!Object.hasOwn(CURVES, curve))
    refuse("curve", curve, 'curves are "smootherstep" and "exponential"');
  const partAt = CURVES[curve]!;
  const policy: TrimPolicy<IdleChunks> = {
    name: `decay({ horizonMs: ${horizonMs}, curve: "${curve}" })`,
    initialState: NO_IDLE_CHUNKS,
    observe: (state, facts) => observeIdle(state, facts, horizonMs),
    decide: (facts, state) => decideByAge(facts, state, horizonMs, partAt),
  };
  return policy;
}

function decideByAge(
  facts: TrimFacts,
  idle: IdleChunks,
  horizonMs: number,
  partAt: (x: number) => number,
): TrimDecision[] {
  const claims = new Map<number, Claim>();
  for (const [chunkIndex, { byteLength, since }] of idle)
    claims.set(chunkIndex, { byteLength, partAt: (time) => partAt((time - since) / horizonMs) });
  return decideByCurve(facts, horizonMs, claims);
}
