/**
 * The chain of process chunks of one context, oldest first, linked by the forward addresses in their headers.
 *
 *   keeper (4 KiB) ──forward──► 8 KiB ──► [one big object] ──► 16 KiB = newest
 *
 * The keeper is the first chunk that is not dedicated to one object; it survives a reset. Whatever the chain holds it
 * releases exactly once: on reset (all but the keeper), on rollback (all behind the mark) or on drop (all).
 *
 * The chain is words of the page table (NEXT, PREVIOUS) and a few fields of the context; these functions are its only writers.
 */
import { type Address, OutOfMemoryError, PAGE_BYTES } from "@perfloc/arena";
import {
  CELLS_FLAG,
  DEDICATED_FLAG,
  HIGH_WATER_WORD,
  NEXT_WORD,
  OWNER_ID_MASK,
  OWNER_WORD,
  PAGE_SHIFT,
  PREVIOUS_WORD,
  recordAt,
  requireStack,
} from "@perfloc/arena/internal";
import { contextLimitReached, contextOutOfMemory } from "../report/out-of-memory.js";
import { charge, exceededLimit } from "../scopes/memory-limit.js";
import { NO_TAG } from "../slots/cells.js";
import type { ContextNode, MemoryLimit } from "../tables/context-node.js";
import {
  HEADER_BYTES,
  chunkBytes,
  highWaterOf,
  nextChunk,
  previousChunk,
  setHighWater,
  writeForward,
  writeHeader,
  writeLength,
} from "./chunk-header.js";
import { doubledUntilFits, halved, roundUpToPages } from "./growth.js";

/**
 * Adds a chunk for objects: twice as long as the current one, longer when `neededBytes` (without header) do not fit, shorter when that
 * much cannot be had. `requestedBytes` is what the program asked for, for the error.
 * @returns its address; 0 when there was no memory and room was made: look for freed slots again
 */
export function appendChunk(
  context: ContextNode,
  neededBytes: number,
  requestedBytes: number,
): Address {
  const { options } = context;
  const least = roundUpToPages(HEADER_BYTES + neededBytes);
  const planned = doubledUntilFits(plannedBytes(context), least, options.maxChunkBytes);
  const byteLength = halvedToLimit(context.limit, planned, least);
  const base = reserveChunk(context, byteLength, least, requestedBytes, 0, false);
  if (base === 0) return 0;
  if (context.keeper === 0) context.keeper = base;
  else notifyForward(context, base);
  return base;
}

/**
 * Adds a chunk for one big object; the doubling of the others does not notice.
 * @param roomyBytes - what it has room for if that can be had, at least `neededBytes`
 * @param isGrowing - whether the pages behind it should stay free for longer
 * @returns as `appendChunk`
 */
export function appendDedicated(
  context: ContextNode,
  neededBytes: number,
  roomyBytes: number,
  requestedBytes: number,
  isGrowing: boolean,
): Address {
  const least = roundUpToPages(HEADER_BYTES + neededBytes);
  const byteLength = halvedToLimit(context.limit, roundUpToPages(HEADER_BYTES + roomyBytes), least);
  return reserveChunk(context, byteLength, least, requestedBytes, DEDICATED_FLAG, isGrowing);
}

/** Makes the chunk at `base` the one that objects are cut from; the old one keeps its high-water mark. */
export function moveToChunk(context: ContextNode, base: Address): void {
  const { planes } = context;
  if (context.currentChunk !== 0) setHighWater(planes, context.currentChunk, context.cursor);
  // Before the chunk is the current one: its high-water mark is in the page table.
  context.cursor = highWaterOf(context, base);
  context.currentChunk = base;
  context.limitAddress = base + chunkBytes(planes, base);
}

/** Stops cutting objects from any chunk. */
export function leaveChunk(context: ContextNode): void {
  if (context.currentChunk !== 0)
    setHighWater(context.planes, context.currentChunk, context.cursor);
  context.currentChunk = 0;
  context.cursor = 0;
  context.limitAddress = 0;
}

/** Takes one chunk out and releases it. */
export function removeChunk(context: ContextNode, base: Address): void {
  const { planes, state } = context;
  const previous = previousChunk(planes, base);
  const next = nextChunk(planes, base);
  if (previous !== 0) {
    planes.pages[recordAt(previous) | NEXT_WORD] = next;
    writeForward(state.spans, previous, next);
  }
  if (next === 0) context.newestChunk = previous;
  else planes.pages[recordAt(next) | PREVIOUS_WORD] = previous;
  releaseChunk(context, base);
}

/** Releases every chunk that is newer than the one at `last`; all for 0. */
export function truncateChain(context: ContextNode, last: Address): void {
  const { planes, state } = context;
  let base = context.newestChunk;
  while (base !== last && base !== 0) {
    const previous = previousChunk(planes, base);
    if (base === context.keeper) context.keeper = 0;
    releaseChunk(context, base);
    base = previous;
  }
  context.newestChunk = base;
  if (base === 0) return;
  planes.pages[recordAt(base) | NEXT_WORD] = 0;
  writeForward(state.spans, base, 0);
}

/** Releases all chunks but the keeper; the doubling starts again. */
export function releaseToKeeper(context: ContextNode): void {
  const { keeper, planes, state } = context;
  let base = context.newestChunk;
  while (base !== 0) {
    const previous = previousChunk(planes, base);
    if (base !== keeper) releaseChunk(context, base);
    base = previous;
  }
  context.newestChunk = keeper;
  if (keeper === 0 || chunkBytes(planes, keeper) === 0) return;
  const at = recordAt(keeper);
  planes.pages[at | NEXT_WORD] = 0;
  planes.pages[at | PREVIOUS_WORD] = 0;
  writeForward(state.spans, keeper, 0);
}

/** Releases the whole chain, and the record of the context with it. */
export function releaseChain(context: ContextNode): void {
  const { planes } = context;
  let base = context.newestChunk;
  while (base !== 0) {
    const previous = previousChunk(planes, base);
    releaseChunk(context, base);
    base = previous;
  }
  context.newestChunk = 0;
  context.keeper = 0;
  if (context.id === 0) return;
  context.table.release(context.id);
  context.id = 0;
  context.tag = NO_TAG;
}

/** Resizes a dedicated chunk where it lies; false when the pages behind it are taken or a limit forbids it. */
export function resizeDedicated(context: ContextNode, base: Address, neededBytes: number): boolean {
  const { limit, planes, state } = context;
  const byteLength = roundUpToPages(neededBytes);
  const added = byteLength - chunkBytes(planes, base);
  if (added === 0) return true;
  if (added > 0 && exceededLimit(limit, added) !== undefined) return false;
  requireStack();
  if (!state.spans.resize(base, byteLength / PAGE_BYTES)) return false;
  context.usedBytes += added;
  charge(limit, added);
  writeLength(state.spans, base, byteLength);
  setHighWater(planes, base, base + byteLength);
  return true;
}

/** Length of the next chunk, unless an object needs more, or the cap is lower. */
function plannedBytes(context: ContextNode): number {
  return context.currentChunk === 0
    ? context.options.initialBytes
    : chunkBytes(context.planes, context.currentChunk) * 2;
}

/** `wantedBytes`, or half of them and so on down to `least`, so that no limit is exceeded if that can be. */
function halvedToLimit(limit: MemoryLimit | undefined, wantedBytes: number, least: number): number {
  let byteLength = wantedBytes;
  while (byteLength > least && exceededLimit(limit, byteLength) !== undefined)
    byteLength = halved(byteLength, least);
  return byteLength;
}

function notifyForward(context: ContextNode, base: Address): void {
  const { planes, state } = context;
  state.forwards++;
  state.events?.emit("context-forwarded", { context, byteLength: chunkBytes(planes, base) });
}

function reserveChunk(
  context: ContextNode,
  byteLength: number,
  least: number,
  requestedBytes: number,
  dedicatedFlag: number,
  isGrowing: boolean,
): Address {
  const { limit, state } = context;
  if (limit !== undefined) {
    const exceeded = exceededLimit(limit, byteLength);
    if (exceeded !== undefined) {
      if (makesRoom(context)) return 0;
      const asked = withoutGuard(context, requestedBytes);
      throw contextLimitReached(context, asked, byteLength, exceeded);
    }
  }
  requireStack();
  if (context.id === 0) adoptRecord(context, context.ownerFlags);
  const { id } = context;
  const ownerWord = id | context.ownerFlags | dedicatedFlag;
  const base = takeSpan(context, byteLength, least, requestedBytes, ownerWord, isGrowing);
  if (base === 0) return 0;
  if (context.isDropped) {
    // A source that was asked for memory called back and dropped the context.
    state.spans.release(base);
    context.checkAlive("allocate in");
  }
  linkChunk(context, base);
  return base;
}

/** Gives a context its record and, where its objects have cells, its first tag. */
export function adoptRecord(context: ContextNode, ownerFlags: number): void {
  const { table } = context;
  const tag = (ownerFlags & CELLS_FLAG) === 0 ? NO_TAG : table.tags.take();
  const id = table.adopt(context);
  context.id = id;
  context.heads = table.headsOf(id);
  context.tag = tag;
}

/** A span of `byteLength`, or of half of it and so on down to `least`; 0 when room was made instead. */
function takeSpan(
  context: ContextNode,
  byteLength: number,
  least: number,
  requestedBytes: number,
  ownerWord: number,
  isGrowing: boolean,
): Address {
  const { spans } = context.state;
  for (let heldBytes = byteLength; ; heldBytes = halved(heldBytes, least)) {
    const pageCount = heldBytes >>> PAGE_SHIFT;
    try {
      if ((ownerWord & DEDICATED_FLAG) === 0 && (pageCount & (pageCount - 1)) === 0)
        return spans.takeBlock(31 - Math.clz32(pageCount), ownerWord);
      return isGrowing
        ? spans.reserveToGrow(pageCount, ownerWord)
        : spans.reserve(pageCount, ownerWord);
    } catch (error) {
      if (heldBytes > least && error instanceof OutOfMemoryError) continue;
      if (error instanceof OutOfMemoryError && makesRoom(context)) return 0;
      throw contextOutOfMemory(context, withoutGuard(context, requestedBytes), error);
    }
  }
}

function linkChunk(context: ContextNode, base: Address): void {
  const { planes, state } = context;
  const { pages } = planes;
  const previous = context.newestChunk;
  const byteLength = chunkBytes(planes, base);
  const at = recordAt(base);
  pages[at | NEXT_WORD] = 0;
  pages[at | PREVIOUS_WORD] = previous;
  pages[at | HIGH_WATER_WORD] = base + HEADER_BYTES;
  writeHeader(state.spans, base, byteLength, context.id);
  if (previous !== 0) {
    pages[recordAt(previous) | NEXT_WORD] = base;
    writeForward(state.spans, previous, base);
  }
  context.newestChunk = base;
  context.usedBytes += byteLength;
  if (context.limit !== undefined) charge(context.limit, byteLength);
}

function releaseChunk(context: ContextNode, base: Address): void {
  const { limit, planes, state } = context;
  const ownerWord = planes.pages[recordAt(base) | OWNER_WORD] ?? 0;
  // The owner of the arena may have disposed it: then there is no memory to give back.
  if ((ownerWord & OWNER_ID_MASK) !== context.id) {
    charge(limit, -context.usedBytes);
    context.usedBytes = 0;
    return;
  }
  const byteLength = chunkBytes(planes, base);
  context.usedBytes -= byteLength;
  if (limit !== undefined) charge(limit, -byteLength);
  context.guards?.abandonChunk(base, highWaterOf(context, base));
  if ((ownerWord & DEDICATED_FLAG) === 0) state.spans.park(base);
  else state.spans.release(base);
}

/** Before memory runs out: empty process chunks of the context go back, else what waits in the quarantine. */
function makesRoom(context: ContextNode): boolean {
  return context.releaseEmpty() > 0 || context.state.ledger?.emptyQuarantine() === true;
}

/** What the program asked for: a guard asks for a canary besides. */
function withoutGuard({ state }: ContextNode, requestedBytes: number): number {
  return requestedBytes - (state.ledger?.guardBytes ?? 0);
}
