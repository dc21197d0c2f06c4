/**
 * The parked spans of one top chunk: free to everybody, but still in one piece.
 *
 *   heads[0] ──► span of 1 page  ──► span of 1 page ──► 0     (page numbers, linked through NEXT in the page table, newest first)
 *   heads[1] ──► span of 2 pages ──► 0
 *   ...
 *
 * Scopes that open and end again and again ask for the same spans each time: merging them and cutting them anew took half of the
 * time of a small scope (ADR 8). The buddy of the chunk takes a parked span for occupied; `mergeParked` gives all of them to
 * it as soon as something else needs the room.
 */
import { NEXT_WORD, PAGE_WORDS_SHIFT } from "../tables/page-table.js";

/** Longest span that is parked: 2^6 pages, 256 KiB. Longer ones come seldom, and using them costs more than cutting them. */
export const MAX_PARKED_ORDER = 6;

/** How many spans a chunk parks: a program nests fewer scopes. More only put off the merging. */
const MAX_PARKED_SPANS = 64;

export class ParkedSpans {
  /** First page of the newest parked span of each order; 0 for none, since page 0 is NULL. */
  readonly heads: Int32Array = new Int32Array(MAX_PARKED_ORDER + 1);
  spanCount = 0;

  get isFull(): boolean {
    return this.spanCount === MAX_PARKED_SPANS;
  }

  push(pages: Int32Array, order: number, page: number): void {
    pages[(page << PAGE_WORDS_SHIFT) | NEXT_WORD] = this.heads[order]!;
    this.heads[order] = page;
    this.spanCount++;
  }

  /** Takes off the newest span of `order`, which is at `page`. */
  pop(pages: Int32Array, order: number, page: number): void {
    this.heads[order] = pages[(page << PAGE_WORDS_SHIFT) | NEXT_WORD]!;
    this.spanCount--;
  }
}
