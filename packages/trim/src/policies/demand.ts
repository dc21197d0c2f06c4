/**
 * What was asked of the heap lately, remembered in a few numbers: a pure reducer over facts.
 *
 * Facts come at moments, and demand rises and falls between them. But spans are placed as low as they fit, so a chunk in
 * which spans were cut since the last facts says that what lies below it was not enough: the demand has reached that far.
 *
 *   demand   ▁▁▃█▆▁▁▁▁▁▁▁▁
 *   facts    ^         ^          used bytes now: little; reached: up to the highest chunk that was cut
 */
import type { ChunkFacts, TrimFacts } from "../trim-facts.js";
import { capacitiesBelow } from "../trim-facts.js";

/** Most samples that a window keeps; beyond, the two nearest in time become one. */
const MAX_SAMPLES = 16;

/** A demand that was there until a time. */
export interface DemandSample {
  readonly bytes: number;
  readonly until: number;
}

/** How often spans were cut in each chunk, by index. */
export type CutCounts = ReadonlyMap<number, number>;

/** The demand of a window: samples of falling height, the newest last. */
export interface DemandWindow {
  readonly cuts: CutCounts;
  readonly samples: readonly DemandSample[];
}

export const NO_DEMAND: DemandWindow = { cuts: new Map(), samples: [] };

export function cutCounts(chunks: readonly ChunkFacts[]): CutCounts {
  return new Map(chunks.map(({ chunkIndex, spansCut }) => [chunkIndex, spansCut]));
}

/** The most that was asked for since the facts in which `cuts` were seen, as far as can be told. */
export function reachedBytes(facts: TrimFacts, cuts: CutCounts): number {
  const below = capacitiesBelow(facts.chunks);
  let reached = facts.usedBytes;
  for (const { chunkIndex, spansCut } of facts.chunks) {
    if (spansCut === cuts.get(chunkIndex)) continue;
    reached = Math.max(reached, below.get(chunkIndex)! + 1);
  }
  return reached;
}

/** Adds what the facts say to a window of `windowMs`. */
export function observeDemand(
  { cuts, samples }: DemandWindow,
  facts: TrimFacts,
  windowMs: number,
): DemandWindow {
  const { now, usedBytes } = facts;
  const reached = reachedBytes(facts, cuts);
  const last = samples.at(-1);
  // What was used at the last facts was used until now, as far as can be told.
  const lasted = last === undefined ? [] : [...samples.slice(0, -1), { ...last, until: now }];
  const kept = lasted.filter(
    ({ bytes, until }) => until + windowMs > now && bytes > Math.max(reached, usedBytes),
  );
  if (reached > usedBytes) kept.push({ bytes: reached, until: now });
  kept.push({ bytes: usedBytes, until: now });
  return { cuts: cutCounts(facts.chunks), samples: thinOut(kept) };
}

/** The time from which on no sample of more than `bytes` is in the window; Infinity while that much is used. */
export function fallsBelowAt({ samples }: DemandWindow, bytes: number, windowMs: number): number {
  const current = samples.at(-1);
  if (current === undefined) return 0;
  if (current.bytes > bytes) return Infinity;
  const above = samples.findLast((sample) => sample.bytes > bytes);
  return above === undefined ? 0 : above.until + windowMs;
}

/** Merges the two samples that are nearest in time, into the higher bytes until the later time: never too little. */
function thinOut(samples: readonly DemandSample[]): readonly DemandSample[] {
  if (samples.length <= MAX_SAMPLES) return samples;
  let nearest = 0;
  for (let at = 1; at < samples.length - 2; at++) {
    if (gapAfter(samples, at) < gapAfter(samples, nearest)) nearest = at;
  }
  const merged = { bytes: samples[nearest]!.bytes, until: samples[nearest + 1]!.until };
  return [...samples.slice(0, nearest), merged, ...samples.slice(nearest + 2)];
}

function gapAfter(samples: readonly DemandSample[], at: number): number {
  return samples[at + 1]!.until - samples[at]!.until;
}
