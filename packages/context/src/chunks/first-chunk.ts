/**
 * The hot path of small scopes: the first process chunk of a context, and its release when it is still the only one.
 *
 *   open ──► alloc ──► takeFirstChunk ──► parked page, record, header         no search, no limit, nothing to link
 *   drop ──► releaseOnlyChunk ──► parked page, record
 *
 * Whatever else there is to do (limits, guards, longer chunks, no parked page) is left to chunk-chain.ts.
 */
import {
  CELLS_FLAG,
  NEXT_WORD,
  OWNER_ID_MASK,
  OWNER_WORD,
  PREVIOUS_WORD,
  recordAt,
} from "@perfloc/arena/internal";
import { NO_TAG } from "../slots/cells.js";
import type { ContextNode } from "../tables/context-node.js";
import { HEADER_BYTES, writeHeader } from "./chunk-header.js";
import { DEFAULT_INITIAL_BYTES } from "./growth.js";

/*
 * The module's own copies of imported constants: V8 folds these into the code of the hot paths, while an imported binding is
 * a load from memory each time.
 */
const CHUNK_BYTES = DEFAULT_INITIAL_BYTES;
const HEADER = HEADER_BYTES;
const UNTAGGED = NO_TAG;
const ID_MASK = OWNER_ID_MASK;

/**
 * Makes a first chunk of the usual length the current one; false, with nothing changed that can be seen, when chunk-chain.ts is to do
 * it. The caller has seen that `id` is 0 and that the context was not dropped.
 */
export function takeFirstChunk(context: ContextNode, ownerFlags: number): boolean {
  const { state, table } = context;
  if (context.limit !== undefined || context.options.initialBytes !== CHUNK_BYTES) return false;
  if (ownerFlags === CELLS_FLAG) context.tag = table.tags.take();
  const id = table.adopt(context);
  context.id = id;
  context.headsAt = table.headsAt(id);
  const base = state.spans.takePage(id | ownerFlags);
  if (base === 0) return false;
  const { pages } = context.planes;
  const at = recordAt(base);
  pages[at | NEXT_WORD] = 0;
  pages[at | PREVIOUS_WORD] = 0;
  writeHeader(state.spans, base, CHUNK_BYTES, id);
  context.newestChunk = base;
  context.keeper = base;
  context.currentChunk = base;
  context.usedBytes = CHUNK_BYTES;
  context.cursor = base + HEADER;
  context.limitAddress = base + CHUNK_BYTES;
  return true;
}

/** Releases the only chunk of a context, and its record; false, with nothing changed, when chunk-chain.ts is to do it. */
export function releaseOnlyChunk(context: ContextNode): boolean {
  const { keeper, id } = context;
  if (context.usedBytes !== CHUNK_BYTES || context.limit !== undefined || keeper === 0) return false;
  // Whoever owns the arena may have disposed it.
  if ((context.planes.pages[recordAt(keeper) | OWNER_WORD]! & ID_MASK) !== id) return false;
  if (context.guards !== undefined) return false;
  context.state.spans.parkPage(keeper);
  context.table.release(id);
  context.id = 0;
  context.tag = UNTAGGED;
  context.newestChunk = 0;
  context.keeper = 0;
  context.currentChunk = 0;
  context.usedBytes = 0;
  context.cursor = 0;
  context.limitAddress = 0;
  return true;
}
