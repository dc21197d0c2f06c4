/**
 * Counters of an arena, and the equations between them:
 *
 *   heldBytes     = usedBytes + freeBytes + nullBytes          (nullBytes: the NULL page, while its chunk is held)
 *   heldBytes     = reservedBytesTotal - releasedBytesTotal
 *   heldChunks    = chunksReserved - chunksReleased
 *
 * verifyArena checks them against the chunks.
 */
import { NULL_ADDRESS, PAGE_BYTES } from "../placement/address.js";
import type { TopChunk } from "../tables/top-chunk.js";

/** 8 words. */
const PAGE_RECORD_BYTES = 32;
/** A word for each of 256 granules. */
const PAGE_CELL_BYTES = 1024;

/**
 * A snapshot of an arena's counters.
 *
 * `heldBytes = usedBytes + freeBytes + nullBytes = reservedBytesTotal - releasedBytesTotal`.
 * @public
 */
export interface ArenaStats {
  /** Bytes held from the OS in top chunks. */
  readonly heldBytes: number;
  /** Bytes in spans. */
  readonly usedBytes: number;
  /** Bytes in free pages of held chunks. */
  readonly freeBytes: number;
  /** 4096 while the chunk that contains the NULL page is held, else 0. */
  readonly nullBytes: number;
  /**
   * Bytes of the planes beside the held bytes: 32 for each page, and 1024 more for each page of a chunk that ever had cells. They cost
   * memory only where they are written; what is reserved ahead is not counted.
   */
  readonly planeBytes: number;
  /** Top chunks held. */
  readonly heldChunks: number;
  /** Spans reserved now. */
  readonly spanCount: number;
  /** Most bytes ever held at once. */
  readonly peakHeldBytes: number;
  /** Most bytes ever in spans at once. */
  readonly peakUsedBytes: number;
  /** Top chunks taken from the source so far. */
  readonly chunksReserved: number;
  /** Top chunks given back so far. */
  readonly chunksReleased: number;
  /** Bytes taken from the source so far. */
  readonly reservedBytesTotal: number;
  /** Bytes given back so far. */
  readonly releasedBytesTotal: number;
}

/** The running counters; the arena is their only writer. */
export class ArenaTally {
  usedBytes = 0;
  spanCount = 0;
  peakHeldBytes = 0;
  peakUsedBytes = 0;
  chunksReserved = 0;
  chunksReleased = 0;
  reservedBytesTotal = 0;
  releasedBytesTotal = 0;

  get heldBytes(): number {
    return this.reservedBytesTotal - this.releasedBytesTotal;
  }

  addUsed(byteLength: number): void {
    this.usedBytes += byteLength;
    if (this.usedBytes > this.peakUsedBytes) this.peakUsedBytes = this.usedBytes;
  }

  addReserved(byteLength: number): void {
    this.chunksReserved++;
    this.reservedBytesTotal += byteLength;
    if (this.heldBytes > this.peakHeldBytes) this.peakHeldBytes = this.heldBytes;
  }

  addReleased(byteLength: number): void {
    this.chunksReleased++;
    this.releasedBytesTotal += byteLength;
  }
}

/** The snapshot for `arena.stats()`. */
export function arenaStats(tally: ArenaTally, chunks: readonly TopChunk[]): ArenaStats {
  const heldBytes = tally.heldBytes;
  const nullBytes = chunks.some((chunk) => chunk.isHeld && chunk.base === NULL_ADDRESS)
    ? PAGE_BYTES
    : 0;
  return {
    heldBytes,
    usedBytes: tally.usedBytes,
    freeBytes: heldBytes - tally.usedBytes - nullBytes,
    nullBytes,
    planeBytes: chunks.reduce((sum, chunk) => sum + planeBytesOf(chunk), 0),
    heldChunks: tally.chunksReserved - tally.chunksReleased,
    spanCount: tally.spanCount,
    peakHeldBytes: tally.peakHeldBytes,
    peakUsedBytes: tally.peakUsedBytes,
    chunksReserved: tally.chunksReserved,
    chunksReleased: tally.chunksReleased,
    reservedBytesTotal: tally.reservedBytesTotal,
    releasedBytesTotal: tally.releasedBytesTotal,
  };
}

/** Bytes of page records of a chunk, and of its cells where it ever had any. */
export function planeBytesOf(chunk: TopChunk): number {
  return (
    (chunk.byteLength / PAGE_BYTES) * (PAGE_RECORD_BYTES + (chunk.hasCells ? PAGE_CELL_BYTES : 0))
  );
}
