/** Hysteresis without a clock: memory goes only when demand is well below what stays. */
import type { TrimFacts } from "../trim-facts.js";
import { type TrimDecision, type TrimPolicy, keepForDemand, releaseAt } from "../trim-policy.js";
import { type DemandWindow, NO_DEMAND, fallsBelowAt, observeDemand } from "./demand.js";
import { checkFraction, checkMs, checkOptions } from "./options.js";

/** Half: what comes back after a release is then never more than twice what demand rose by. */
export const DEFAULT_THETA = 0.5;

/**
 * When {@link threshold} lets go.
 * @public
 */
export interface ThresholdOptions {
  /** Demand must be at most this part of what stays held: 0.01 to 1. Default 0.5. */
  readonly theta?: number | undefined;
  /** For how long it must have been so, in milliseconds: 0 to 2^31 - 1. Default 0. */
  readonly dwellMs?: number | undefined;
}

/**
 * Releases an empty chunk, the highest first, when demand is at most `theta` of what stays held without it.
 *
 * Needs no idea of how soon memory is needed again: bytes that come back are at most `max(2, 1 / (1 - theta))` times the
 * bytes that demand rose by. The price: up to `2 / theta` times the demand stays held for good.
 * @throws InvalidOptionError `PERFLOC_TRIM_INVALID_OPTION`
 * @public
 */
export function threshold(options: ThresholdOptions = {}): TrimPolicy {
  checkOptions(options);
  const { theta = DEFAULT_THETA, dwellMs = 0 } = options;
  checkFraction("theta", theta, 0.01, 1);
  checkMs("dwellMs", dwellMs, 0);
  const policy: TrimPolicy<DemandWindow> = {
    name: `threshold({ theta: ${theta}, dwellMs: ${dwellMs} })`,
    initialState: NO_DEMAND,
    observe: (state, facts) => observeDemand(state, facts, dwellMs),
    decide: (facts, state) => decideByThreshold(facts, state, theta, dwellMs),
  };
  return policy;
}

function decideByThreshold(
  facts: TrimFacts,
  demand: DemandWindow,
  theta: number,
  dwellMs: number,
): TrimDecision[] {
  let leftBytes = facts.heldBytes;
  return facts.releasable.map(({ chunkIndex, byteLength }) => {
    leftBytes -= byteLength;
    const dueAt = fallsBelowAt(demand, theta * leftBytes, dwellMs);
    if (dueAt === Infinity) {
      const reason = `demand is more than ${theta} of the ${leftBytes} bytes that would stay`;
      return keepForDemand(chunkIndex, facts, reason);
    }
    const reason = `demand is at most ${theta} of the ${leftBytes} bytes that stay`;
    return releaseAt(chunkIndex, dueAt, facts, reason);
  });
}
