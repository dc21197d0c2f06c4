/**
 * The walker: reads every record of every top chunk and checks each fact against the other records of it.
 *
 *   1 a held chunk is in exactly the slots that it is counted for, and no two chunks share one; its first and its last
 *     address are found in it
 *   2 spans tile: a span of n pages is followed by its n - 1 interior pages, all with its owner, and ends inside the chunk; free pages
 *     have no owner
 *   3 usedBytes of a chunk = the sum of its spans; the sum over chunks = the arena's usedBytes; spans = spanCount
 *   4 the buddy, rebuilt from the spans and the parked spans alone, has the same free pages and the same room; the pages of parked
 *     spans are free, and in one of them only; no span lies in the NULL page
 *   5 heldBytes = usedBytes + freeBytes + nullBytes = the sum of the chunks' byteLength
 *   6 the memory of a held chunk is there
 */
import { CorruptionError } from "../errors.js";
import { NULL_ADDRESS, PAGE_BYTES } from "../placement/address.js";
import { PageBuddy } from "../placement/page-buddy.js";
import { MAX_PARKED_ORDER } from "../spans/parked-spans.js";
import { NEXT_WORD, OWNER_WORD, PAGE_WORDS_SHIFT, runAt } from "../tables/page-table.js";
import type { Planes } from "../tables/planes.js";
import type { TopChunk } from "../tables/top-chunk.js";
import type { TopChunkTable } from "../tables/top-chunk-table.js";
import type { ArenaStats } from "./arena-stats.js";

/** @throws CorruptionError at the first record that disagrees with another */
export function verifyArena(
  table: TopChunkTable,
  { pages, coveredBytes }: Planes,
  stats: ArenaStats,
): void {
  let heldBytes = 0;
  let usedBytes = 0;
  let spanCount = 0;
  let coveredSlots = 0;
  for (const chunk of table.chunks) {
    expectFact(table.chunks[chunk.index] === chunk, chunk.base, "a chunk is not at its index");
    if (!chunk.isHeld) {
      expectFact(chunk.byteLength + chunk.usedBytes === 0, chunk.base, "a vacant chunk has bytes");
      continue;
    }
    expectFact(
      chunk.base + chunk.byteLength <= coveredBytes,
      chunk.base,
      "a chunk has no page records",
    );
    expectFact(!chunk.isLost, chunk.base, "the buffer of a top chunk was transferred away");
    coveredSlots += verifySlots(chunk, table);
    verifyLookUp(table, chunk);
    spanCount += verifySpans(chunk, pages);
    heldBytes += chunk.byteLength;
    usedBytes += chunk.usedBytes;
  }
  const slotsTaken = table.slots.filter((chunk) => chunk !== undefined).length;
  expectFact(slotsTaken === coveredSlots, 0, "a slot points at a chunk that does not cover it");
  expectFact(stats.heldBytes === heldBytes, 0, "held bytes are not the sum over the chunks");
  expectFact(stats.usedBytes === usedBytes, 0, "used bytes are not the sum over the chunks");
  expectFact(stats.spanCount === spanCount, 0, "the span count is not the sum over the chunks");
  expectFact(
    stats.heldBytes === stats.usedBytes + stats.freeBytes + stats.nullBytes,
    0,
    "held bytes are not used + free + null bytes",
  );
}

/** @returns how many slots the chunk is counted for */
function verifySlots(chunk: TopChunk, { ladder, slots }: TopChunkTable): number {
  const first = chunk.slot;
  const last = ladder.slotOf(ladder.baseOf(first) + chunk.byteLength - 1);
  for (let slot = first; slot <= last; slot++) {
    expectFact(
      slots[slot] === chunk,
      chunk.base,
      "a slot that a chunk covers does not point at it",
    );
  }
  return last - first + 1;
}

function verifyLookUp(table: TopChunkTable, chunk: TopChunk): void {
  // Address 0 is NULL, which lies nowhere.
  for (const address of [chunk.base + 1, chunk.base + chunk.byteLength - 1])
    expectFact(table.find(address) === chunk, address, "an address does not find its chunk");
}

/** @returns how many spans the chunk has */
function verifySpans(chunk: TopChunk, pages: Int32Array): number {
  const { firstPage, pageCount } = chunk;
  const buddy = new PageBuddy(pageCount);
  let page = 0;
  if (chunk.base === NULL_ADDRESS) {
    const isFree = runAt(pages, 0) === 0 && ownerWordAt(pages, 0) === 0;
    expectFact(isFree, 0, "the NULL page is in a span");
    buddy.occupy(0, 1);
    page = 1;
  }
  let usedPages = 0;
  let spanCount = 0;
  while (page < pageCount) {
    const run = runAt(pages, firstPage + page);
    verifySpan(chunk, pages, page, run);
    if (run > 0) {
      buddy.occupy(page, run);
      usedPages += run;
      spanCount++;
    }
    page += run === 0 ? 1 : run;
  }
  expectFact(
    usedPages * PAGE_BYTES === chunk.usedBytes,
    chunk.base,
    "used bytes are not the sum of the spans",
  );
  const parkedPages = verifyParked(chunk, pages, buddy);
  const nullPages = chunk.base === NULL_ADDRESS ? 1 : 0;
  const freePages = buddy.freePages();
  expectFact(
    countOnes(freePages) === pageCount - nullPages - usedPages - parkedPages,
    chunk.base,
    "two parked spans overlap",
  );
  const known = chunk.buddy!.freePages();
  expectFact(
    buddy.room === chunk.buddy!.room && freePages.every((isFree, at) => isFree === known[at]),
    chunk.base,
    "the buddy tree disagrees with the spans",
  );
  return spanCount;
}

/** The record of `page`, which begins a span of `run` pages or is free. */
function verifySpan(chunk: TopChunk, pages: Int32Array, page: number, run: number): void {
  const address = chunk.base + page * PAGE_BYTES;
  const ownerWord = ownerWordAt(pages, chunk.firstPage + page);
  expectFact(run >= 0, address, "an interior page has no span before it");
  expectFact(page + run <= chunk.pageCount, address, "a span reaches past its chunk");
  expectFact(run > 0 || ownerWord === 0, address, "a free page has an owner");
  for (let distance = 1; distance < run; distance++) {
    const interior = chunk.firstPage + page + distance;
    expectFact(runAt(pages, interior) === -distance, address, "an interior page of a span is lost");
    expectFact(
      ownerWordAt(pages, interior) === ownerWord,
      address,
      "an interior page of a span has another owner",
    );
  }
}

/** Occupies the parked spans of the chunk in `buddy`, where only spans are occupied yet. @returns how many pages they have */
function verifyParked(chunk: TopChunk, pages: Int32Array, buddy: PageBuddy): number {
  let spanCount = 0;
  let pageCount = 0;
  for (let order = 0; order <= MAX_PARKED_ORDER; order++) {
    for (
      let page = chunk.parked.heads[order]!;
      page !== 0;
      page = pages[(page << PAGE_WORDS_SHIFT) | NEXT_WORD]!
    ) {
      const address = page * PAGE_BYTES;
      const first = page - chunk.firstPage;
      const isInside = first >= 0 && first + (1 << order) <= chunk.pageCount;
      expectFact(isInside, address, "a parked span lies outside its chunk");
      spanCount++;
      expectFact(
        spanCount <= chunk.parked.spanCount,
        address,
        "a list of parked spans is too long",
      );
      for (let at = page; at < page + (1 << order); at++)
        expectFact(runAt(pages, at) === 0, at * PAGE_BYTES, "a page of a parked span is taken");
      buddy.occupy(first, 1 << order);
      pageCount += 1 << order;
    }
  }
  expectFact(spanCount === chunk.parked.spanCount, chunk.base, "a parked span was lost");
  return pageCount;
}

function countOnes(flags: Uint8Array): number {
  let count = 0;
  for (const flag of flags) count += flag;
  return count;
}

function ownerWordAt(pages: Int32Array, page: number): number {
  return pages[(page << PAGE_WORDS_SHIFT) | OWNER_WORD]!;
}

function expectFact(holds: boolean, address: number, fact: string): void {
  if (!holds) throw new CorruptionError("PERFLOC_ARENA_CORRUPT", address, fact);
}
