/**
 * What was asked of the heap lately, remembered in a few numbers: a pure reducer over facts.
 *
 * Facts come at moments, and demand rises and falls between them. But spans are placed as low as they fit, so a chunk in
 * which spans were cut since the last facts says that what lies below it was not enough: the demand has reached that far.
 *
 *   demand   ▁▁▃█▆▁▁▁▁▁▁▁▁
 *   facts    ^         ^          used bytes now: little; reached: up to the highest chunk that was cut
 */
import { type ChunksByIndex, type TrimFacts, byIndex, capacitiesBelow } from "../trim-facts.js";

/** Parts of a window that are told apart: peaks count up to a sixteenth of it too long. */
const BUCKETS = 16;

/** A demand that was there until a time. */
interface DemandSample {
  readonly bytes: number;
  readonly until: number;
}

/** The demand of a window: samples of falling height, the newest last. */
export interface DemandWindow {
  /** Those of the last facts. */
  readonly chunks: ChunksByIndex;
  readonly samples: readonly DemandSample[];
}

export const NO_DEMAND: DemandWindow = { chunks: new Map(), samples: [] };

/** The most that was asked for since the facts that had the chunks `before`, as far as can be told. */
export function reachedBytes(facts: TrimFacts, before: ChunksByIndex): number {
  const below = capacitiesBelow(facts.chunks);
  let reached = facts.usedBytes;
  for (const { chunkIndex, spansCut } of facts.chunks) {
    if (spansCut === before.get(chunkIndex)?.spansCut) continue;
    reached = Math.max(reached, below.get(chunkIndex)! + 1);
  }
  return reached;
}

/** Adds what the facts say to a window of `windowMs`. */
export function observeDemand(
  { chunks, samples }: DemandWindow,
  facts: TrimFacts,
  windowMs: number,
): DemandWindow {
  const { now, usedBytes } = facts;
  const reached = reachedBytes(facts, chunks);
  const last = samples.at(-1);
  // What was used at the last facts was used until now, as far as can be told.
  const lasted = last === undefined ? [] : [...samples.slice(0, -1), { ...last, until: now }];
  const kept = lasted.filter(
    ({ bytes, until }) => until + windowMs > now && bytes > Math.max(reached, usedBytes),
  );
  if (reached > usedBytes) kept.push({ bytes: reached, until: now });
  kept.push({ bytes: usedBytes, until: now });
  return { chunks: byIndex(facts.chunks), samples: thinOut(kept, windowMs) };
}

/** The time from which on no sample of more than `bytes` is in the window; Infinity while that much is used. */
export function fallsBelowAt({ samples }: DemandWindow, bytes: number, windowMs: number): number {
  const current = samples.at(-1);
  if (current === undefined) return 0;
  if (current.bytes > bytes) return Infinity;
  const above = samples.findLast((sample) => sample.bytes > bytes);
  return above === undefined ? 0 : above.until + windowMs;
}

/**
 * One sample for each sixteenth of the window: the highest bytes until the latest time, so never too little. Samples fall, so
 * the first of a sixteenth is the highest. The newest stays by itself: it is what is used now.
 */
function thinOut(samples: readonly DemandSample[], windowMs: number): readonly DemandSample[] {
  const bucketOf = ({ until }: DemandSample): number => Math.floor((until * BUCKETS) / windowMs);
  const thin: DemandSample[] = [];
  for (const [at, sample] of samples.entries()) {
    const before = thin.at(-1);
    if (before !== undefined && at < samples.length - 1 && bucketOf(before) === bucketOf(sample))
      thin[thin.length - 1] = { bytes: before.bytes, until: sample.until };
    else thin.push(sample);
  }
  return thin;
}
