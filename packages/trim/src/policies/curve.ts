/**
 * Letting go along a curve: the longer chunks are empty, the fewer of their bytes it asks for.
 *
 *   part asked for  1 ┤‾‾‾‾\
 *                     │     \        smootherstep: flat at both ends, so that neither a short pause
 *                     │      \       nor the last chunk is a cliff
 *                   0 ┤       \____
 *                     └┬──────────┬──
 *                      empty      horizon
 *
 * Chunks go whole. The one that is asked for least (the oldest; of equal ones the highest) goes when the curve asks for no more than what stays and half of it: so on average the
 * area under the curve is kept, and a chunk that ran empty alone goes at half the horizon.
 */
import type { ChunkFacts, TrimFacts } from "../trim-facts.js";
import { type TrimDecision, releaseAt } from "../trim-policy.js";

/** Part of a chunk that the curve need not ask for when it goes. */
const ROUNDING = 0.5;

/** Due times are found by halving an interval this often: to a millionth of it. */
const BISECTIONS = 20;

/** Part that is asked for at `x`, the age in parts of the horizon: 1 at 0, 0 from 1 on. */
export function smootherstep(x: number): number {
  return x >= 1 ? 0 : 1 - x * x * x * (10 + x * (6 * x - 15));
}

/** The same: what is best against the worst future, for who knows the price of a release exactly. */
export function exponential(x: number): number {
  return x >= 1 ? 0 : 1 - Math.expm1(x) / Math.expm1(1);
}

/** What one chunk, held or released already, asks for. */
export interface Claim {
  readonly byteLength: number;
  /** Part of it that is asked for at a time: never rises. */
  partAt(time: number): number;
}

/**
 * Decides by the claims of chunks, by index: nothing may be claimed `horizonMs` from now. The chunk with the smallest part left
 * goes first; of equal ones the highest.
 */
export function decideByCurve(
  facts: TrimFacts,
  horizonMs: number,
  claims: ReadonlyMap<number, Claim>,
): TrimDecision[] {
  const { now, releasable } = facts;
  // By index: an iterator for each of the many times is garbage that a small heap notices.
  const claimed = [...claims.values()];
  const askedAt = (time: number): number => {
    let bytes = 0;
    for (let index = 0; index < claimed.length; index++) {
      const claim = claimed[index]!;
      bytes += claim.byteLength * claim.partAt(time);
    }
    return bytes;
  };
  const partLeft = ({ chunkIndex }: ChunkFacts): number => claims.get(chunkIndex)?.partAt(now) ?? 0;
  const asked = Math.ceil(askedAt(now));
  let keptBytes = releasable.reduce((sum, { byteLength }) => sum + byteLength, 0);
  let dueAt = now;
  return releasable
    .toSorted((a, b) => partLeft(a) - partLeft(b) || b.base - a.base)
    .map(({ chunkIndex, byteLength }) => {
      keptBytes -= byteLength;
      dueAt = firstTimeBelow(keptBytes + ROUNDING * byteLength, dueAt, now + horizonMs, askedAt);
      const reason = `idle: the curve asks for ${asked} empty bytes, and ${keptBytes} stay`;
      return releaseAt(chunkIndex, dueAt, facts, reason);
    });
}

/** The first time from `from` on at which at most `bytes` are asked for. */
function firstTimeBelow(
  bytes: number,
  from: number,
  to: number,
  askedAt: (time: number) => number,
): number {
  if (askedAt(from) <= bytes) return from;
  let above = from;
  let below = to;
  for (let round = 0; round < BISECTIONS; round++) {
    const middle = (above + below) / 2;
    if (askedAt(middle) <= bytes) below = middle;
    else above = middle;
  }
  return below;
}
