/**
 * The chain of process chunks of one context, oldest first, linked by the forward addresses in their headers.
 *
 *   keeper (4 KiB) ──forward──► 8 KiB ──► [one big object] ──► 16 KiB = newest
 *
 * The keeper is the first chunk that is not dedicated to one object; it survives a reset. Whatever the chain holds it
 * releases exactly once: on reset (all but the keeper), on rollback (all behind the mark) or on drop (all).
 */
import { type Address, OutOfMemoryError } from "@perfloc/arena";
import { doubledUntilFits, halved, roundUpToPages } from "./growth.js";
import type { MemoryContext } from "./memory-context.js";
import { charge, exceededLimit } from "./memory-limit.js";
import { contextLimitReached, contextOutOfMemory } from "./out-of-memory.js";
import { HEADER_BYTES, ProcessChunk } from "./process-chunk.js";

export class ChunkChain {
  readonly #context: MemoryContext;
  readonly #initialBytes: number;
  readonly #maxBytes: number;
  first: ProcessChunk | undefined = undefined;
  newest: ProcessChunk | undefined = undefined;
  keeper: ProcessChunk | undefined = undefined;
  /** Length of the next chunk, unless an object needs more, or the cap is lower. */
  nextBytes: number;
  /** Bytes in all chunks. */
  usedBytes = 0;
  chunkCount = 0;

  constructor(context: MemoryContext, initialBytes: number, maxBytes: number) {
    this.#context = context;
    this.#initialBytes = initialBytes;
    this.#maxBytes = maxBytes;
    this.nextBytes = initialBytes;
  }

  /**
   * Adds a chunk for objects: as long as planned, longer when `neededBytes` (without header) do not fit, shorter when that
   * much cannot be had. `requestedBytes` is what the program asked for, for the error.
   * @returns `undefined` when there was no memory and the quarantine gave way: freed slots may serve now, so look again
   */
  append(neededBytes: number, requestedBytes: number): ProcessChunk | undefined {
    const least = roundUpToPages(HEADER_BYTES + neededBytes);
    let byteLength = doubledUntilFits(this.nextBytes, least, this.#maxBytes);
    while (byteLength > least && exceededLimit(this.#context.limit, byteLength) !== undefined) {
      byteLength = halved(byteLength, least);
    }
    const chunk = this.#reserve(byteLength, least, requestedBytes, false);
    if (chunk === undefined) return undefined;
    if (this.keeper === undefined) this.keeper = chunk;
    else this.#tellForward(chunk.byteLength);
    this.nextBytes = chunk.byteLength * 2;
    return chunk;
  }

  /** Adds a chunk for one big object; the doubling of the others does not notice. @returns as `append` */
  appendDedicated(neededBytes: number, requestedBytes: number): ProcessChunk | undefined {
    const byteLength = roundUpToPages(HEADER_BYTES + neededBytes);
    return this.#reserve(byteLength, byteLength, requestedBytes, true);
  }

  /** Takes one chunk out and releases it. */
  remove(chunk: ProcessChunk): void {
    const { previous, next } = chunk;
    if (previous === undefined) this.first = next;
    else previous.forwardTo(next);
    if (next === undefined) this.newest = previous;
    else next.previous = previous;
    this.#release(chunk);
  }

  /** Releases every chunk that is younger than `order`. */
  truncate(order: number): void {
    let chunk = this.newest;
    while (chunk !== undefined && chunk.order > order) {
      const { previous } = chunk;
      if (chunk === this.keeper) this.keeper = undefined;
      this.#release(chunk);
      chunk = previous;
    }
    this.newest = chunk;
    if (chunk === undefined) this.first = undefined;
    else chunk.forwardTo(undefined);
  }

  /** Releases all chunks but the keeper; the doubling starts again. */
  releaseToKeeper(): void {
    const { keeper } = this;
    let chunk = this.first;
    while (chunk !== undefined) {
      const { next } = chunk;
      if (chunk !== keeper) this.#release(chunk);
      chunk = next;
    }
    this.first = keeper;
    this.newest = keeper;
    this.nextBytes = keeper === undefined ? this.#initialBytes : keeper.byteLength * 2;
    if (keeper === undefined) return;
    keeper.previous = undefined;
    keeper.forwardTo(undefined);
  }

  releaseAll(): void {
    let chunk = this.first;
    while (chunk !== undefined) {
      const { next } = chunk;
      this.#release(chunk);
      chunk = next;
    }
    this.first = undefined;
    this.newest = undefined;
    this.keeper = undefined;
    this.nextBytes = this.#initialBytes;
  }

  /** Resizes a dedicated chunk where it lies; false when the pages behind it are taken or a limit forbids it. */
  resizeDedicated(chunk: ProcessChunk, neededBytes: number): boolean {
    const added = roundUpToPages(neededBytes) - chunk.byteLength;
    if (added === 0) return true;
    const { limit, state } = this.#context;
    if (added > 0 && exceededLimit(limit, added) !== undefined) return false;
    if (!state.arena.resize(chunk.base, chunk.byteLength + added, chunk)) return false;
    this.usedBytes += added;
    charge(limit, added);
    chunk.resizeTo(chunk.byteLength + added);
    return true;
  }

  #tellForward(byteLength: number): void {
    const context = this.#context;
    const { state } = context;
    state.forwards++;
    state.events?.emit("context-forwarded", { context, byteLength });
  }

  #reserve(
    byteLength: number,
    least: number,
    requestedBytes: number,
    isDedicated: boolean,
  ): ProcessChunk | undefined {
    const context = this.#context;
    const exceeded = exceededLimit(context.limit, byteLength);
    if (exceeded !== undefined) {
      if (context.state.guards?.giveWay() === true) return undefined;
      throw contextLimitReached(
        context,
        withoutGuard(context, requestedBytes),
        byteLength,
        exceeded,
      );
    }
    const order = this.newest === undefined ? 1 : this.newest.order + 1;
    const chunk =
      (isDedicated ? undefined : ProcessChunk.unpark(context, byteLength, order)) ??
      makeChunk(context, byteLength, least, requestedBytes, order, isDedicated);
    if (chunk === undefined) return undefined;
    const heldBytes = chunk.byteLength;
    if (this.newest === undefined) this.first = chunk;
    else this.newest.forwardTo(chunk);
    this.newest = chunk;
    this.usedBytes += heldBytes;
    this.chunkCount++;
    charge(context.limit, heldBytes);
    return chunk;
  }

  #release(chunk: ProcessChunk): void {
    const { limit, state } = this.#context;
    this.usedBytes -= chunk.byteLength;
    this.chunkCount--;
    charge(limit, -chunk.byteLength);
    // Whoever owns the arena may have disposed it: then the memory is gone, and there is nothing to give back.
    if (chunk.top.ownerAt(chunk.base) !== chunk) return;
    this.#context.abandon(chunk);
    if (chunk.isDedicated) state.arena.release(chunk.base, chunk);
    else chunk.park();
  }
}

/** A new chunk of `byteLength`, or of less, down to `least`; `undefined` when the quarantine gave way. */
function makeChunk(
  context: MemoryContext,
  byteLength: number,
  least: number,
  requestedBytes: number,
  order: number,
  isDedicated: boolean,
): ProcessChunk | undefined {
  const reserved = reserveOrHalve(context, byteLength, least, requestedBytes);
  if (reserved === undefined) return undefined;
  const { base, heldBytes } = reserved;
  if (context.isDropped) {
    // A source that was asked for memory came back and dropped the context.
    context.state.arena.release(base);
    context.checkAlive("allocate in");
  }
  const top = context.state.arena.chunkAt(base);
  return new ProcessChunk(context, top, base, heldBytes, order, isDedicated);
}

/** What the program asked for: a guard asks for a canary besides. */
function withoutGuard(context: MemoryContext, requestedBytes: number): number {
  return requestedBytes - (context.state.guards?.guardBytes ?? 0);
}

/** A span of `byteLength`, or of half of it and so on down to `least`, when the arena has no more. */
function reserveOrHalve(
  context: MemoryContext,
  byteLength: number,
  least: number,
  requestedBytes: number,
): { base: Address; heldBytes: number } | undefined {
  for (let heldBytes = byteLength; ; heldBytes = halved(heldBytes, least)) {
    try {
      return { base: context.state.arena.reserve(heldBytes), heldBytes };
    } catch (error) {
      if (heldBytes > least && error instanceof OutOfMemoryError) continue;
      if (error instanceof OutOfMemoryError && context.state.guards?.giveWay() === true)
        return undefined;
      throw contextOutOfMemory(context, withoutGuard(context, requestedBytes), error);
    }
  }
}
