/**
 * A plain model of an arena: a map of spans, a byte for each page, and the rules of SPEC.md applied by search instead of
 * by arithmetic. Parked spans are marked 2: free, but whole until something else needs their chunk. It runs beside a real arena, predicts
 * what each call returns, and compares. Spans of owners, and what is only derived from the page table, are checked too.
 */
import {
  Arena,
  ChunkInUseError,
  InvalidAddressError,
  InvalidSizeError,
  LimitExceededError,
  PAGE_BYTES,
  type TopChunk,
} from "@perfloc/arena";
import { CELLS_FLAG, GRANULE_SHIFT, OWNER_ID_MASK, recordAt } from "@perfloc/arena/internal";
import { badAddresses, badSizes } from "@perfloc-tooling/testkit";

export interface ModelOptions {
  readonly initialChunkBytes: number;
  readonly maxChunkBytes: number;
  readonly maxBytes: number;
}

/** One step of a program. `pick` is a share, 0 to below 1, of whatever there is to choose from. */
export type Operation =
  | { readonly kind: "reserve"; readonly byteLength: number }
  | { readonly kind: "release"; readonly pick: number }
  | { readonly kind: "reserveOwned"; readonly pageCount: number; readonly hasCells: boolean }
  | { readonly kind: "reserveToGrow"; readonly pageCount: number }
  | { readonly kind: "park"; readonly pick: number }
  | { readonly kind: "takeBlock"; readonly order: number }
  | { readonly kind: "rebuild" }
  | { readonly kind: "compact" }
  | { readonly kind: "resize"; readonly pick: number; readonly byteLength: number }
  | { readonly kind: "releaseChunk"; readonly pick: number }
  | { readonly kind: "bad"; readonly pick: number };

interface ModelSpan {
  readonly address: number;
  pageCount: number;
  /** Written into the first and the last word. */
  readonly tag: number;
  /** Its owner word in the page table; 0 for a span of nobody. */
  readonly ownerWord: number;
}

interface ParkedSpan {
  readonly address: number;
  readonly pageCount: number;
}

/** SPEC: how many spans a chunk parks, and how long they may be. */
const PARKED_SPANS = 64;
const PARKED_PAGES = 64;
/** SPEC: how many times its pages a block has for a span that will grow. */
const GROWTH_PAGES = 4;

interface ModelSlot {
  readonly base: number;
  readonly byteLength: number;
}

interface ModelChunk {
  readonly base: number;
  /** 1 for each page that is taken, 2 for each that is parked. */
  readonly pages: Uint8Array;
  readonly slots: readonly number[];
  /** Oldest first. */
  parked: ParkedSpan[];
}

interface Growth {
  readonly slots: readonly number[];
  readonly byteLength: number;
}

export class ArenaModel {
  readonly arena: Arena;
  readonly #options: ModelOptions;
  readonly #slots: ModelSlot[] = [];
  /** Held chunks in address order. */
  #held: ModelChunk[] = [];
  /** How often the chunk at a base was released. */
  readonly #epochs = new Map<number, number>();
  readonly #spans = new Map<number, ModelSpan>();
  readonly #addresses: number[] = [];
  #nextTag = 1;

  constructor(options: ModelOptions) {
    this.#options = options;
    this.arena = new Arena(options);
    let base = 0;
    // As many slots as the limit could ever fill one by one, and some for what lies between.
    while (this.#slots.length < 3 * (options.maxBytes / options.maxChunkBytes) + 24) {
      const byteLength = Math.min(
        options.initialChunkBytes * 2 ** this.#slots.length,
        options.maxChunkBytes,
      );
      this.#slots.push({ base, byteLength });
      base += byteLength;
    }
  }

  apply(operation: Operation): void {
    switch (operation.kind) {
      case "reserve":
        return this.#reserve(operation.byteLength);
      case "release":
        return this.#release(operation.pick);
      case "reserveOwned":
        return this.#reserveOwned(operation.pageCount, operation.hasCells);
      case "reserveToGrow":
        return this.#reserveToGrow(operation.pageCount);
      case "park":
        return this.#park(operation.pick);
      case "takeBlock":
        return this.#takeBlock(operation.order);
      case "rebuild":
        return this.#rebuild();
      case "compact":
        return this.#compact();
      case "resize":
        return this.#resize(operation.pick, operation.byteLength);
      case "releaseChunk":
        return this.#releaseChunk(operation.pick);
      case "bad":
        return this.#callBadly(operation.pick);
    }
  }

  /** Compares everything: the walker, the sums, the words in each span. */
  verify(): void {
    this.arena.verify();
    const stats = this.arena.stats();
    let usedBytes = 0;
    for (const span of this.#spans.values()) usedBytes += span.pageCount * PAGE_BYTES;
    equal(stats.usedBytes, usedBytes, "used bytes");
    equal(stats.spanCount, this.#spans.size, "spans");
    equal(stats.heldBytes, this.#heldBytes(), "held bytes");
    equal(stats.heldChunks, this.#held.length, "held chunks");
    equal(stats.freeBytes, stats.heldBytes - usedBytes - stats.nullBytes, "free bytes");
    for (const span of this.#spans.values()) this.#checkWords(span);
  }

  /** Releases everything, and checks that nothing is left. */
  finish(): void {
    while (this.#addresses.length > 0) this.#release(0);
    for (const chunk of this.arena.chunks) this.arena.releaseChunk(chunk.index);
    this.#held = [];
    this.verify();
    equal(this.arena.stats().heldBytes, 0, "held bytes at the end");
    this.arena.dispose();
  }

  #reserve(byteLength: number): void {
    const pageCount = Math.ceil(byteLength / PAGE_BYTES);
    this.#reservePages(pageCount, 0, () => this.arena.reserve(byteLength));
  }

  #reserveOwned(pageCount: number, hasCells: boolean): void {
    const ownerWord = this.#nextOwnerWord(hasCells);
    this.#reservePages(pageCount, ownerWord, () => this.arena.spans.reserve(pageCount, ownerWord));
  }

  /** Rule A42: at the lowest of the largest free blocks, if it is large enough. */
  #reserveToGrow(pageCount: number): void {
    const ownerWord = this.#nextOwnerWord(true);
    const reserve = (): number => this.arena.spans.reserveToGrow(pageCount, ownerWord);
    const blocks = this.#held.map((chunk) => largestBlock(chunk));
    const largest = Math.max(...blocks);
    if (largest < GROWTH_PAGES * pageCount) {
      this.#reservePages(pageCount, ownerWord, reserve);
      return;
    }
    const chunk = this.#held[blocks.indexOf(largest)] as ModelChunk;
    const page = placeIn(chunk, largest);
    equal(
      reserve(),
      chunk.base + page * PAGE_BYTES,
      `address of ${pageCount} pages that will grow`,
    );
    chunk.pages.fill(1, page, page + pageCount);
    this.#addSpan(chunk.base + page * PAGE_BYTES, pageCount, ownerWord);
  }

  /** Owner ids of up to 24 bits. */
  #nextOwnerWord(hasCells: boolean): number {
    const id = ((this.#nextTag * 0x9e_3779) & OWNER_ID_MASK) | 1;
    return hasCells ? id | CELLS_FLAG : id;
  }

  #reservePages(pageCount: number, ownerWord: number, reserve: () => number): void {
    let chunk = this.#held.find((held) => hasPlace(held, pageCount));
    const growth = chunk === undefined ? this.#growthFor(pageCount) : undefined;
    if (chunk === undefined && growth === undefined) return refused(LimitExceededError, reserve);
    const address = reserve();
    chunk ??= this.#hold(growth as Growth);
    const page = placeIn(chunk, pageCount);
    equal(address, chunk.base + page * PAGE_BYTES, `address of ${pageCount} pages`);
    chunk.pages.fill(1, page, page + pageCount);
    this.#addSpan(address, pageCount, ownerWord);
  }

  #addSpan(address: number, pageCount: number, ownerWord: number): void {
    const span = { address, pageCount, tag: this.#nextTag++ >>> 0, ownerWord };
    this.#spans.set(address, span);
    this.#addresses.push(address);
    this.#writeWords(span);
    this.#checkWords(span);
  }

  #park(pick: number): void {
    const span = this.#spans.get(this.#addresses[Math.floor(pick * this.#addresses.length)] ?? 0);
    if (span === undefined) return;
    const { address, pageCount } = span;
    this.#checkWords(span);
    const isBlock = blockFor(pageCount) === pageCount && pageCount <= PARKED_PAGES;
    if (isBlock && this.#nextTag % 2 === 0)
      this.arena.spans.parkBlock(address, Math.log2(pageCount));
    else this.arena.spans.park(address);
    refused(InvalidAddressError, () => this.arena.release(address));
    refused(InvalidAddressError, () => this.arena.spanBytes(address));
    const chunk = this.#chunkOf(address);
    const isParked = isBlock && chunk.parked.length < PARKED_SPANS;
    this.#pagesOf(span).fill(isParked ? 2 : 0);
    for (let page = 0; page < pageCount; page++)
      equal(this.#ownerWordAt(address + page * PAGE_BYTES), 0, "owner of a parked page");
    if (isParked) chunk.parked.push({ address, pageCount });
    this.#forgetSpan(address);
  }

  /** What was parked last in the chunk that `reserve` would choose, or what `reserve` would cut. */
  #takeBlock(order: number): void {
    const pageCount = 1 << order;
    const ownerWord = this.#nextOwnerWord(true);
    const take = (): number => this.arena.spans.takeBlock(order, ownerWord);
    const chunk =
      pageCount <= PARKED_PAGES
        ? this.#held.find(
            (held) =>
              held.parked.some((parked) => parked.pageCount === pageCount) ||
              placeIn(held, pageCount) >= 0,
          )
        : undefined;
    const parked = chunk?.parked.findLast((span) => span.pageCount === pageCount);
    if (parked === undefined) {
      if (pageCount <= PARKED_PAGES)
        equal(this.arena.spans.takeParked(order, ownerWord), 0, "no such span is parked");
      return this.#reservePages(pageCount, ownerWord, take);
    }
    (chunk as ModelChunk).parked = (chunk as ModelChunk).parked.filter((span) => span !== parked);
    const taken = this.arena.spans.takeParked(order, ownerWord);
    equal(taken === 0 ? take() : taken, parked.address, "address of a parked block");
    this.#addSpan(parked.address, pageCount, ownerWord);
    this.#pagesOf(this.#spanAt(parked.address)).fill(1);
  }

  /** Rule A35: everything but the page table is derived from it; what was parked is merged. */
  #rebuild(): void {
    const before = this.arena.stats();
    const rooms = this.arena.chunks.map((chunk) => chunk.freeBytes);
    this.arena.rebuild();
    const after = this.arena.stats();
    for (const name of Object.keys(before) as (keyof typeof before)[])
      equal(after[name], before[name], `${name} after rebuild`);
    for (const [index, chunk] of this.arena.chunks.entries())
      equal(chunk.freeBytes, rooms[index], "free bytes of a chunk after rebuild");
    for (const chunk of this.#held) mergeParked(chunk);
    this.arena.verify();
  }

  /** New planes: what spans have in them is kept. */
  #compact(): void {
    const ends = this.#held.map(({ base, pages }) => base + pages.length * PAGE_BYTES);
    if (ends.length > 0) equal(this.arena.planes.compact(Math.max(...ends)), true, "compacted");
  }

  #release(pick: number): void {
    const position = Math.floor(pick * this.#addresses.length);
    const address = this.#addresses[position];
    if (address === undefined) return;
    const span = this.#spanAt(address);
    this.#checkWords(span);
    if (span.ownerWord === 0) this.arena.release(address);
    else {
      refused(InvalidAddressError, () => this.arena.release(address));
      this.arena.spans.release(address);
    }
    refused(InvalidAddressError, () => this.arena.release(address));
    this.#pagesOf(span).fill(0);
    this.#forgetSpan(address);
  }

  #forgetSpan(address: number): void {
    const position = this.#addresses.indexOf(address);
    this.#spans.delete(address);
    const last = this.#addresses.pop() as number;
    if (position < this.#addresses.length) this.#addresses[position] = last;
  }

  #resize(pick: number, byteLength: number): void {
    const address = this.#addresses[Math.floor(pick * this.#addresses.length)];
    if (address === undefined) return;
    const span = this.#spanAt(address);
    this.#checkWords(span);
    const pageCount = Math.ceil(byteLength / PAGE_BYTES);
    const chunk = this.#chunkOf(address);
    const { base, pages } = chunk;
    const first = (address - base) / PAGE_BYTES;
    const hasRoom =
      first + pageCount <= pages.length &&
      pages
        .subarray(first + span.pageCount, Math.max(first + pageCount, first + span.pageCount))
        .every((page) => page !== 1);
    if (span.ownerWord !== 0)
      refused(InvalidAddressError, () => this.arena.resize(address, byteLength));
    const isResized =
      span.ownerWord === 0
        ? this.arena.resize(address, byteLength)
        : this.arena.spans.resize(address, pageCount);
    equal(isResized, hasRoom, `resize of ${span.pageCount} to ${pageCount} pages`);
    if (!hasRoom) return;
    if (pageCount > span.pageCount) mergeParked(chunk);
    equal(this.#words(address)[0], span.tag, "first word after resize");
    if (pageCount >= span.pageCount)
      equal(this.#lastWord(span), span.tag, "old last word after resize");
    this.#pagesOf(span).fill(0);
    span.pageCount = pageCount;
    this.#pagesOf(span).fill(1);
    this.#writeWords(span);
  }

  #releaseChunk(pick: number): void {
    const chunk = this.arena.chunks[Math.floor(pick * this.arena.chunks.length)];
    if (chunk === undefined) return refused(InvalidSizeError, () => this.arena.releaseChunk(0));
    const held = this.#held.find(({ base }) => base === chunk.base);
    const isUsed = held?.pages.some((page, index) => page === 1 && index + held.base > 0) ?? false;
    if (isUsed) return refused(ChunkInUseError, () => this.arena.releaseChunk(chunk.index));
    const epoch = this.#epochs.get(chunk.base) ?? 0;
    equal(chunk.epoch, epoch, "epoch before");
    equal(
      this.arena.releaseChunk(chunk.index),
      held === undefined ? 0 : held.pages.length * PAGE_BYTES,
      "bytes given back",
    );
    if (held === undefined) return;
    this.#held = this.#held.filter((other) => other !== held);
    this.#epochs.set(chunk.base, epoch + 1);
    equal(chunk.epoch, epoch + 1, "epoch after");
  }

  #callBadly(pick: number): void {
    const { arena } = this;
    const size = badSizes[Math.floor(pick * badSizes.length)] as number;
    const address = badAddresses[Math.floor(pick * badAddresses.length)] as number;
    refused(InvalidSizeError, () => arena.reserve(size));
    refused(InvalidAddressError, () => arena.release(address));
    refused(InvalidAddressError, () => arena.chunkAt(address));
    const span = this.#spans.get(this.#addresses[Math.floor(pick * this.#addresses.length)] ?? 0);
    if (span === undefined) return;
    refused(InvalidSizeError, () => arena.resize(span.address, size));
    refused(InvalidAddressError, () => arena.release(span.address + 8));
    if (span.pageCount > 1)
      refused(InvalidAddressError, () => arena.release(span.address + PAGE_BYTES));
    equal(arena.spanBytes(span.address), span.pageCount * PAGE_BYTES, "span bytes");
  }

  /** Rule A11: what is empty goes, the largest first, until the least growth is allowed; nothing goes when that is not enough. */
  #growthFor(pageCount: number): Growth | undefined {
    for (;;) {
      const growth = this.#leastGrowthFor(pageCount);
      let missingBytes = growth.byteLength - (this.#options.maxBytes - this.#heldBytes());
      if (missingBytes <= 0) return growth;
      const empty = this.#held
        .filter(({ base, pages }) => pages.every((page, at) => page !== 1 || at + base === 0))
        .toSorted((a, b) => b.pages.length - a.pages.length || b.base - a.base);
      if (empty.reduce((sum, { pages }) => sum + pages.length * PAGE_BYTES, 0) < missingBytes)
        return undefined;
      for (const chunk of empty) {
        if (missingBytes <= 0) break;
        missingBytes -= chunk.pages.length * PAGE_BYTES;
        this.#held = this.#held.filter((other) => other !== chunk);
        this.#epochs.set(chunk.base, (this.#epochs.get(chunk.base) ?? 0) + 1);
      }
    }
  }

  /** Rules A8 and A9, by search: as long as is allowed, but at least what the span needs. */
  #leastGrowthFor(pageCount: number): Growth {
    const { maxBytes, maxChunkBytes } = this.#options;
    const allowed = maxBytes - this.#heldBytes();
    const needBytes = pageCount * PAGE_BYTES;
    const blockBytes = blockFor(pageCount) * PAGE_BYTES;
    const taken = new Set(this.#held.flatMap((chunk) => chunk.slots));
    if (blockBytes > maxChunkBytes) {
      const slotCount = Math.ceil(needBytes / maxChunkBytes);
      const first = this.#slots.findIndex(
        (_, slot) =>
          slot > 0 &&
          Array.from({ length: slotCount }, (_unused, next) => slot + next).every(
            (next) => !taken.has(next) && this.#slots[next]?.byteLength === maxChunkBytes,
          ),
      );
      const slots = Array.from({ length: slotCount }, (_, next) => first + next);
      return { slots, byteLength: needBytes };
    }
    const slot = this.#slots.findIndex(
      ({ base, byteLength }, at) =>
        !taken.has(at) &&
        (base === 0
          ? byteLength >= 2 * blockBytes && 2 * blockBytes <= allowed
          : byteLength >= blockBytes),
    );
    const leastBytes = slot === 0 ? 2 * blockBytes : blockBytes;
    let byteLength = (this.#slots[slot] as ModelSlot).byteLength;
    while (byteLength > allowed && byteLength / 2 >= leastBytes) byteLength /= 2;
    return { slots: [slot], byteLength };
  }

  #hold({ slots, byteLength }: Growth): ModelChunk {
    const { base } = this.#slots[slots[0] as number] as ModelSlot;
    const chunk: ModelChunk = {
      base,
      slots,
      pages: new Uint8Array(byteLength / PAGE_BYTES),
      parked: [],
    };
    if (base === 0) chunk.pages[0] = 1;
    this.#held = [...this.#held, chunk].toSorted((a, b) => a.base - b.base);
    const real = this.arena.chunkAt(base + byteLength - 1);
    equal(real.base, base, "base of a new chunk");
    equal(real.byteLength, byteLength, "length of a new chunk");
    equal(real.epoch, this.#epochs.get(base) ?? 0, "epoch of a new chunk");
    return chunk;
  }

  #heldBytes(): number {
    return this.#held.reduce((sum, { pages }) => sum + pages.length * PAGE_BYTES, 0);
  }

  #chunkOf(address: number): ModelChunk {
    const chunk = this.#held.find(
      ({ base, pages }) => address >= base && address < base + pages.length * PAGE_BYTES,
    );
    if (chunk === undefined) throw new Error(`the model holds no chunk at ${address}`);
    return chunk;
  }

  #spanAt(address: number): ModelSpan {
    const span = this.#spans.get(address);
    if (span === undefined) throw new Error(`the model has no span at ${address}`);
    return span;
  }

  #pagesOf({ address, pageCount }: ModelSpan): Uint8Array {
    const { base, pages } = this.#chunkOf(address);
    const first = (address - base) / PAGE_BYTES;
    return pages.subarray(first, first + pageCount);
  }

  /** The words of the real chunk from `address` on. */
  #words(address: number): Uint32Array {
    const chunk: TopChunk = this.arena.chunkAt(address);
    return chunk.u32.subarray((address - chunk.base) / 4);
  }

  #lastWord({ address, pageCount }: ModelSpan): number {
    return this.#words(address)[(pageCount * PAGE_BYTES) / 4 - 1] ?? -1;
  }

  #writeWords({ address, pageCount, tag, ownerWord }: ModelSpan): void {
    const words = this.#words(address);
    words[0] = tag;
    words[(pageCount * PAGE_BYTES) / 4 - 1] = tag;
    if ((ownerWord & CELLS_FLAG) === 0) return;
    const { cells } = this.arena.planes;
    cells[address >>> GRANULE_SHIFT] = tag;
    cells[(address + pageCount * PAGE_BYTES - 1) >>> GRANULE_SHIFT] = tag;
  }

  #checkWords(span: ModelSpan): void {
    const { address, pageCount, tag, ownerWord } = span;
    equal(this.#words(address)[0], tag, `first word of the span at ${address}`);
    equal(this.#lastWord(span), tag, `last word of the span at ${address}`);
    const end = address + pageCount * PAGE_BYTES - 1;
    const chunk = this.arena.chunkAt(address);
    for (const at of [address, end]) {
      equal(chunk.ownerAt(at), ownerWord & OWNER_ID_MASK, `owner of the span at ${address}`);
      equal(this.#ownerWordAt(at), ownerWord, `owner word of the span at ${address}`);
    }
    if ((ownerWord & CELLS_FLAG) === 0) return;
    const { cells } = this.arena.planes;
    equal(cells[address >>> GRANULE_SHIFT], tag, `first cell of the span at ${address}`);
    equal(cells[end >>> GRANULE_SHIFT], tag, `last cell of the span at ${address}`);
  }

  #ownerWordAt(address: number): number | undefined {
    return this.arena.planes.pages[recordAt(address)];
  }
}

function blockFor(pageCount: number): number {
  let block = 1;
  while (block < pageCount) block *= 2;
  return block;
}

/** Whether a run fits, if need be after the parked spans were merged. */
function hasPlace(chunk: ModelChunk, pageCount: number): boolean {
  if (placeIn(chunk, pageCount) >= 0) return true;
  const freePages = chunk.pages.filter((page) => page !== 1).length;
  if (chunk.parked.length === 0 || freePages < pageCount) return false;
  mergeParked(chunk);
  return placeIn(chunk, pageCount) >= 0;
}

function mergeParked(chunk: ModelChunk): void {
  for (const [page, state] of chunk.pages.entries()) if (state === 2) chunk.pages[page] = 0;
  chunk.parked = [];
}

/** First page of the lowest place for a run, -1 when there is none: an aligned block for 2^n pages, anywhere for others. */
function placeIn({ pages }: ModelChunk, pageCount: number): number {
  const step = blockFor(pageCount) === pageCount ? pageCount : 1;
  for (let page = 0; page + pageCount <= pages.length; page += step) {
    if (isFree(pages, page, pageCount)) return page;
  }
  return -1;
}

/** Pages of the largest aligned block that is free; 0 when none is. */
function largestBlock(chunk: ModelChunk): number {
  let block = blockFor(chunk.pages.length);
  while (block >= 1 && placeIn(chunk, block) < 0) block /= 2;
  return block >= 1 ? block : 0;
}

function isFree(pages: Uint8Array, first: number, count: number): boolean {
  for (let page = first; page < first + count; page++) if (pages[page] !== 0) return false;
  return true;
}

/** Not `expect`: this runs millions of times. */
function equal(actual: unknown, expected: unknown, what: string): void {
  if (actual !== expected)
    throw new Error(`${what}: ${String(actual)} instead of ${String(expected)}`);
}

function refused(kind: abstract new (...args: never[]) => Error, work: () => unknown): void {
  try {
    work();
  } catch (error) {
    if (error instanceof kind) return;
    throw error;
  }
  throw new Error(`expected a ${kind.name}, nothing was thrown`);
}
