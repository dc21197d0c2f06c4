/**
 * The page table: 8 words for each page of the address space.
 *
 *   word 0  OWNER       id of the context that owns the page, and two flags; 0 = free, or a span that nobody owns
 *   word 1  RUN         +n first page of a span of n pages; -d page d of a span; 0 free
 *   word 2  NEXT        first page of a span: address of the next process chunk of its chain; of a parked span: page of the next one
 *   word 3  PREVIOUS    first page of a span: address of the previous process chunk of its chain
 *   word 4  HIGH_WATER  first page of a span: end of what was cut from the process chunk, as an address
 *   word 5  ASKED       first page of a dedicated span: bytes that were asked for, which may be less than it has
 *   6, 7                free
 *
 *   owner word   | flags | id                 |
 *                  25 24   23               0
 *
 * Words 2 to 5 of spans in use belong to the layer above. Everything else that is known about spans (buddies, counts, parked spans) can
 * be derived from OWNER and RUN.
 */
import { PAGE_SHIFT } from "../placement/address.js";

/** Words of a page record; a power of two, so that its index is a shift. */
export const PAGE_WORDS = 8;
export const PAGE_WORDS_SHIFT = 3;

export const OWNER_WORD = 0;
export const RUN_WORD = 1;
export const NEXT_WORD = 2;
export const PREVIOUS_WORD = 3;
export const HIGH_WATER_WORD = 4;
export const ASKED_WORD = 5;

/** Masks the id out of an owner word. */
export const OWNER_ID_MASK = 0xff_ffff;
/** The owner keeps cells for the objects in the span. */
export const CELLS_FLAG: number = 1 << 24;
/** The span holds one object: only its first page has cells, or its second, where an object at a multiple of a page begins. */
export const DEDICATED_FLAG: number = 1 << 25;

/** Pages of a dedicated span that may have cells. */
const DEDICATED_CELL_PAGES = 2;

/** Index of the first word of the record of the page around an address. */
export function recordAt(address: number): number {
  return (address >>> PAGE_SHIFT) << PAGE_WORDS_SHIFT;
}

/** Pages of the span that begins at `page`; 0 or less when none begins there. */
export function runAt(pages: Int32Array, page: number): number {
  return pages[(page << PAGE_WORDS_SHIFT) | RUN_WORD]!;
}

/** The first page of the span around `page`; -1 when no span is there. */
export function spanStart(pages: Int32Array, page: number): number {
  const run = runAt(pages, page);
  if (run > 0) return page;
  return run < 0 ? page + run : -1;
}

/** Records a span of `pageCount` pages. */
export function recordSpan(
  pages: Int32Array,
  page: number,
  pageCount: number,
  ownerWord: number,
): void {
  let at = page << PAGE_WORDS_SHIFT;
  pages[at | OWNER_WORD] = ownerWord;
  pages[at | RUN_WORD] = pageCount;
  for (let distance = 1; distance < pageCount; distance++) {
    at += PAGE_WORDS;
    pages[at | OWNER_WORD] = ownerWord;
    pages[at | RUN_WORD] = -distance;
  }
}

/** Makes pages free. */
export function eraseSpan(pages: Int32Array, page: number, pageCount: number): void {
  let at = page << PAGE_WORDS_SHIFT;
  for (const end = at + (pageCount << PAGE_WORDS_SHIFT); at < end; at += PAGE_WORDS) {
    pages[at | OWNER_WORD] = 0;
    pages[at | RUN_WORD] = 0;
  }
}

/** How many pages from `page` on may have cells in use: all of its span, the first two of a dedicated span, or none. */
export function cellPagesAt(pages: Int32Array, page: number): number {
  const at = page << PAGE_WORDS_SHIFT;
  const ownerWord = pages[at | OWNER_WORD]!;
  const run = pages[at | RUN_WORD]!;
  if (run <= 0 || (ownerWord & CELLS_FLAG) === 0) return 0;
  return (ownerWord & DEDICATED_FLAG) === 0 ? run : Math.min(run, DEDICATED_CELL_PAGES);
}
