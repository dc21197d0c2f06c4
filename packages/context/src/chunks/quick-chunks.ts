/**
 * The hot paths of scopes: chunks of usual lengths that are parked in the arena, without a search, a limit or an error on the way.
 *
 *   open ──► alloc ──► takeFirstChunk ──► parked page, record, header
 *            alloc ──► takeNextChunk  ──► parked span of twice the length, link, header
 *   drop ──► releaseQuickly           ──► parked spans, record
 *
 * Each returns false, with nothing changed that can be seen, when chunk-chain.ts is to do it: for limits, guards, other lengths, and
 * when nothing is parked. Both files keep the same facts.
 */
import {
  DEDICATED_FLAG,
  HIGH_WATER_WORD,
  MAX_PARKED_ORDER,
  NEXT_WORD,
  OWNER_ID_MASK,
  OWNER_WORD,
  PAGE_SHIFT,
  PREVIOUS_WORD,
  RUN_WORD,
  recordAt,
  requireStack,
} from "@perfloc/arena/internal";
import { NO_TAG } from "../slots/cells.js";
import type { ContextNode } from "../tables/context-node.js";
import { adoptRecord } from "./chunk-chain.js";
import { HEADER_BYTES, chunkBytes, writeForward, writeHeader } from "./chunk-header.js";
import { DEFAULT_INITIAL_BYTES } from "./growth.js";

/*
 * The module's own copies of imported constants: V8 folds these into the code of the hot paths, while an imported binding is
 * a load from memory each time.
 */
const CHUNK_BYTES = DEFAULT_INITIAL_BYTES;
const HEADER = HEADER_BYTES;
const UNTAGGED = NO_TAG;
const ID_MASK = OWNER_ID_MASK;
const LARGEST_ORDER = MAX_PARKED_ORDER;

/** The longest first chunk: 32 KiB. Longer ones would save no more than one chunk in many objects. */
const LARGEST_FIRST_ORDER = 3;

/**
 * Makes a first chunk of the usual length the current one. The caller has seen that `id` is 0 and that the context was not dropped.
 */
export function takeFirstChunk(context: ContextNode, ownerFlags: number): boolean {
  const { state } = context;
  if (context.limit !== undefined || context.options.initialBytes !== CHUNK_BYTES) return false;
  requireStack();
  adoptRecord(context, ownerFlags);
  const { id } = context;
  let byteLength = CHUNK_BYTES;
  let base = 0;
  if (state.roomyFirsts > 0) {
    base = takeRoomyFirst(context, id | ownerFlags);
    if (base !== 0) byteLength = chunkBytes(context.planes, base);
  }
  if (base === 0) base = state.spans.takePage(id | ownerFlags);
  if (base === 0) return false;
  const { pages } = context.planes;
  const at = recordAt(base);
  pages[at | NEXT_WORD] = 0;
  pages[at | PREVIOUS_WORD] = 0;
  writeHeader(state.spans, base, byteLength, id);
  context.newestChunk = base;
  context.keeper = base;
  context.currentChunk = base;
  context.usedBytes = byteLength;
  context.cursor = base + HEADER;
  context.limitAddress = base + byteLength;
  return true;
}

/**
 * A first chunk as long as a context needed that was dropped, or the next shorter one that is parked: scopes that follow each other are most
 * often of one kind. 0 for none.
 */
function takeRoomyFirst({ options, state }: ContextNode, ownerWord: number): number {
  for (let order = state.firstOrder; order > 0; order--) {
    if (CHUNK_BYTES << order > options.maxChunkBytes) continue;
    const base = state.spans.takeParked(order, ownerWord);
    if (base === 0) continue;
    state.roomyFirsts--;
    return base;
  }
  return 0;
}

/** Goes on in a chunk of twice the length of the current one, which is the newest. The caller cuts what is left of that one. */
export function takeNextChunk(
  context: ContextNode,
  ownerFlags: number,
  slotBytes: number,
): boolean {
  const { currentChunk: current, planes, state } = context;
  if (context.limit !== undefined || context.newestChunk !== current || current === 0) return false;
  const { pages } = planes;
  const currentAt = recordAt(current);
  const order = 32 - Math.clz32(pages[currentAt | RUN_WORD]!);
  const byteLength = 1 << (order + PAGE_SHIFT);
  // Twice the run, when that is a power of two.
  if (pages[currentAt | RUN_WORD] !== 1 << (order - 1) || order > LARGEST_ORDER) return false;
  if (byteLength > context.options.maxChunkBytes || slotBytes + HEADER > byteLength) return false;
  requireStack();
  const base = state.spans.takeParked(order, context.id | ownerFlags);
  if (base === 0) return false;
  const at = recordAt(base);
  pages[at | NEXT_WORD] = 0;
  pages[at | PREVIOUS_WORD] = current;
  pages[currentAt | NEXT_WORD] = base;
  pages[currentAt | HIGH_WATER_WORD] = context.cursor;
  writeHeader(state.spans, base, byteLength, context.id);
  writeForward(state.spans, current, base);
  context.newestChunk = base;
  context.currentChunk = base;
  context.usedBytes += byteLength;
  context.cursor = base + HEADER;
  context.limitAddress = base + byteLength;
  state.forwards++;
  if (state.events !== undefined) state.events.emit("context-forwarded", { context, byteLength });
  return true;
}

/** Releases all chunks of a context, and its record. */
export function releaseQuickly(context: ContextNode): boolean {
  const { id, newestChunk } = context;
  if (newestChunk === 0 || context.limit !== undefined || context.guards !== undefined)
    return false;
  const { pages } = context.planes;
  // The owner of the arena may have disposed it.
  if ((pages[recordAt(newestChunk) | OWNER_WORD]! & ID_MASK) !== id) return false;
  // The call of parkPage has the largest frame of all that follow: where it did not overflow, they will not.
  if (context.usedBytes === CHUNK_BYTES) context.state.spans.parkPage(newestChunk);
  else {
    noteNeed(context);
    releaseSpans(context, newestChunk);
  }
  context.table.release(id);
  context.id = 0;
  context.tag = UNTAGGED;
  context.freeMask = 0;
  context.largerMask = 0;
  context.newestChunk = 0;
  context.keeper = 0;
  context.currentChunk = 0;
  context.usedBytes = 0;
  context.cursor = 0;
  context.limitAddress = 0;
  return true;
}

/** How much a context had needed that is dropped: the next one begins with that. */
function noteNeed({ currentChunk, cursor, limitAddress, state, usedBytes }: ContextNode): void {
  // Dedicated chunks count, too: their objects would not have fit.
  const neededBytes = usedBytes - (limitAddress - cursor);
  if (neededBytes <= CHUNK_BYTES || currentChunk === 0) return;
  const order = Math.min(20 - Math.clz32(neededBytes - 1), LARGEST_FIRST_ORDER);
  if (order === state.firstOrder) state.roomyFirsts++;
  else {
    state.firstOrder = order;
    state.roomyFirsts = 1;
  }
}

function releaseSpans(context: ContextNode, newest: number): void {
  requireStack();
  const { spans } = context.state;
  const { pages } = context.planes;
  let base = newest;
  while (base !== 0) {
    const at = recordAt(base);
    const previous = pages[at | PREVIOUS_WORD]! >>> 0;
    if ((pages[at | OWNER_WORD]! & DEDICATED_FLAG) === 0) spans.park(base);
    else spans.release(base);
    base = previous;
  }
}
