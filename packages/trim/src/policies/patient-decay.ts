/**
 * Decay that learns from the past of each chunk how long it pays to wait.
 *
 *   a gap of the chunk ends    short, at most the break-even time: patience moves halfway to 1     holding it was right
 *                              longer:                             patience moves halfway to 0     releasing it was right
 *
 *   horizon of the chunk = 0.2 x break-even + patience x 1.3 x break-even
 *
 * On traffic that was not made to hurt it costs 1.28 times the optimum on average and 1.66 at worst; the same curve without
 * learning 1.38 and 1.66. An adversary who asks for everything again after each release gets it to 1.75: tooling/trim-lab.
 */
import type { ChunkFacts, TrimFacts } from "../trim-facts.js";
import type { TrimDecision, TrimPolicy } from "../trim-policy.js";
import { type Claim, decideByCurve, smootherstep } from "./curve.js";
import { checkMs, checkOptions } from "./options.js";

/** Ten seconds: jemalloc's decay, and what the prices of memory and of page faults in a cloud amount to. */
const DEFAULT_BREAK_EVEN_MS = 10_000;

/** Horizon of a chunk whose gaps were all long, in break-even times. With 0 it could be hurt for nothing. */
const LEAST_HORIZON = 0.2;

/** Of one whose gaps were all short. More would pay a little (1.26 with 2), but keep a burst for longer than 15 seconds. */
const LONGEST_HORIZON = 1.5;

/** Of a chunk without a past: a horizon of 1.28, near the 1.3 that is best against the worst gap. */
const FIRST_PATIENCE = 0.83;

/** How far one gap moves patience. Less is slower to learn, more is easier to abuse. */
const STEP = 0.5;

/** What is remembered of a chunk. */
interface ChunkPast {
  readonly byteLength: number;
  readonly spansCut: number;
  /** 0 to 1. */
  readonly patience: number;
  /** Since when it is empty or released; undefined while it is used. */
  readonly emptySince: number | undefined;
}

/** By chunk index; of released chunks, too. */
type ChunkPasts = ReadonlyMap<number, ChunkPast>;

/**
 * What {@link patientDecay} weighs.
 * @public
 */
export interface PatientDecayOptions {
  /**
   * How long holding a chunk costs as much as giving it back and taking it again, in milliseconds: 1 to 2^31 - 1. Default
   * 10,000. Everything empty is gone after 1.5 times that time; what has no past after 1.3 times.
   */
  readonly breakEvenMs?: number | undefined;
}

/**
 * Releases empty chunks along a curve, the highest first: sooner those whose gaps between uses were long, later those that
 * were needed again soon.
 * @throws InvalidOptionError `PERFLOC_TRIM_INVALID_OPTION`
 * @public
 */
export function patientDecay(options: PatientDecayOptions = {}): TrimPolicy {
  checkOptions(options);
  const { breakEvenMs = DEFAULT_BREAK_EVEN_MS } = options;
  checkMs("breakEvenMs", breakEvenMs, 1);
  const policy: TrimPolicy<ChunkPasts> = {
    name: `patientDecay({ breakEvenMs: ${breakEvenMs} })`,
    initialState: new Map(),
    observe: (pasts, facts) => observePasts(pasts, facts, breakEvenMs),
    decide: (facts, pasts) => decideByPatience(facts, pasts, breakEvenMs),
  };
  return policy;
}

function observePasts(before: ChunkPasts, facts: TrimFacts, breakEvenMs: number): ChunkPasts {
  const pasts = new Map(before);
  for (const chunk of facts.chunks) {
    const past = before.get(chunk.chunkIndex);
    pasts.set(chunk.chunkIndex, pastOf(chunk, past, facts.now, breakEvenMs));
  }
  return pasts;
}

function pastOf(
  { byteLength, usedBytes, spansCut }: ChunkFacts,
  before: ChunkPast | undefined,
  now: number,
  breakEvenMs: number,
): ChunkPast {
  const patience = before?.patience ?? FIRST_PATIENCE;
  const since = before?.emptySince;
  const emptySince = usedBytes === 0 ? now : undefined;
  if (since === undefined) return { byteLength, spansCut, patience, emptySince };
  const isSameGap = usedBytes === 0 && spansCut === before?.spansCut;
  if (isSameGap) return { byteLength, spansCut, patience, emptySince: since };
  const lesson = now - since <= breakEvenMs ? 1 : 0;
  return { byteLength, spansCut, patience: patience + STEP * (lesson - patience), emptySince };
}

function decideByPatience(
  facts: TrimFacts,
  pasts: ChunkPasts,
  breakEvenMs: number,
): TrimDecision[] {
  const claims = new Map<number, Claim>();
  for (const [chunkIndex, { byteLength, patience, emptySince }] of pasts) {
    if (emptySince === undefined) continue;
    const horizon = LEAST_HORIZON + patience * (LONGEST_HORIZON - LEAST_HORIZON);
    const partAt = (time: number): number =>
      smootherstep((time - emptySince) / (horizon * breakEvenMs));
    claims.set(chunkIndex, { byteLength, partAt });
  }
  return decideByCurve(facts, LONGEST_HORIZON * breakEvenMs, claims);
}
