/**
 * The guard against thrashing: what was released and comes back is never more than twice what demand rose by, whatever the
 * policy beside it believes about time.
 *
 *   released and not yet back + come back so far <= 2 x (all rises of demand so far)     credit
 *   or demand <= theta x what stays                                                     the next rise pays for it
 *
 * The credit lets memory go after an ordinary peak, which was a rise itself; demand that trembles around the end of a chunk
 * uses it up, and from then on that chunk stays until demand has really fallen.
 */
import { type ChunksByIndex, type TrimFacts, byIndex } from "../trim-facts.js";
import { type TrimDecision, type TrimPolicy, keepForDemand, release } from "../trim-policy.js";
import { reachedBytes } from "./demand.js";
import { checkFraction, checkOptions } from "./options.js";
import { DEFAULT_THETA } from "./threshold.js";

/** Bytes that may come back for each byte that demand rose by. */
const MAX_RECOMMIT_FACTOR = 2;

/** What the guard has counted. */
interface ThrashAccount {
  /** Of the last facts. */
  readonly usedBytes: number;
  readonly chunks: ChunksByIndex;
  /** All rises of demand, added up. */
  readonly risenBytes: number;
  /** Bytes that were released and came back. */
  readonly recommittedBytes: number;
  /** Lengths of the chunks that were given back, by index. */
  readonly released: ReadonlyMap<number, number>;
}

const NOTHING_YET: ThrashAccount = {
  usedBytes: 0,
  chunks: new Map(),
  risenBytes: 0,
  recommittedBytes: 0,
  released: new Map(),
};

/**
 * How {@link thrashGuard} judges demand.
 * @public
 */
export interface ThrashGuardOptions {
  /** Demand of at most this part of what stays is low enough in any case: 0.01 to 0.5. Default 0.5. */
  readonly theta?: number | undefined;
}

/**
 * Releases what may come back without exceeding twice the rises of demand, and keeps the rest. Meant to stand beside a
 * policy that looks at time: `allOf(decay(), thrashGuard())`.
 *
 * Demand is taken to fill chunks from below, as spans do. Where long-lived spans leave holes that are too short for the next
 * one, a rise looks larger than it is, and more may come back.
 * @throws InvalidOptionError `PERFLOC_TRIM_INVALID_OPTION`
 * @public
 */
export function thrashGuard(options: ThrashGuardOptions = {}): TrimPolicy {
  checkOptions(options);
  const { theta = DEFAULT_THETA } = options;
  checkFraction("theta", theta, 0.01, 0.5);
  const policy: TrimPolicy<ThrashAccount> = {
    name: `thrashGuard({ theta: ${theta} })`,
    initialState: NOTHING_YET,
    observe: observeAccount,
    decide: (facts, account) => decideByCredit(facts, account, theta),
  };
  return policy;
}

function observeAccount(before: ThrashAccount, facts: TrimFacts): ThrashAccount {
  const chunks = byIndex(facts.chunks);
  const released = new Map(before.released);
  let { recommittedBytes } = before;
  for (const [chunkIndex, { byteLength }] of before.chunks) {
    if (!chunks.has(chunkIndex)) released.set(chunkIndex, byteLength);
  }
  for (const [chunkIndex, { byteLength, epoch }] of chunks) {
    const isBack = released.delete(chunkIndex);
    const wasAway = epoch > (before.chunks.get(chunkIndex)?.epoch ?? epoch);
    if (isBack || wasAway) recommittedBytes += byteLength;
  }
  const { usedBytes } = facts;
  const rise = reachedBytes(facts, before.chunks) - before.usedBytes;
  const risenBytes = before.risenBytes + Math.max(0, rise);
  return { usedBytes, chunks, risenBytes, recommittedBytes, released };
}

function decideByCredit(facts: TrimFacts, account: ThrashAccount, theta: number): TrimDecision[] {
  let outstanding = account.recommittedBytes;
  for (const byteLength of account.released.values()) outstanding += byteLength;
  const credit = MAX_RECOMMIT_FACTOR * account.risenBytes;
  let leftBytes = facts.heldBytes;
  return facts.releasable.map(({ chunkIndex, byteLength }) => {
    leftBytes -= byteLength;
    outstanding += byteLength;
    if (facts.usedBytes <= theta * leftBytes)
      return release(chunkIndex, `demand is at most ${theta} of the ${leftBytes} bytes that stay`);
    if (outstanding <= credit)
      return release(chunkIndex, `demand has risen by enough for it to come back`);
    const reason = "it came back too often for what demand rose by: it would thrash";
    return keepForDemand(chunkIndex, facts, reason);
  });
}
