/**
 * The books of a trimmer: what holding and releasing has cost, and what the least possible would have been.
 *
 *   a chunk's gap   |--- empty, held ---|--- released ---|       from its last use to its next
 *   rent            byteLength x time empty and held
 *   price           byteLength x breakEvenMs, for a release and the taking again
 *   the optimum     byteLength x min(gap, breakEvenMs)            who knows the future releases at once, or never
 *
 * So a ratio of 1 is perfect, and 2 is what the best timer can be driven to. A pure reducer over facts, used live and in
 * simulations; what happens between facts is seen only as far as the counts of spans tell.
 */
import { type ChunkFacts, type TrimFacts, byIndex } from "./trim-facts.js";

/**
 * How long holding a chunk costs as much as giving it back and taking it again, in milliseconds.
 * @public
 */
export const BREAK_EVEN_MS = 10_000;

/**
 * A chunk between two uses.
 * @public
 */
export interface ChunkGap {
  readonly byteLength: number;
  readonly spansCut: number;
  readonly epoch: number;
  readonly since: number;
  /** When it was released; undefined while it is held. */
  readonly releasedAt: number | undefined;
}

/**
 * What was counted so far: bytes, milliseconds, and products of them. Made by {@link observeLedger}.
 * @public
 */
export interface TrimLedger {
  readonly now: number;
  /** By chunk index. */
  readonly gaps: ReadonlyMap<number, ChunkGap>;
  readonly idleByteMs: number;
  readonly releasedBytes: number;
  readonly recommittedBytes: number;
  readonly regretBytes: number;
  /** Of finished gaps. */
  readonly wastedBytes: number;
  readonly optimalByteMs: number;
}

/**
 * Nothing was counted yet.
 * @public
 */
export const EMPTY_LEDGER: TrimLedger = {
  now: -Infinity,
  gaps: new Map(),
  idleByteMs: 0,
  releasedBytes: 0,
  recommittedBytes: 0,
  regretBytes: 0,
  wastedBytes: 0,
  optimalByteMs: 0,
};

/**
 * Counts what has happened between the last facts and these. Pure.
 * @public
 */
export function observeLedger(ledger: TrimLedger, facts: TrimFacts): TrimLedger {
  const { now } = facts;
  const sums = { ...ledger, now };
  const gaps = new Map<number, ChunkGap>();
  const held = byIndex(facts.chunks);
  for (const [chunkIndex, gap] of ledger.gaps) {
    const chunk = held.get(chunkIndex);
    if (gap.releasedAt === undefined) sums.idleByteMs += gap.byteLength * (now - ledger.now);
    if (chunk === undefined) {
      if (gap.releasedAt === undefined) sums.releasedBytes += gap.byteLength;
      gaps.set(chunkIndex, { ...gap, releasedAt: gap.releasedAt ?? now });
    } else if (chunk.usedBytes === 0 && chunk.spansCut === gap.spansCut) {
      gaps.set(chunkIndex, { ...gap, releasedAt: undefined });
    } else if (chunk.epoch > gap.epoch && gap.releasedAt === undefined) {
      // Given back and taken again since the last facts, by somebody else.
      sums.releasedBytes += gap.byteLength;
      finishGap(sums, { ...gap, releasedAt: now }, now);
    } else finishGap(sums, gap, now);
  }
  for (const chunk of facts.chunks) {
    if (chunk.usedBytes === 0 && !gaps.has(chunk.chunkIndex))
      gaps.set(chunk.chunkIndex, gapOf(chunk, now));
  }
  return { ...sums, gaps };
}

/**
 * What holding and releasing has cost so far over the least that it could have cost; 1 before anything was empty.
 * @public
 */
export function ratioToOptimum(ledger: TrimLedger): number {
  let optimal = ledger.optimalByteMs;
  for (const { byteLength, since } of ledger.gaps.values()) {
    optimal += byteLength * Math.min(ledger.now - since, BREAK_EVEN_MS);
  }
  const cost = ledger.idleByteMs + ledger.releasedBytes * BREAK_EVEN_MS;
  return optimal === 0 ? 1 : cost / optimal;
}

/** Bytes that stayed held and empty for longer than the break-even time, those that still do included. */
export function wastedBytes({ gaps, now, ...sums }: TrimLedger): number {
  let bytes = sums.wastedBytes;
  for (const gap of gaps.values()) if (isWasted(gap, now)) bytes += gap.byteLength;
  return bytes;
}

function finishGap(
  sums: { -readonly [K in keyof TrimLedger]: TrimLedger[K] },
  gap: ChunkGap,
  now: number,
): void {
  sums.optimalByteMs += gap.byteLength * Math.min(now - gap.since, BREAK_EVEN_MS);
  if (isWasted(gap, now)) sums.wastedBytes += gap.byteLength;
  if (gap.releasedAt === undefined) return;
  sums.recommittedBytes += gap.byteLength;
  if (now - gap.releasedAt <= BREAK_EVEN_MS) sums.regretBytes += gap.byteLength;
}

function isWasted({ since, releasedAt }: ChunkGap, now: number): boolean {
  return (releasedAt ?? now) - since > BREAK_EVEN_MS;
}

function gapOf({ byteLength, spansCut, epoch }: ChunkFacts, now: number): ChunkGap {
  return { byteLength, spansCut, epoch, since: now, releasedAt: undefined };
}
