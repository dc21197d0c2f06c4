/**
 * Takes top chunks from the source and gives them back. Cold: once for each top chunk.
 *
 *   grow      source.acquire ──► planes cover the addresses ──► table.hold ──► watchers
 *   giveBack  source.release ──► table.vacate ──► planes shrink ──► watchers
 */
import { type OutOfMemoryError, ReleaseFailedError } from "../errors.js";
import {
  ADDRESS_SPACE_BYTES,
  type Address,
  NULL_ADDRESS,
  PAGE_BYTES,
} from "../placement/address.js";
import { type PlannedChunk, planChunk } from "../placement/chunk-growth.js";
import { type ArenaTally, planeBytesOf } from "../report/arena-stats.js";
import { limitReached, sourceRefused } from "../report/out-of-memory.js";
import { type AcquiredRange, acquireOrHalve, giveBackUnused } from "../sources/acquire-range.js";
import type { BufferRange, BufferSource } from "../sources/buffer-source.js";
import { requireDeepStack } from "../stack-room.js";
import type { Planes } from "../tables/planes.js";
import type { TopChunk } from "../tables/top-chunk.js";
import type { TopChunkTable } from "../tables/top-chunk-table.js";
import type { ChunkWatchers } from "./chunk-watchers.js";

/**
 * Cells and page records of released chunks stay resident until the planes are rebuilt: when they are more than this many bytes, and more
 * than those of the chunks that are held, so that all rebuilds together copy no more than was once written.
 */
const COMPACT_ABOVE_BYTES = 1024 * 1024;

const OVERLAP = "a held chunk is there";

/** The port to the spans of the arena: a growing arena may find that it has room after all, a disposed one erases them. */
export interface SpansOfChunks {
  findRoom(pageCount: number, order: number): TopChunk | undefined;
  eraseAll(chunk: TopChunk): void;
}

export class ChunkHolder {
  readonly source: BufferSource;
  /** Most bytes that may be held. */
  maxBytes: number;
  readonly #table: TopChunkTable;
  readonly #planes: Planes;
  readonly #tally: ArenaTally;
  readonly #watchers: ChunkWatchers;
  /** Bytes of cells and page records of chunks that were released since the planes were rebuilt. */
  #stalePlaneBytes = 0;

  constructor(
    source: BufferSource,
    maxBytes: number,
    table: TopChunkTable,
    planes: Planes,
    tally: ArenaTally,
    watchers: ChunkWatchers,
  ) {
    this.source = source;
    this.maxBytes = maxBytes;
    this.#table = table;
    this.#planes = planes;
    this.#tally = tally;
    this.#watchers = watchers;
  }

  /**
   * Takes a top chunk that has room for `pageCount` pages, whose block has `order`.
   * @throws LimitExceededError, OutOfMemoryError; nothing has changed then, but that empty chunks may have gone back
   */
  grow(pageCount: number, order: number, spans: SpansOfChunks): TopChunk {
    // Else the RangeError of a stack that overflows in the source would count as its refusal.
    requireDeepStack();
    const tally = this.#tally;
    const { slots, ladder } = this.#table;
    const allowedBytes = this.maxBytes - tally.heldBytes;
    const plan = planChunk(ladder, slots, pageCount, order, allowedBytes);
    const { slot, byteLength } = plan;
    if (byteLength > allowedBytes && slot < ladder.slotCount) {
      if (this.#releaseEmpty(byteLength - allowedBytes, spans))
        return this.grow(pageCount, order, spans);
    }
    const needBytes = pageCount * PAGE_BYTES;
    if (slot >= ladder.slotCount || byteLength > allowedBytes)
      throw limitReached(tally, this.#table.chunks, this.maxBytes, needBytes, byteLength);
    const { chunksReserved } = tally;
    const acquired = this.#acquire(plan, needBytes);
    const base = this.#baseFor(slot, acquired, needBytes);
    this.#coverOrGiveBack(base + acquired.byteLength, acquired, needBytes);
    if (chunksReserved === tally.chunksReserved) return this.#hold(slot, base, acquired);
    // The source called back here to reserve, and the plan is no longer right.
    giveBackUnused(this.source, acquired.range);
    return spans.findRoom(pageCount, order) ?? this.grow(pageCount, order, spans);
  }

  /** Gives a held chunk back. @returns its bytes @throws ReleaseFailedError; the chunk is then still held */
  giveBack(chunk: TopChunk, range: BufferRange, spans: SpansOfChunks): number {
    const { byteLength } = chunk;
    // A source may call back here while it releases, for instance to allocate.
    chunk.isLeaving = true;
    try {
      // A buffer that was transferred away is no longer the source's.
      if (!chunk.isLost) this.source.release(range);
    } catch (error) {
      throw new ReleaseFailedError(chunk.index, byteLength, error);
    } finally {
      chunk.isLeaving = false;
    }
    // Only `dispose` takes spans away. The source may have released some: they are counted after it was asked.
    if (chunk.usedBytes > 0) spans.eraseAll(chunk);
    this.#stalePlaneBytes += planeBytesOf(chunk);
    this.#table.vacate(chunk);
    this.#tally.addReleased(byteLength);
    this.#compactPlanes();
    this.#watchers.notifyHeldWatchers(chunk, -byteLength);
    return byteLength;
  }

  /**
   * Gives empty chunks back, the largest first, until `byteLength` more may be held; none when all together are not enough.
   * When the source refuses some of them it may have been in vain.
   */
  #releaseEmpty(byteLength: number, spans: SpansOfChunks): boolean {
    const empty = this.#table.chunks.filter(
      (chunk) => chunk.isHeld && chunk.usedBytes === 0 && !chunk.isLeaving,
    );
    const emptyBytes = empty.reduce((sum, chunk) => sum + chunk.byteLength, 0);
    if (emptyBytes < byteLength || !this.source.capabilities.canRelease) return false;
    empty.sort((a, b) => b.byteLength - a.byteLength || b.base - a.base);
    let missingBytes = byteLength;
    for (const chunk of empty) {
      if (missingBytes > 0) missingBytes -= this.#tryGiveBack(chunk, spans);
    }
    return missingBytes <= 0;
  }

  /** Bytes given back; 0, with the chunk still held, when the source throws or has called back and reserved a span in it. */
  #tryGiveBack(chunk: TopChunk, spans: SpansOfChunks): number {
    const { range } = chunk;
    if (range === undefined || chunk.isLeaving || chunk.usedBytes > 0) return 0;
    try {
      return this.giveBack(chunk, range, spans);
    } catch (error) {
      if (error instanceof ReleaseFailedError) return 0;
      throw error;
    }
  }

  #acquire({ byteLength, leastBytes }: PlannedChunk, needBytes: number): AcquiredRange {
    const acquired = acquireOrHalve(this.source, byteLength, leastBytes);
    if ("range" in acquired) return acquired;
    throw this.#refused(needBytes, acquired.byteLength, acquired.cause);
  }

  /** Where the chunk begins: at its slot, or where an identity source put it. */
  #baseFor(slot: number, { range, byteLength }: AcquiredRange, needBytes: number): Address {
    const { source } = this;
    if (source.capabilities.hasIdentityAddresses !== true) return this.#table.ladder.baseOf(slot);
    const base = range.byteOffset;
    const fault = this.#faultOf(base, byteLength);
    if (fault === undefined) return base;
    // What overlaps a held chunk is not given back: the source could take the memory of that chunk for it.
    if (fault !== OVERLAP) giveBackUnused(source, range);
    const cause = new RangeError(`the source put ${byteLength} bytes at ${base}: ${fault}`);
    throw this.#refused(needBytes, byteLength, cause);
  }

  /** What is wrong with a base that an identity source chose; `undefined` when nothing is. */
  #faultOf(base: number, byteLength: number): string | undefined {
    const { initialBytes } = this.#table.ladder;
    if (base % initialBytes !== 0) return `not a multiple of ${initialBytes}`;
    if (base === NULL_ADDRESS) return "address 0 is NULL";
    if (base + byteLength > ADDRESS_SPACE_BYTES) return "beyond the address space";
    return this.#table.overlaps(base, byteLength) ? OVERLAP : undefined;
  }

  #coverOrGiveBack(
    endAddress: number,
    { range, byteLength }: AcquiredRange,
    needBytes: number,
  ): void {
    try {
      this.#planes.cover(endAddress);
    } catch (error) {
      giveBackUnused(this.source, range);
      throw this.#refused(needBytes, byteLength, error);
    }
  }

  #refused(needBytes: number, byteLength: number, cause: unknown): OutOfMemoryError {
    const { name } = this.source.capabilities;
    return sourceRefused(this.#tally, this.#table.chunks, name, needBytes, byteLength, cause);
  }

  #hold(slot: number, base: Address, { range, byteLength }: AcquiredRange): TopChunk {
    const chunk = this.#table.hold(slot, base, range, byteLength);
    this.#tally.addReserved(byteLength);
    this.#watchers.notifyHeldWatchers(chunk, byteLength);
    this.#watchers.notifyChunkWatchers();
    return chunk;
  }

  #compactPlanes(): void {
    const heldPlaneBytes = this.#table.chunks.reduce((sum, chunk) => sum + planeBytesOf(chunk), 0);
    if (this.#stalePlaneBytes < Math.max(heldPlaneBytes, COMPACT_ABOVE_BYTES)) return;
    if (this.#planes.compact(this.#table.endAddress)) this.#stalePlaneBytes = 0;
  }
}
