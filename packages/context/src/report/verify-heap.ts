/**
 * The walker over a heap: checks the arena, then every context.
 *
 *   1 the tree: each child knows its parent and its neighbours; as many contexts as were opened and not dropped
 *   2 the chain, walked by the page table: NEXT and PREVIOUS agree, with the headers in the bytes too; each chunk has the context as its
 *     owner; the context has no other chunk; the keeper is the first that is not dedicated
 *   3 the objects: see verifyObjects of the kinds
 *   4 usedBytes of a chain = the sum of its chunks; of a limit = the sum of the chains that it counts for
 *   5 usedBytes = liveBytes + freeBytes + headerBytes
 *   6 the records: owned just where a context has the id; every other id is on the list of free ones, once; no packet from elsewhere
 */
import { type Address, CorruptionError, GRANULE_BYTES, PAGE_BYTES } from "@perfloc/arena";
import {
  ASKED_WORD,
  CELLS_FLAG,
  DEDICATED_FLAG,
  OWNER_WORD,
  recordAt,
} from "@perfloc/arena/internal";
import {
  HEADER_BYTES,
  chunkBytes,
  chunksOf,
  highWaterOf,
  isDedicated,
  nextChunk,
  ownerIdAt,
  verifyHeader,
} from "../chunks/chunk-header.js";
import { allContexts } from "../scopes/context-tree.js";
import { chargesOf } from "../scopes/memory-limit.js";
import type { ContextNode, HeapState } from "../tables/context-node.js";
import { OWNER_STATE, RECORD_SHIFT, REMOTE_HEAD } from "../tables/context-record.js";
import { ownedChunks } from "../tables/owned-chunks.js";

/** @throws CorruptionError at the first record that disagrees with another */
export function verifyHeap(state: HeapState): void {
  state.arena.verify();
  verifyRecords(state);
  const owned = ownedChunks(state);
  let contexts = 0;
  for (const context of allContexts(state)) {
    contexts++;
    verifyLinks(state, context);
    verifyContext(context);
    expectFact(
      (owned.get(context.id)?.bases.size ?? 0) === chunksOf(context).length,
      0,
      `a process chunk of context "${context.name}" is not in its chain`,
    );
  }
  expectFact(
    contexts === state.contextsOpened - state.contextsDropped,
    0,
    "the tree has lost or gained a context",
  );
  for (const [id, { bases }] of owned) {
    const [base = 0] = bases;
    expectFact(
      state.table.contexts[id] !== undefined,
      base,
      "a process chunk belongs to no context",
    );
  }
  for (const [limit, usedBytes] of chargesOf(state)) {
    expectFact(
      limit.usedBytes === usedBytes,
      0,
      `the limit of context "${limit.context.name}" counts wrongly`,
    );
  }
}

/** @throws CorruptionError at the first record of this context's chunks and objects that disagrees with another */
export function verifyContext(context: ContextNode): void {
  verifyChain(context);
  context.verifyObjects();
}

/** The words of records that are always true. What contexts in use have in fields is not among them. */
function verifyRecords({ table }: HeapState): void {
  const { contexts, records } = table;
  const freeIds = table.freeIds();
  for (let id = 1; id < contexts.length; id++) {
    const at = id << RECORD_SHIFT;
    const isOwned = contexts[id] !== undefined;
    expectFact(
      records[at | OWNER_STATE] === (isOwned ? 1 : 0),
      0,
      `the owner of record ${id} was lost`,
    );
    expectFact(records[at | REMOTE_HEAD] === 0, 0, `record ${id} has packets that nobody sent`);
  }
  const isFree = freeIds.every((id) => id < contexts.length && contexts[id] === undefined);
  const freeCount = contexts.filter((context) => context === undefined).length - 1;
  const isWhole = freeIds.length === freeCount && new Set(freeIds).size === freeCount;
  expectFact(isFree && isWhole, 0, "the list of free records is damaged");
}

function verifyLinks(state: HeapState, context: ContextNode): void {
  const { name, previousSibling, nextSibling, firstChild } = context;
  const parent = context.parentNode ?? state;
  const before = previousSibling === undefined ? parent.firstChild : previousSibling.nextSibling;
  expectFact(before === context, 0, `context "${name}" is not linked from the left`);
  expectFact(
    nextSibling === undefined || nextSibling.previousSibling === context,
    0,
    `context "${name}" is not linked from the right`,
  );
  expectFact(
    firstChild === undefined || firstChild.parentNode === context,
    0,
    `a child of context "${name}" has another parent`,
  );
  expectFact(!context.isDropped, 0, `context "${name}" is dropped but still in the tree`);
}

function verifyChain(context: ContextNode): void {
  const { planes, name } = context;
  const bases = chunksOf(context);
  expectFact(
    context.id === 0 ? bases.length === 0 : context.table.contexts[context.id] === context,
    0,
    `the record of context "${name}" belongs to another context`,
  );
  let usedBytes = 0;
  let keeper = 0;
  for (const [position, base] of bases.entries()) {
    expectFact(
      ownerIdAt(planes, base) === context.id,
      base,
      "a process chunk is in the chain of another context",
    );
    verifyPageWords(context, base);
    verifyHeader(context, base);
    expectFact(
      nextChunk(planes, base) === (bases[position + 1] ?? 0),
      base,
      "a process chunk does not know the one behind it",
    );
    const byteLength = chunkBytes(planes, base);
    if (keeper === 0 && !isDedicated(planes, base)) keeper = base;
    usedBytes += byteLength;
  }
  expectFact(context.keeper === keeper, 0, `the keeper of context "${name}" was lost`);
  expectFact(
    context.currentChunk === 0 || bases.includes(context.currentChunk),
    0,
    `the current process chunk of context "${name}" is not in its chain`,
  );
  expectFact(context.usedBytes === usedBytes, 0, `the chain of context "${name}" counts wrongly`);
}

/** The words of the first page of a process chunk that nothing else repeats. */
function verifyPageWords(context: ContextNode, base: Address): void {
  const { planes } = context;
  const at = recordAt(base);
  const ownerWord = planes.pages[at | OWNER_WORD]! & ~DEDICATED_FLAG;
  const name = `context "${context.name}"`;
  expectFact(base % PAGE_BYTES === 0, base, `a process chunk of ${name} begins inside a page`);
  expectFact(
    ownerWord === (context.id | context.ownerFlags),
    base,
    `the owner word of ${name} was overwritten`,
  );
  const byteLength = chunkBytes(planes, base);
  const highWater = highWaterOf(context, base);
  const isInside = highWater >= base + HEADER_BYTES && highWater <= base + byteLength;
  expectFact(
    isInside && highWater % GRANULE_BYTES === 0,
    base,
    "objects reach past their process chunk",
  );
  if (!isDedicated(planes, base) || (ownerWord & CELLS_FLAG) === 0) return;
  expectFact(highWater === base + byteLength, base, `the big object of ${name} lost its end`);
  const askedBytes = planes.pages[at | ASKED_WORD]! >>> 0;
  expectFact(askedBytes < byteLength, base, `a big object of ${name} is longer than its chunk`);
}

function expectFact(holds: boolean, address: number, fact: string): void {
  if (!holds) throw new CorruptionError("PERFLOC_CONTEXT_CORRUPT", address, fact);
}
