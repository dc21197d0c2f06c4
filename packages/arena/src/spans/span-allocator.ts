/**
 * Cuts spans from the top chunks and takes them back.
 *
 *   reserve ──► lowest chunk with room ──► lowest place in it          no memory from the OS
 *          └──► no room ──► grow                                       cold: chunks/chunk-holder.ts
 *   takeBlock ──► parked span of that order, else reserve              what scopes do all the time
 *   park      ──► leaves a span in one piece, else release
 *
 * Facts are written to the page table; the buddy and the parked spans of each chunk are derived from it by `rebuild`.
 */
import { type Address, PAGE_BYTES, PAGE_SHIFT, asAddress } from "../placement/address.js";
import { orderFor } from "../placement/page-buddy.js";
import type { ArenaTally } from "../report/arena-stats.js";
import type { ChunkWatchers } from "../chunks/chunk-watchers.js";
import {
  NEXT_WORD,
  OWNER_WORD,
  PAGE_WORDS_SHIFT,
  RUN_WORD,
  eraseSpan,
  recordSpan,
  runAt,
} from "../tables/page-table.js";
import type { Planes } from "../tables/planes.js";
import type { TopChunk } from "../tables/top-chunk.js";
import type { TopChunkTable } from "../tables/top-chunk-table.js";
import { MAX_PARKED_ORDER } from "./parked-spans.js";
import { canResize, resizeSpan } from "./resize-span.js";
import { isFull, placeFor, rebuildChunk, roomiestChunk } from "./span-placement.js";

/** How many times its pages have to be free together where a span that will grow is put. */
const GROWTH_PAGES = 4;

export class SpanAllocator {
  private readonly table: TopChunkTable;
  private readonly slots: readonly (TopChunk | undefined)[];
  private readonly stretches: readonly (TopChunk | undefined)[];
  private readonly stretchShift: number;
  private readonly planes: Planes;
  private readonly tally: ArenaTally;
  private readonly watchers: ChunkWatchers;
  /** Takes a top chunk from the source with room for a span. @throws when it cannot be had */
  private readonly grow: (pageCount: number, order: number) => TopChunk;
  /** Chunks in slots below this one have no free page and no parked span. */
  private firstOpen = 0;

  constructor(
    table: TopChunkTable,
    planes: Planes,
    tally: ArenaTally,
    watchers: ChunkWatchers,
    grow: (pageCount: number, order: number) => TopChunk,
  ) {
    this.table = table;
    this.slots = table.slots;
    this.stretches = table.stretches;
    this.stretchShift = table.stretchShift;
    this.planes = planes;
    this.tally = tally;
    this.watchers = watchers;
    this.grow = grow;
  }

  /** Cuts a span of 2^`order` pages, a parked one where the chunk that `reserve` would choose has one. @throws as `grow` */
  takeBlock(order: number, ownerWord: number): Address {
    if (order <= MAX_PARKED_ORDER) {
      const slots = this.slots;
      for (let slot = this.firstOpen; slot < slots.length; slot++) {
        const chunk = slots[slot];
        if (chunk === undefined || chunk.isLeaving || chunk.isLost) continue;
        const page = chunk.parked.heads[order]!;
        if (page !== 0) return this.unpark(chunk, page, order, ownerWord);
        if (chunk.buddy!.room > order) break;
      }
    }
    return this.reserve(1 << order, ownerWord);
  }

  /**
   * Hot path of small scopes: a parked page of the lowest chunk that has free pages at all; 0 when it has none, and
   * `takeBlock` is to be asked. Nothing may be added here. Written out: by `takeParked` and `parkBlock` a scope with one object takes 54 ns
   * instead of 51.
   */
  takePage(ownerWord: number): Address {
    const chunk = this.slots[this.firstOpen];
    if (chunk === undefined || chunk.isLeaving || chunk.bytes.length === 0) return 0;
    const { parked } = chunk;
    const { heads } = parked;
    const page = heads[0]!;
    if (page === 0) return 0;
    const { pages } = this.planes;
    const at = page << PAGE_WORDS_SHIFT;
    heads[0] = pages[at | NEXT_WORD]!;
    parked.spanCount--;
    pages[at | OWNER_WORD] = ownerWord;
    pages[at | RUN_WORD] = 1;
    chunk.addSpan(PAGE_BYTES, ownerWord);
    this.tally.addUsed(PAGE_BYTES);
    this.tally.spanCount++;
    return (page << PAGE_SHIFT) >>> 0;
  }

  /** Hot path of small scopes: parks the span of one page at `address`, which is one. Nothing may be added here. */
  parkPage(address: Address): void {
    const chunk = this.stretches[address >>> this.stretchShift]!;
    const { parked } = chunk;
    if (parked.isFull) {
      this.park(address);
      return;
    }
    const { pages } = this.planes;
    const { heads } = parked;
    const page = address >>> PAGE_SHIFT;
    const at = page << PAGE_WORDS_SHIFT;
    pages[at | OWNER_WORD] = 0;
    pages[at | RUN_WORD] = 0;
    pages[at | NEXT_WORD] = heads[0]!;
    heads[0] = page;
    parked.spanCount++;
    chunk.removeBytes(PAGE_BYTES);
    this.tally.usedBytes -= PAGE_BYTES;
    this.tally.spanCount--;
    if (chunk.slot < this.firstOpen) this.firstOpen = chunk.slot;
    if (chunk.usedBytes === 0) this.watchers.notifyChunkWatchers();
  }

  /**
   * Hot path of scopes: a parked span of 2^`order` pages, at most MAX_PARKED_ORDER, of the lowest chunk that has free pages at all; 0 when it
   * has none, and `takeBlock` is to be asked.
   */
  takeParked(order: number, ownerWord: number): Address {
    const chunk = this.slots[this.firstOpen];
    if (chunk === undefined || chunk.isLeaving || chunk.bytes.length === 0) return 0;
    const page = chunk.parked.heads[order]!;
    return page === 0 ? 0 : this.unpark(chunk, page, order, ownerWord);
  }

  /** Hot path of scopes: parks the span of 2^`order` pages at `address`, at most MAX_PARKED_ORDER. */
  parkBlock(address: Address, order: number): void {
    const page = address >>> PAGE_SHIFT;
    const chunk = this.chunkOf(address);
    if (chunk.parked.isFull) chunk.buddy!.vacate(page - chunk.firstPage, 1 << order);
    else chunk.parked.push(this.planes.pages, order, page);
    this.erase(chunk, page, 1 << order);
  }

  /** Cuts a span of `pageCount` pages. @throws as `grow` */
  reserve(pageCount: number, ownerWord: number): Address {
    const order = orderFor(pageCount);
    this.skipFull();
    const chunk = this.findRoom(pageCount, order) ?? this.grow(pageCount, order);
    this.open(chunk);
    return this.cut(chunk, placeFor(chunk, pageCount, order), pageCount, ownerWord);
  }

  /**
   * As `reserve`, but at the largest free block of all held chunks if that has room for the span to grow: for a span that will, and would
   * be copied each time when the pages behind it are taken.
   * @throws as `grow`
   */
  reserveToGrow(pageCount: number, ownerWord: number): Address {
    const chunk = roomiestChunk(this.slots);
    const order = chunk === undefined ? 0 : chunk.buddy!.room - 1;
    if (chunk === undefined || 1 << order < GROWTH_PAGES * pageCount)
      return this.reserve(pageCount, ownerWord);
    return this.cut(chunk, chunk.buddy!.findLowest(order), pageCount, ownerWord);
  }

  /** The held chunk around an address of a span, also when its buffer was transferred away. */
  chunkOf(address: Address): TopChunk {
    return this.stretches[address >>> this.stretchShift]!;
  }

  /** The lowest held chunk with room for a span. */
  findRoom(pageCount: number, order: number): TopChunk | undefined {
    const slots = this.slots;
    for (let slot = this.firstOpen; slot < slots.length; slot++) {
      const chunk = slots[slot];
      if (chunk === undefined || chunk.isLeaving || chunk.isLost) continue;
      if (placeFor(chunk, pageCount, order) >= 0) return chunk;
      if (this.hasRoomMerged(chunk, pageCount, order)) return chunk;
    }
    return undefined;
  }

  /** Takes the span back that begins at `address`. Its free neighbours merge with it. */
  release(address: Address): void {
    const page = address >>> PAGE_SHIFT;
    const pageCount = runAt(this.planes.pages, page);
    const chunk = this.chunkOf(address);
    chunk.buddy!.vacate(page - chunk.firstPage, pageCount);
    this.erase(chunk, page, pageCount);
  }

  /** As `release`, but leaves a span of a usual length in one piece for `takeBlock`. */
  park(address: Address): void {
    const page = address >>> PAGE_SHIFT;
    const pageCount = runAt(this.planes.pages, page);
    const order = 31 - Math.clz32(pageCount);
    if (1 << order === pageCount && order <= MAX_PARKED_ORDER) this.parkBlock(address, order);
    else this.release(address);
  }

  /** Makes the span at `address` longer or shorter where it lies; false when the pages behind it are taken. */
  resize(address: Address, pageCount: number): boolean {
    const { pages } = this.planes;
    const chunk = this.chunkOf(address);
    const first = address >>> PAGE_SHIFT;
    const oldCount = runAt(pages, first);
    if (!canResize(chunk, pages, first, pageCount)) return false;
    if (pageCount > oldCount && chunk.parked.spanCount > 0) this.mergeParked(chunk);
    resizeSpan(chunk, pages, first, pageCount);
    const addedBytes = (pageCount - oldCount) * PAGE_BYTES;
    chunk.removeBytes(-addedBytes);
    this.tally.addUsed(addedBytes);
    if (addedBytes < 0) this.open(chunk);
    return true;
  }

  /** Forgets the spans of a chunk that goes although they are in use. */
  eraseAll(chunk: TopChunk): void {
    const { pages } = this.planes;
    let spanCount = 0;
    const end = chunk.firstPage + chunk.pageCount;
    for (let page = chunk.firstPage; page < end; page++) if (runAt(pages, page) > 0) spanCount++;
    this.tally.spanCount -= spanCount;
    this.tally.usedBytes -= chunk.usedBytes;
    eraseSpan(pages, chunk.firstPage, chunk.pageCount);
  }

  /** Derives free pages and counts from the page table again: buddies, parked spans (none is parked any more), used bytes. */
  rebuild(): void {
    const tally = this.tally;
    tally.usedBytes = 0;
    tally.spanCount = 0;
    this.firstOpen = 0;
    for (const chunk of this.table.chunks) {
      if (!chunk.isHeld) continue;
      tally.spanCount += rebuildChunk(chunk, this.planes.pages);
      tally.usedBytes += chunk.usedBytes;
    }
  }

  /** Cuts a span from `page`, counted from the chunk's first, on. */
  private cut(chunk: TopChunk, page: number, pageCount: number, ownerWord: number): Address {
    chunk.buddy!.occupy(page, pageCount);
    this.record(chunk, chunk.firstPage + page, pageCount, ownerWord);
    return asAddress(chunk.base + page * PAGE_BYTES);
  }

  private unpark(chunk: TopChunk, page: number, order: number, ownerWord: number): Address {
    chunk.parked.pop(this.planes.pages, order, page);
    this.record(chunk, page, 1 << order, ownerWord);
    return (page << PAGE_SHIFT) >>> 0;
  }

  private record(chunk: TopChunk, page: number, pageCount: number, ownerWord: number): void {
    recordSpan(this.planes.pages, page, pageCount, ownerWord);
    const byteLength = pageCount << PAGE_SHIFT;
    chunk.addSpan(byteLength, ownerWord);
    this.tally.addUsed(byteLength);
    this.tally.spanCount++;
  }

  private erase(chunk: TopChunk, page: number, pageCount: number): void {
    eraseSpan(this.planes.pages, page, pageCount);
    const byteLength = pageCount << PAGE_SHIFT;
    chunk.removeBytes(byteLength);
    this.tally.usedBytes -= byteLength;
    this.tally.spanCount--;
    this.open(chunk);
    if (chunk.usedBytes === 0) this.watchers.notifyChunkWatchers();
  }

  private open(chunk: TopChunk): void {
    if (chunk.slot < this.firstOpen) this.firstOpen = chunk.slot;
  }

  private skipFull(): void {
    const slots = this.slots;
    let slot = this.firstOpen;
    while (slot < slots.length && isFull(slots[slot])) slot++;
    this.firstOpen = slot;
  }

  private hasRoomMerged(chunk: TopChunk, pageCount: number, order: number): boolean {
    if (chunk.parked.spanCount === 0 || chunk.freeBytes < pageCount * PAGE_BYTES) return false;
    this.mergeParked(chunk);
    return placeFor(chunk, pageCount, order) >= 0;
  }

  /** Lets the parked spans merge with the free pages around them. */
  private mergeParked(chunk: TopChunk): void {
    const { parked } = chunk;
    const { pages } = this.planes;
    for (let order = 0; order <= MAX_PARKED_ORDER; order++) {
      for (let page = parked.heads[order]!; page !== 0; page = parked.heads[order]!) {
        parked.pop(pages, order, page);
        chunk.buddy!.vacate(page - chunk.firstPage, 1 << order);
      }
    }
  }
}
