/**
 * A candidate for the default: decay that learns from the past of each chunk.
 *
 *   horizon of a chunk = MIN_HORIZON_MS + patience x (the rest up to MAX_HORIZON_MS)
 *   its gap ends       short, at most BREAK_EVEN_MS: patience moves halfway to 1      it was right to hold it
 *                      longer:                       patience moves halfway to 0      it was right to release it
 *
 * And the rounding is fair: chunks go whole, and the highest one goes when the curve asks for no more than what stays and half of
 * it. So what is kept is the area under the curve on average, and a chunk that runs empty alone goes at half its horizon.
 *
 * Against an adversary who knows all this, 1.9 times the optimum with many chunks and 2.3 with a single one (value iteration over
 * patience and gap); without learning 1.65 and 2.5.
 */
import {
  BREAK_EVEN_MS,
  type ChunkFacts,
  type TrimDecision,
  type TrimFacts,
  type TrimPolicy,
} from "@perfloc/trim";

/** Of a chunk whose gaps were all short. Half of it, at which a lone chunk goes, is the best time for who knows nothing. */
const MAX_HORIZON_MS = 2 * BREAK_EVEN_MS;

/** Of a chunk whose gaps were all long. 0 would cost an adversary nothing to abuse. */
const MIN_HORIZON_MS = 2000;

/** Patience of a chunk without a past: a horizon of 12.8 s, near the 13 s that are best against the worst gap. */
const FIRST_PATIENCE = 0.6;

/** How far one gap moves patience. Less is slower to learn, more is easier to abuse. */
const STEP = 0.5;

/** Part of a chunk that the curve need not ask for when it goes. */
const ROUNDING = 0.5;

/** Due times are found by halving an interval this often: to a fiftieth of a millisecond. */
const BISECTIONS = 20;

interface ChunkPast {
  readonly byteLength: number;
  readonly spansCut: number;
  readonly patience: number;
  /** Since when it is empty or released; undefined while it is used. */
  readonly emptySince: number | undefined;
}

/** By chunk index; of released chunks, too. */
export type ChunkPasts = ReadonlyMap<number, ChunkPast>;

export function patientDecay(): TrimPolicy<ChunkPasts> {
  return { name: "patientDecay()", initialState: new Map(), observe, decide };
}

function observe(before: ChunkPasts, facts: TrimFacts): ChunkPasts {
  const pasts = new Map(before);
  for (const chunk of facts.chunks) {
    pasts.set(chunk.chunkIndex, pastOf(chunk, before.get(chunk.chunkIndex), facts.now));
  }
  return pasts;
}

function pastOf(chunk: ChunkFacts, before: ChunkPast | undefined, now: number): ChunkPast {
  const { byteLength, spansCut } = chunk;
  const since = before?.emptySince;
  const isSameGap = since !== undefined && chunk.usedBytes === 0 && spansCut === before?.spansCut;
  const hasEnded = since !== undefined && !isSameGap;
  const patience = before?.patience ?? FIRST_PATIENCE;
  const lesson = now - (since ?? now) <= BREAK_EVEN_MS ? 1 : 0;
  return {
    byteLength,
    spansCut,
    patience: hasEnded ? patience + STEP * (lesson - patience) : patience,
    emptySince: isSameGap ? since : chunk.usedBytes === 0 ? now : undefined,
  };
}

function decide(facts: TrimFacts, pasts: ChunkPasts): TrimDecision[] {
  let keptBytes = facts.releasable.reduce((sum, { byteLength }) => sum + byteLength, 0);
  let dueAt = facts.now;
  return facts.releasable.map(({ chunkIndex, byteLength }) => {
    keptBytes -= byteLength;
    dueAt = firstTimeBelow(keptBytes + ROUNDING * byteLength, dueAt, pasts);
    if (dueAt <= facts.now)
      return { chunkIndex, action: "release", reason: "idle for long enough" };
    return { chunkIndex, action: "wait", dueAt, reason: "idle, and the curve still asks for it" };
  });
}

/** Bytes that the curves of all idle chunks ask for, of those that are released already, too. */
function targetAt(time: number, pasts: ChunkPasts): number {
  let bytes = 0;
  for (const { byteLength, patience, emptySince } of pasts.values()) {
    if (emptySince === undefined) continue;
    const horizonMs = MIN_HORIZON_MS + patience * (MAX_HORIZON_MS - MIN_HORIZON_MS);
    bytes += byteLength * smootherstep((time - emptySince) / horizonMs);
  }
  return bytes;
}

/** Part that is kept at `x`: from 1 at 0 to 0 at 1, flat at both ends. */
function smootherstep(x: number): number {
  return x >= 1 ? 0 : 1 - x * x * x * (10 + x * (6 * x - 15));
}

/** The first time from `from` on at which the curves ask for at most `bytes`. */
function firstTimeBelow(bytes: number, from: number, pasts: ChunkPasts): number {
  if (targetAt(from, pasts) <= bytes) return from;
  let above = from;
  let below = from + MAX_HORIZON_MS;
  for (let round = 0; round < BISECTIONS; round++) {
    const middle = (above + below) / 2;
    if (targetAt(middle, pasts) <= bytes) below = middle;
    else above = middle;
  }
  return below;
}
