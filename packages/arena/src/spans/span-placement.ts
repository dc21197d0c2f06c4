/** Where spans lie within top chunks: decisions, and what they are derived from. */
import { PAGE_BYTES } from "../placement/address.js";
import { PageBuddy } from "../placement/page-buddy.js";
import { runAt } from "../tables/page-table.js";
import type { TopChunk } from "../tables/top-chunk.js";
import { ParkedSpans } from "./parked-spans.js";

/**
 * First page, counted from the chunk's, of the lowest place for a span; -1 when there is none. A power of two takes an aligned block. Any
 * other length lies wherever as many pages are free together: it is the process chunk of one large object, and a block would
 * waste up to half of the memory.
 */
export function placeFor(chunk: TopChunk, pageCount: number, order: number): number {
  const buddy = chunk.buddy!;
  if (1 << order === pageCount) return buddy.room > order ? buddy.findLowest(order) : -1;
  // As many pages have an aligned block of at least a quarter of their number among them, rounded up to a power of two.
  return buddy.room > order - 2 ? buddy.findStretch(pageCount) : -1;
}

/** Whether a slot has no chunk, or one without a free page and a parked span. */
export function isFull(chunk: TopChunk | undefined): boolean {
  return chunk === undefined || (chunk.buddy!.room === 0 && chunk.parked.spanCount === 0);
}

/** The lowest of the held chunks that have the largest free block. */
export function roomiestChunk(chunks: readonly (TopChunk | undefined)[]): TopChunk | undefined {
  let roomiest: TopChunk | undefined;
  for (const chunk of chunks) {
    if (chunk === undefined || chunk.isLeaving || chunk.isLost) continue;
    if (roomiest === undefined || chunk.buddy!.room > roomiest.buddy!.room) roomiest = chunk;
  }
  return roomiest;
}

/** Derives the free pages and the used bytes of a held chunk from its page records; nothing is parked then. @returns its spans */
export function rebuildChunk(chunk: TopChunk, pages: Int32Array): number {
  const buddy = new PageBuddy(chunk.pageCount);
  if (chunk.firstPage === 0) buddy.occupy(0, 1);
  let usedPages = 0;
  let spanCount = 0;
  for (let page = 0; page < chunk.pageCount; page++) {
    const run = runAt(pages, chunk.firstPage + page);
    if (run <= 0) continue;
    buddy.occupy(page, run);
    usedPages += run;
    spanCount++;
  }
  chunk.buddy = buddy;
  chunk.parked = new ParkedSpans();
  chunk.removeBytes(chunk.usedBytes - usedPages * PAGE_BYTES);
  return spanCount;
}
