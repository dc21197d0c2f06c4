/**
 * Derives again whatever can be derived from the planes: what `verify` compares, made anew.
 *
 *   page table   OWNER, RUN        ──► free pages, used bytes of the arena; which process chunks a context has, and their bytes
 *                NEXT, PREVIOUS    ──► the newest chunk of each chain, its keeper
 *   records      OWNER             ──► free ids
 *                the other words   ──► the fields of the context, where they agree with the page table
 *   chains       bytes             ──► what each limit counts
 *
 * Attaching to a heap, taking over from a dead worker and restoring a snapshot all end here. Cold: O(pages held + contexts).
 */
import { CorruptionError } from "@perfloc/arena";
import {
  HEADER_BYTES,
  chunkBytes,
  isDedicated,
  nextChunk,
  previousChunk,
} from "../chunks/chunk-header.js";
import { chargesOf } from "../scopes/memory-limit.js";
import type { ContextNode, HeapState } from "./context-node.js";
import {
  CURRENT,
  CURSOR,
  KEEPER,
  LIMIT,
  NEWEST,
  OWNER_STATE,
  RECORD_SHIFT,
  USED_BYTES,
} from "./context-record.js";
import { type OwnedChunks, ownedChunks } from "./owned-chunks.js";
import { loadRecord, sealRecord } from "./seal-record.js";

/**
 * Derives the state of a heap, and of all contexts of its arena, from the planes.
 * @throws CorruptionError at the first record that disagrees with the page table
 */
export function rebuildHeap(state: HeapState): void {
  const { arena, table } = state;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every context of the table is one
  const contexts = table.contexts as readonly (ContextNode | undefined)[];
  arena.rebuild();
  for (const context of contexts) if (context !== undefined) sealRecord(context);
  table.rebuildFreeIds();
  const owned = ownedChunks(state);
  for (const [id, context] of contexts.entries()) {
    expectFact(context !== undefined || !owned.has(id), id, "owns process chunks, but is free");
    if (context === undefined) continue;
    rebuildChain(context, owned.get(id));
    loadRecord(context);
  }
  expectFact(
    [...owned.keys()].every((id) => id < contexts.length),
    0,
    "owns process chunks, but is none",
  );
  for (const [limit, usedBytes] of chargesOf(state)) limit.usedBytes = usedBytes;
}

/** Derives the chain of a context, compares it with the record, and writes it there. */
function rebuildChain(context: ContextNode, owned: OwnedChunks | undefined): void {
  const { id, planes, table } = context;
  const { records } = table;
  const at = id << RECORD_SHIFT;
  expectFact(records[at | OWNER_STATE] === 1, id, "is free, but a context has it");
  const [newest = 0, second] = owned?.newest ?? [];
  expectFact(second === undefined, id, "has two process chunks that nothing follows");
  let keeper = 0;
  let count = 0;
  for (let base = newest; base !== 0; base = previousChunk(planes, base)) {
    expectFact(
      owned?.bases.has(base) === true,
      id,
      "has a process chunk of another context in its chain",
    );
    count++;
    // No chain goes round in a circle: each chunk in it has another NEXT, and the newest has none.
    const previous = previousChunk(planes, base);
    const isLinked = previous === 0 || nextChunk(planes, previous) === base;
    expectFact(isLinked, id, "has a process chunk that does not know the one behind it");
    if (!isDedicated(planes, base)) keeper = base;
  }
  expectFact(count === (owned?.bases.size ?? 0), id, "has a process chunk outside its chain");
  expectWord(records, id, NEWEST, newest, "newest process chunk");
  expectWord(records, id, KEEPER, keeper, "keeper");
  expectWord(records, id, USED_BYTES, owned?.byteLength ?? 0, "used bytes");
  verifyRegion(context, owned);
}

/** The region that objects are cut from lies in one of the chunks, and ends where that ends. */
function verifyRegion({ id, planes, table }: ContextNode, owned: OwnedChunks | undefined): void {
  const { records } = table;
  const at = id << RECORD_SHIFT;
  const current = records[at | CURRENT]! >>> 0;
  const cursor = records[at | CURSOR]! >>> 0;
  if (current === 0) {
    expectFact(
      cursor === 0 && records[at | LIMIT] === 0,
      id,
      "has a region, but no current process chunk",
    );
    return;
  }
  expectFact(
    owned?.bases.has(current) === true,
    id,
    "has a current process chunk that it does not own",
  );
  const end = current + chunkBytes(planes, current);
  expectWord(records, id, LIMIT, end >>> 0, "end of the current process chunk");
  // At the end of the address space the cursor is 2^32, which a word holds as 0.
  const cutBytes = (cursor - current) >>> 0;
  const isInside = cutBytes >= HEADER_BYTES && cutBytes <= chunkBytes(planes, current);
  expectFact(isInside, id, "has a cursor outside its current process chunk");
}

function expectWord(
  records: Int32Array,
  id: number,
  word: number,
  derived: number,
  what: string,
): void {
  const recorded = records[(id << RECORD_SHIFT) | word]! >>> 0;
  expectFact(
    recorded === derived,
    id,
    `has the ${what} ${recorded}, but the page table says ${derived}`,
  );
}

function expectFact(holds: boolean, id: number, fact: string): void {
  if (!holds) throw new CorruptionError("PERFLOC_CONTEXT_CORRUPT", 0, `record ${id} ${fact}`);
}
