/** Makes a span longer or shorter where it lies: its pages in the page table and in the buddy. */
import { OWNER_WORD, PAGE_WORDS_SHIFT, RUN_WORD, eraseSpan, runAt } from "../tables/page-table.js";
import type { TopChunk } from "../tables/top-chunk.js";

/** Whether the span that begins at page `first` can have `pageCount` pages: those behind it are in its chunk and free. */
export function canResize(
  chunk: TopChunk,
  pages: Int32Array,
  first: number,
  pageCount: number,
): boolean {
  if (first - chunk.firstPage + pageCount > chunk.pageCount) return false;
  for (let page = first + runAt(pages, first); page < first + pageCount; page++)
    if (runAt(pages, page) !== 0) return false;
  return true;
}

/** Resizes a span that can be, in a chunk where nothing is parked behind it. */
export function resizeSpan(
  chunk: TopChunk,
  pages: Int32Array,
  first: number,
  pageCount: number,
): void {
  const oldCount = runAt(pages, first);
  const buddy = chunk.buddy!;
  buddy.vacate(first - chunk.firstPage, oldCount);
  buddy.occupy(first - chunk.firstPage, pageCount);
  if (pageCount < oldCount) eraseSpan(pages, first + pageCount, oldCount - pageCount);
  const ownerWord = pages[(first << PAGE_WORDS_SHIFT) | OWNER_WORD]!;
  pages[(first << PAGE_WORDS_SHIFT) | RUN_WORD] = pageCount;
  for (let distance = oldCount; distance < pageCount; distance++) {
    const at = (first + distance) << PAGE_WORDS_SHIFT;
    pages[at | OWNER_WORD] = ownerWord;
    pages[at | RUN_WORD] = -distance;
  }
}
