/**
 * The contexts of one arena that have memory: their records, by id, and their tags. Heaps that share an arena share its table.
 *
 *   records   64 words for each id: see context-record.ts; grows by copying
 *   contexts  the object of each id, a handle over the record; all of them are ContextNodes, which this file need not know
 *   tags      unique for each context and reset
 *
 * Ids begin at 1 and are used again, the last one freed first. A context gets one with its first process chunk.
 */
import type { Arena } from "@perfloc/arena";
import { OWNER_ID_MASK } from "@perfloc/arena/internal";
import {
  FREE_LINK,
  HEADS,
  OWNER_STATE,
  RECORD_SHIFT,
  RECORD_WORDS,
  SWEPT_BYTES,
} from "./context-record.js";
import { type TagHolder, TagSource } from "./tag-source.js";
import { sweepTags } from "./tag-sweep.js";

/** Records that a table begins with. */
const FIRST_RECORDS = 16;

export class ContextTable {
  records: Int32Array = new Int32Array(FIRST_RECORDS * RECORD_WORDS);
  readonly contexts: (TagHolder | undefined)[] = [undefined];
  readonly tags: TagSource;
  private readonly arena: Arena;
  /** By id; made once, since a view takes as long to make as ten allocations. */
  private readonly heads: Int32Array[] = [];
  /** The id that was given back last; the next one is in word FREE_LINK of its record. 0 for none. */
  private freeId = 0;
  private lastIdentity = 0;

  constructor(arena: Arena) {
    this.arena = arena;
    this.heads.push(this.headsView(0));
    this.tags = new TagSource(() => sweepTags(this.arena, this.contexts));
  }

  /** A number for a watched object: 1 to 2^32 - 1, each once until all were given. */
  newIdentity(): number {
    this.lastIdentity = (this.lastIdentity + 1) >>> 0 || 1;
    return this.lastIdentity;
  }

  /** Gives a context a record. @throws RangeError when the engine has no memory for more records */
  adopt(context: TagHolder): number {
    let id = this.freeId;
    if (id === 0) id = this.newId();
    else this.freeId = this.records[(id << RECORD_SHIFT) | FREE_LINK]!;
    this.contexts[id] = context;
    const at = id << RECORD_SHIFT;
    this.records[at | OWNER_STATE] = 1;
    this.records[at | SWEPT_BYTES] = 0;
    return id;
  }

  /** Takes a record back. */
  release(id: number): void {
    const at = id << RECORD_SHIFT;
    this.contexts[id] = undefined;
    this.records[at | OWNER_STATE] = 0;
    this.records[at | FREE_LINK] = this.freeId;
    this.freeId = id;
  }

  /** The heads of the free lists in a record: a view of its words, kept with the record for the next context. */
  headsOf(id: number): Int32Array {
    return this.heads[id]!;
  }

  /** The ids that can be used again, the last one freed first; stops where their list goes round in a circle. */
  freeIds(): number[] {
    const ids: number[] = [];
    for (let id = this.freeId; id !== 0 && ids.length < this.contexts.length;) {
      ids.push(id);
      id = this.records[(id << RECORD_SHIFT) | FREE_LINK] ?? 0;
    }
    return ids;
  }

  /** Derives the free ids from the records again. */
  rebuildFreeIds(): void {
    this.freeId = 0;
    for (let id = this.contexts.length - 1; id > 0; id--) {
      const at = id << RECORD_SHIFT;
      if (this.records[at | OWNER_STATE] !== 0) continue;
      this.records[at | FREE_LINK] = this.freeId;
      this.freeId = id;
    }
  }

  private newId(): number {
    const id = this.contexts.length;
    if (id > OWNER_ID_MASK) throw new RangeError(`more than ${OWNER_ID_MASK} contexts have memory`);
    if ((id + 1) << RECORD_SHIFT > this.records.length) this.growRecords();
    this.contexts.push(undefined);
    this.heads.push(this.headsView(id));
    return id;
  }

  /** Moves all records to a plane of twice the length. */
  private growRecords(): void {
    const grown = new Int32Array(this.records.length * 2);
    grown.set(this.records);
    this.records = grown;
    for (const [id, context] of this.contexts.entries()) {
      const heads = this.headsView(id);
      this.heads[id] = heads;
      if (context !== undefined) context.heads = heads;
    }
  }

  private headsView(id: number): Int32Array {
    const first = (id << RECORD_SHIFT) | HEADS;
    return this.records.subarray(first, (id + 1) << RECORD_SHIFT);
  }
}

/** The table that all heaps on an arena share. */
export function contextTableOf(arena: Arena): ContextTable {
  arena.owners ??= new ContextTable(arena);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nobody else writes it
  return arena.owners as ContextTable;
}
