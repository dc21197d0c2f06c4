/**
 * The hot path of small scopes: the first process chunk of a context, and its release when it is still the only one.
 *
 *   open ──► alloc ──► takeFirstChunk ──► parked span, record, header         no search, no limit, nothing to link
 *   drop ──► releaseOnlyChunk ──► parked span, record
 *
 * Whatever else there is to do (limits, guards, longer chunks, no parked span) is left to chunk-chain.ts.
 */
import { OWNER_ID_MASK, OWNER_WORD, recordAt } from "@perfloc/arena/internal";
import { CELLS_FLAG, HIGH_WATER_WORD, NEXT_WORD, PREVIOUS_WORD } from "@perfloc/arena/internal";
import { NO_TAG } from "../slots/cells.js";
import type { ContextNode } from "../tables/context-node.js";
import { HEADER_BYTES, writeHeader } from "./chunk-header.js";
import { DEFAULT_INITIAL_BYTES } from "./growth.js";

/** Makes a first chunk of the usual length the current one; false, with nothing changed, when chunk-chain.ts is to do it. */
export function takeFirstChunk(context: ContextNode, ownerFlags: number): boolean {
  const { options, planes, state, table } = context;
  if (context.id !== 0 || context.limit !== undefined) return false;
  if (options.initialBytes !== DEFAULT_INITIAL_BYTES) return false;
  const tag = ownerFlags === CELLS_FLAG ? table.tags.take() : NO_TAG;
  const id = table.adopt(context);
  context.id = id;
  context.headsAt = table.headsAt(id);
  context.tag = tag;
  const base = state.spans.takeParked(0, id | ownerFlags);
  if (base === 0) return false;
  const { pages } = planes;
  const at = recordAt(base);
  pages[at | NEXT_WORD] = 0;
  pages[at | PREVIOUS_WORD] = 0;
  pages[at | HIGH_WATER_WORD] = base + HEADER_BYTES;
  writeHeader(state.arena, base, DEFAULT_INITIAL_BYTES, id);
  context.newestChunk = base;
  context.keeper = base;
  context.currentChunk = base;
  context.usedBytes = DEFAULT_INITIAL_BYTES;
  context.cursor = base + HEADER_BYTES;
  context.limitAddress = base + DEFAULT_INITIAL_BYTES;
  return true;
}

/** Releases the only chunk of a context, and its record; false, with nothing changed, when chunk-chain.ts is to do it. */
export function releaseOnlyChunk(context: ContextNode): boolean {
  const { keeper, planes, state } = context;
  if (context.newestChunk !== keeper || context.limit !== undefined) return false;
  if (context.guards !== undefined || keeper === 0) return false;
  const { pages } = planes;
  const at = recordAt(keeper);
  if ((pages[at | OWNER_WORD]! & OWNER_ID_MASK) !== context.id) return false;
  // Big objects that came first lie before the keeper.
  if (pages[at | PREVIOUS_WORD] !== 0) return false;
  state.spans.park(keeper);
  context.table.release(context.id);
  context.id = 0;
  context.tag = NO_TAG;
  context.newestChunk = 0;
  context.keeper = 0;
  context.currentChunk = 0;
  context.usedBytes = 0;
  context.cursor = 0;
  context.limitAddress = 0;
  return true;
}
