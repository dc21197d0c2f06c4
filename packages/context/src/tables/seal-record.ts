/** Moves the facts of a context between its object and its record. See context-record.ts. */
import type { ContextNode } from "./context-node.js";
import {
  CURRENT,
  CURSOR,
  FREE_MASK,
  INITIAL_BYTES,
  KEEPER,
  KIND,
  LARGER_MASK,
  LIMIT,
  MAX_CHUNK_BYTES,
  NEWEST,
  PARENT,
  RECORD_SHIFT,
  SLOT_BYTES,
  TAG,
  USED_BYTES,
} from "./context-record.js";

const KINDS = ["allocset", "bump", "slab"] as const;

/** Writes the fields of a context with memory to its record. */
export function sealRecord(context: ContextNode): void {
  const { records } = context.table;
  const at = context.id << RECORD_SHIFT;
  const { options } = context;
  records[at | TAG] = context.tag;
  records[at | CURSOR] = context.cursor;
  records[at | LIMIT] = context.limitAddress;
  records[at | FREE_MASK] = context.freeMask;
  records[at | LARGER_MASK] = context.largerMask;
  records[at | NEWEST] = context.newestChunk;
  records[at | KEEPER] = context.keeper;
  records[at | CURRENT] = context.currentChunk;
  records[at | USED_BYTES] = context.usedBytes;
  records[at | PARENT] = context.parentNode?.id ?? 0;
  records[at | KIND] = KINDS.indexOf(options.kind);
  records[at | SLOT_BYTES] = options.slotBytes;
  records[at | INITIAL_BYTES] = options.initialBytes;
  records[at | MAX_CHUNK_BYTES] = options.maxChunkBytes;
}

/** Reads the fields of a context from its record, as `sealRecord` wrote them. */
export function loadRecord(context: ContextNode): void {
  const { records } = context.table;
  const at = context.id << RECORD_SHIFT;
  context.tag = records[at | TAG]!;
  const currentChunk = records[at | CURRENT]! >>> 0;
  context.currentChunk = currentChunk;
  context.cursor = addressIn(currentChunk, records[at | CURSOR]!);
  context.limitAddress = addressIn(currentChunk, records[at | LIMIT]!);
  context.freeMask = records[at | FREE_MASK]!;
  context.largerMask = records[at | LARGER_MASK]!;
  context.newestChunk = records[at | NEWEST]! >>> 0;
  context.keeper = records[at | KEEPER]! >>> 0;
  context.usedBytes = records[at | USED_BYTES]! >>> 0;
}

/** A chunk at the end of the address space ends at 2^32, which a word holds as 0. */
function addressIn(currentChunk: number, word: number): number {
  return word === 0 && currentChunk !== 0 ? 2 ** 32 : word >>> 0;
}
