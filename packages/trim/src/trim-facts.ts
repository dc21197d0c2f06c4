/** What a policy may know: figures of the held top chunks at one moment, copied, so that deciding cannot change them. */
import type { Address, Arena } from "@perfloc/context";

/**
 * One held top chunk.
 * @public
 */
export interface ChunkFacts {
  /** Position in `heap.arena.chunks`. */
  readonly chunkIndex: number;
  /** First address. */
  readonly base: Address;
  /** Bytes held from the OS. */
  readonly byteLength: number;
  /** Bytes in process chunks. A chunk with 0 is empty. */
  readonly usedBytes: number;
  /** Spans ever reserved in it: unchanged since the last facts, an empty chunk was empty all the time. */
  readonly spansCut: number;
  /** How often it was given back: more than in the last facts, and it has come back meanwhile. */
  readonly epoch: number;
}

/**
 * What a policy decides from.
 * @public
 */
export interface TrimFacts {
  /** The clock's time in milliseconds; never less than in the facts before. */
  readonly now: number;
  /** Bytes held from the OS: the sum over `chunks`. */
  readonly heldBytes: number;
  /** Bytes in process chunks: the sum over `chunks`. */
  readonly usedBytes: number;
  /** Name of the arena's source. */
  readonly sourceName: string;
  /** Whether that source can give memory back at all. */
  readonly canRelease: boolean;
  /** Every held top chunk, in the order of `heap.arena.chunks`. */
  readonly chunks: readonly ChunkFacts[];
  /** Those of `chunks` that could go now: empty, from a source that can give memory back. The highest address first. */
  readonly releasable: readonly ChunkFacts[];
}

/** Reads the facts of an arena. O(top chunks). */
export function readFacts(arena: Arena, now: number): TrimFacts {
  const chunks: ChunkFacts[] = [];
  for (const chunk of arena.chunks) {
    if (!chunk.isHeld) continue;
    const { index: chunkIndex, base, byteLength, usedBytes, spansCut, epoch } = chunk;
    chunks.push({ chunkIndex, base, byteLength, usedBytes, spansCut, epoch });
  }
  const { name, canRelease } = arena.source.capabilities;
  return makeFacts(now, chunks, name, canRelease);
}

/**
 * Facts of chunks that are known: for simulations, and for tests of a policy.
 * @param chunks - the held ones, in the order of their indices
 * @public
 */
export function makeFacts(
  now: number,
  chunks: readonly ChunkFacts[],
  sourceName: string,
  canRelease: boolean,
): TrimFacts {
  let heldBytes = 0;
  let usedBytes = 0;
  for (const chunk of chunks) {
    heldBytes += chunk.byteLength;
    usedBytes += chunk.usedBytes;
  }
  const releasable = canRelease
    ? chunks.filter((chunk) => chunk.usedBytes === 0).toSorted((a, b) => b.base - a.base)
    : [];
  return { now, heldBytes, usedBytes, sourceName, canRelease, chunks, releasable };
}

/** Chunks by their index. */
export type ChunksByIndex = ReadonlyMap<number, ChunkFacts>;

export function byIndex(chunks: readonly ChunkFacts[]): ChunksByIndex {
  return new Map(chunks.map((chunk) => [chunk.chunkIndex, chunk]));
}

/** Bytes held below each chunk of `chunks`: how much demand the heap can meet without it. By chunk index. */
export function capacitiesBelow(chunks: readonly ChunkFacts[]): ReadonlyMap<number, number> {
  const below = new Map<number, number>();
  let sum = 0;
  for (const { chunkIndex, byteLength } of chunks.toSorted((a, b) => a.base - b.base)) {
    below.set(chunkIndex, sum);
    sum += byteLength;
  }
  return below;
}
