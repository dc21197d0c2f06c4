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
}

/**
 * What a policy decides from.
 * @public
 */
export interface TrimFacts {
  /** The clock's time in milliseconds. */
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
  /** Those of `chunks` that could go now: empty, from a source that can give memory back. */
  readonly releasable: readonly ChunkFacts[];
}

/** Reads the facts of an arena. O(top chunks). */
export function readFacts(arena: Arena, now: number): TrimFacts {
  const chunks: ChunkFacts[] = [];
  let heldBytes = 0;
  let usedBytes = 0;
  for (const chunk of arena.chunks) {
    if (!chunk.isHeld) continue;
    chunks.push({
      chunkIndex: chunk.index,
      base: chunk.base,
      byteLength: chunk.byteLength,
      usedBytes: chunk.usedBytes,
    });
    heldBytes += chunk.byteLength;
    usedBytes += chunk.usedBytes;
  }
  const { name, canRelease } = arena.source.capabilities;
  return {
    now,
    heldBytes,
    usedBytes,
    sourceName: name,
    canRelease,
    chunks,
    releasable: canRelease ? chunks.filter((chunk) => chunk.usedBytes === 0) : [],
  };
}
