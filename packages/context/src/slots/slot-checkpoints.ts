/**
 * Checkpoints of allocsets and slabs: see scopes/context-mark.ts for what they promise.
 *
 *   make      lists are set aside, the context takes a young tag       older objects leave the hot path of free by themselves
 *   restore   deferred cells come back, younger chunks go, the old tag and the old lists are back
 *   forget    young cells get the old tag, the old lists are hung behind the young ones, deferred objects are freed
 */
import { GRANULE_SHIFT } from "@perfloc/arena/internal";
import { leaveChunk, moveToChunk, truncateChain } from "../chunks/chunk-chain.js";
import { HEADER_BYTES, chunksOf, highWaterOf } from "../chunks/chunk-header.js";
import { ContextMark } from "../scopes/context-mark.js";
import { codeOf } from "./cells.js";
import { appendLists, emptyLists, restoreLists, saveLists } from "./free-lists.js";
import type { SlottedContext } from "./slot-walk.js";

/** What checkpoints ask of a context with slots. */
export interface MarkedContext extends SlottedContext {
  renewTag(): void;
  freeDeferred(granule: number, cell: number): void;
}

export function makeSlotMark(context: MarkedContext): ContextMark {
  const { currentChunk, cursor, newestChunk, tag } = context;
  // First what may throw.
  const youngTag = context.id === 0 ? tag : context.table.tags.take();
  const lists = saveLists(context);
  emptyLists(context);
  context.tag = youngTag;
  return new ContextMark(newestChunk, currentChunk, cursor, tag, lists);
}

export function restoreSlotMark(
  context: MarkedContext,
  mark: ContextMark,
  undone: readonly ContextMark[],
): void {
  const { cells } = context.planes;
  leaveChunk(context);
  for (const { deferred } of undone.toReversed())
    for (const [granule, cell] of deferred) cells[granule] = cell;
  truncateChain(context, mark.newestChunk);
  restoreLists(context, mark.lists!);
  // A context that got its record since the mark had no objects then: any fresh tag will do.
  if (mark.newestChunk === 0) context.renewTag();
  else context.tag = mark.tag;
  if (mark.currentChunk === 0) return;
  moveToChunk(context, mark.currentChunk);
  context.cursor = mark.cursor;
}

export function forgetSlotMark(context: MarkedContext, mark: ContextMark): void {
  const { cells } = context.planes;
  retagSince(context, mark);
  try {
    appendLists(context, mark.lists!);
  } finally {
    // Also when a list is damaged.
    for (const [granule, cell] of mark.deferred) cells[granule] = cell;
    for (const [granule, cell] of mark.deferred) context.freeDeferred(granule, cell);
  }
}

/** Gives the objects since a mark the tag of those before it. O(bytes since the mark / 16). */
function retagSince(context: MarkedContext, mark: ContextMark): void {
  const young = context.tag;
  const old = mark.newestChunk === 0 ? young : mark.tag;
  if (young === old) return;
  const { cells } = context.planes;
  let isSince = mark.newestChunk === 0;
  for (const base of chunksOf(context)) {
    const first = isSince ? base + HEADER_BYTES : base === mark.currentChunk ? mark.cursor : 0;
    if (base === mark.newestChunk) isSince = true;
    if (first === 0) continue;
    const end = highWaterOf(context, base) / 2 ** GRANULE_SHIFT;
    for (let granule = first / 2 ** GRANULE_SHIFT; granule < end; granule++) {
      const cell = cells[granule]!;
      if (cell > 0 && codeOf(cell, young) >= 0) cells[granule] = cell ^ young ^ old;
    }
  }
  context.tag = old;
}
