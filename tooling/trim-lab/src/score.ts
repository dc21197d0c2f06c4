/**
 * What a run has cost, and how else it can be judged. Bytes, milliseconds, and products of them.
 *
 *   cost  = bytes held and not needed x time  +  bytes released x BREAK_EVEN_MS      a release pays for the taking again, too
 *   ratio = cost / the least possible cost                                          1 is perfect
 */
import { BREAK_EVEN_MS } from "@perfloc/trim";
import { type Gap, gapsOf } from "./need-trace.js";
import { optimalByteMs } from "./offline-optimum.js";
import type { Run } from "./simulation.js";

export interface Score {
  readonly ratio: number;
  readonly costByteMs: number;
  readonly optimalByteMs: number;
  readonly idleByteMs: number;
  readonly releasedBytes: number;
  /** Released and taken again. */
  readonly recommittedBytes: number;
  readonly recommits: number;
  /** Taken again within the break-even time: released too early. */
  readonly regretBytes: number;
  /** Held and not needed for longer than the break-even time: released too late. */
  readonly wastedBytes: number;
  /** Most bytes held. */
  readonly peakBytes: number;
  /** All rises of demand, added up. */
  readonly risenBytes: number;
  /** How long after the largest drop 90 % of what it freed were released; undefined if needed again, or not released. */
  readonly ninetyPercentMs: number | undefined;
  /** How often the policy has looked. */
  readonly looks: number;
}

export function scoreOf(run: Run): Score {
  const { tickMs } = run.needs;
  const sums = {
    idleByteMs: 0,
    releasedBytes: 0,
    recommittedBytes: 0,
    recommits: 0,
    regretBytes: 0,
    wastedBytes: 0,
  };
  for (const gap of gapsOf(run.needs)) {
    const { byteLength } = gap.level;
    const releasedAt = releaseTickIn(gap, run);
    const heldMs = (releasedAt - gap.fromTick) * tickMs;
    sums.idleByteMs += byteLength * heldMs;
    if (heldMs > BREAK_EVEN_MS) sums.wastedBytes += byteLength;
    if (releasedAt === gap.toTick) continue;
    sums.releasedBytes += byteLength;
    if (!gap.isFinished) continue;
    sums.recommittedBytes += byteLength;
    sums.recommits++;
    if ((gap.toTick - releasedAt) * tickMs <= BREAK_EVEN_MS) sums.regretBytes += byteLength;
  }
  const costByteMs = sums.idleByteMs + sums.releasedBytes * BREAK_EVEN_MS;
  const optimal = optimalByteMs(run.needs);
  const heldBytes = bytesAtTicks(run, run.held);
  return {
    ...sums,
    ratio: optimal === 0 ? 1 : costByteMs / optimal,
    costByteMs,
    optimalByteMs: optimal,
    peakBytes: heldBytes.reduce((most, bytes) => Math.max(most, bytes), 0),
    risenBytes: risenBytes(run.demand),
    ninetyPercentMs: ninetyPercentMs(run, heldBytes),
    looks: run.looks,
  };
}

/** Bytes of the levels that are marked in `marks`, for each tick. */
export function bytesAtTicks({ needs: { ticks, levels } }: Run, marks: Uint8Array): Float64Array {
  const bytes = new Float64Array(ticks);
  for (let tick = 0; tick < ticks; tick++) {
    for (const { index, byteLength } of levels) {
      bytes[tick]! += marks[tick * levels.length + index]! * byteLength;
    }
  }
  return bytes;
}

/** The first tick of the gap in which the level is not held, or its end: within a gap nothing is taken. */
function releaseTickIn({ level, fromTick, toTick }: Gap, { needs, held }: Run): number {
  let tick = fromTick;
  while (tick < toTick && held[tick * needs.levels.length + level.index] === 1) tick++;
  return tick;
}

function risenBytes(demand: Float64Array): number {
  let risen = 0;
  let before = 0;
  for (const bytes of demand) {
    risen += Math.max(0, bytes - before);
    before = bytes;
  }
  return risen;
}

function ninetyPercentMs(run: Run, heldBytes: Float64Array): number | undefined {
  const { ticks, tickMs } = run.needs;
  const needed = bytesAtTicks(run, run.needs.needed);
  let dropTick = 0;
  let freedBytes = 0;
  for (let tick = 1; tick < ticks; tick++) {
    const freed = needed[tick - 1]! - needed[tick]!;
    if (freed > freedBytes) [dropTick, freedBytes] = [tick, freed];
  }
  if (freedBytes === 0) return undefined;
  const leftBytes = needed[dropTick]! + freedBytes / 10;
  for (let tick = dropTick; tick < ticks && needed[tick]! <= leftBytes; tick++) {
    if (heldBytes[tick]! <= leftBytes) return (tick - dropTick) * tickMs;
  }
  return undefined;
}
