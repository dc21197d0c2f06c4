/**
 * The least that holding and releasing could have cost, for who knows the future.
 *
 * Rent is linear and no level's price depends on another, so each gap of each level is decided by itself: hold it all the
 * time, or release it at once. `optimum-search.ts` finds the same by trying everything.
 */
import { BREAK_EVEN_MS } from "@perfloc/trim";
import { type NeedTrace, gapsOf } from "./need-trace.js";

/** In byte-milliseconds: for each gap its bytes times its length, at most the price of a release. */
export function optimalByteMs(trace: NeedTrace): number {
  let sum = 0;
  for (const { level, fromTick, toTick } of gapsOf(trace)) {
    sum += level.byteLength * Math.min((toTick - fromTick) * trace.tickMs, BREAK_EVEN_MS);
  }
  return sum;
}

/** What two costs pull apart: memory held idle, and memory taken again. */
export interface Tradeoff {
  readonly idleByteMs: number;
  readonly recommittedBytes: number;
}

/** What the optimum would do if a release were worth `breakEvenMs` of holding: over all values, the front nobody passes. */
export function optimalTradeoff(trace: NeedTrace, breakEvenMs: number): Tradeoff {
  let idleByteMs = 0;
  let recommittedBytes = 0;
  for (const { level, fromTick, toTick, isFinished } of gapsOf(trace)) {
    const gapMs = (toTick - fromTick) * trace.tickMs;
    if (gapMs <= breakEvenMs) idleByteMs += level.byteLength * gapMs;
    else if (isFinished) recommittedBytes += level.byteLength;
  }
  return { idleByteMs, recommittedBytes };
}
