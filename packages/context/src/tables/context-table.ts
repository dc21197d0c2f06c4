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
  /** The id that was given back last; the next one is in word FREE_LINK of its record. 0 for none. */
  private freeId = 0;

  constructor(arena: Arena) {
    this.arena = arena;
    this.tags = new TagSource(() => sweepTags(this.arena, this.contexts));
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

  /** Index of the head of the first free list of a context. */
  headsAt(id: number): number {
    return (id << RECORD_SHIFT) | HEADS;
  }

  /** The ids that can be used again, the last one freed first; stops where their list goes round in a circle. */
  freeIds(): number[] {
    const ids: number[] = [];
    for (let id = this.freeId; id > 0 && ids.length < this.contexts.length;) {
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
    if ((id + 1) << RECORD_SHIFT > this.records.length) {
      const grown = new Int32Array(this.records.length * 2);
      grown.set(this.records);
      this.records = grown;
    }
    this.contexts.push(undefined);
    return id;
  }
}

/** The table that all heaps on an arena share. */
export function contextTableOf(arena: Arena): ContextTable {
  arena.owners ??= new ContextTable(arena);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nobody else writes it
  return arena.owners as ContextTable;
}
