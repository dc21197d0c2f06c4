/**
 * A top chunk: one range of memory from the source, at fixed addresses, with the records of its pages.
 *
 *   address          base                                    base + byteLength
 *                    |  page 0 | page 1 | ...                        |
 *   buffer           [ bytes that spans are cut from                 | marks: 1 byte for each 8 bytes ]
 *   pageRuns         [ one number a page: +n first page of a span of n pages, -d page d of a span, 0 free ]
 *   pageOwners       [ one entry a page of the whole space: who owns the span around it; shared by all chunks ]
 *   parked           [ spans that were given back and not merged: free in all of the above, occupied in the buddy ]
 *
 * Page 0 of the whole space is NULL: it is no span and counts neither as used nor as free.
 *   byteLength = usedBytes + freeBytes (+ PAGE_BYTES in the chunk at address 0)      [checked by verifyArena]
 *
 * A released chunk stays in the vector as a vacant entry (byteLength 0), so that its index and its addresses keep their
 * meaning when it is held again; `epoch` tells the tenures apart.
 */
import {
  type Address,
  GRANULE_BYTES,
  NULL_ADDRESS,
  PAGE_BYTES,
  PAGE_SHIFT,
  asAddress,
} from "./address.js";
import type { BufferRange } from "./buffer-source.js";
import { InvalidAddressError, UseAfterDropError } from "./errors.js";
import { PageBuddy } from "./page-buddy.js";
import { MAX_PARKED_ORDER, ParkedSpans, type ParkingOwner } from "./parked-spans.js";

const noPages = new Int32Array(0);
/** From so many pages on (64 KiB) a run is placed by its own length: looking for it costs less than it will to use it. */
const LONG_RUN_PAGES = 17;
/** Shared by the chunks that parked nothing yet. Never written. */
const NO_PARKED = new ParkedSpans();

/**
 * One entry of the top-chunk vector: memory from the source at fixed addresses, and typed arrays over it.
 *
 * The typed arrays are made at first use, have a fixed length and stay the same objects until the chunk is released;
 * from then on they have length 0 and asking for them throws UseAfterDropError.
 * @public
 */
export class TopChunk {
  /** Position in `arena.chunks`; the number that `arena.releaseChunk` takes. */
  readonly index: number;
  /** First address of the chunk. */
  readonly base: number;
  /** Number of the chunk's first page in the whole space. */
  readonly #firstPage: number;
  #byteLength = 0;
  #byteOffset = 0;
  #usedBytes = 0;
  #epoch = 0;
  #spansCut = 0;
  /** While the source is asked to take the memory back: nothing can be reserved here. @internal */
  isLeaving = false;
  #range: BufferRange | undefined;
  #buddy: PageBuddy | undefined;
  #pageRuns: Int32Array = noPages;
  #parked = NO_PARKED;
  readonly #pageOwners: (object | undefined)[];
  #marks: Uint8Array | undefined;
  #markWords: Float64Array | undefined;
  #u8: Uint8Array | undefined;
  #i8: Int8Array | undefined;
  #u16: Uint16Array | undefined;
  #i16: Int16Array | undefined;
  #u32: Uint32Array | undefined;
  #i32: Int32Array | undefined;
  #f32: Float32Array | undefined;
  #f64: Float64Array | undefined;
  #u64: BigUint64Array | undefined;
  #i64: BigInt64Array | undefined;

  /** @internal */
  constructor(index: number, base: number, pageOwners: (object | undefined)[]) {
    this.index = index;
    this.base = base;
    this.#firstPage = base >>> PAGE_SHIFT;
    this.#pageOwners = pageOwners;
  }

  /** Bytes held from the OS; 0 while the chunk is released. */
  get byteLength(): number {
    return this.#byteLength;
  }

  /** Bytes in spans. A chunk with 0 can be released. */
  get usedBytes(): number {
    return this.#usedBytes;
  }

  /** Bytes in free pages. */
  get freeBytes(): number {
    return this.#byteLength - this.#usedBytes - this.#nullPages() * PAGE_BYTES;
  }

  /** How often the chunk has been released. A view that was made in another epoch is stale. */
  get epoch(): number {
    return this.#epoch;
  }

  /** How many spans were ever reserved here: where it has not changed since, an empty chunk was empty all the time. */
  get spansCut(): number {
    return this.#spansCut;
  }

  /** Whether memory is behind the addresses now. */
  get isHeld(): boolean {
    return this.#range !== undefined;
  }

  /**
   * Side metadata for the layer above: one byte for each 8 bytes of the chunk, zero when the chunk is first held.
   * The arena neither reads nor clears it; who marks a span clears its marks before the span is released.
   */
  get marks(): Uint8Array {
    return (this.#marks ??= new Uint8Array(
      this.#buffer(),
      this.#byteOffset + this.#byteLength,
      this.#byteLength / GRANULE_BYTES,
    ));
  }

  /** The same marks, eight at a time: for clearing a range of them quickly. */
  get markWords(): Float64Array {
    const { marks } = this;
    return (this.#markWords ??= new Float64Array(marks.buffer, marks.byteOffset, marks.length / 8));
  }

  /** The chunk as a `Uint8Array`: the element for an address is at `(address - base)`. */
  get u8(): Uint8Array {
    return this.#u8 ?? this.makeViews().u8;
  }

  /** The chunk as a `Int8Array`: the element for an address is at `(address - base)`. */
  get i8(): Int8Array {
    return this.#i8 ?? this.makeViews().i8;
  }

  /** The chunk as a `Uint16Array`: the element for an address is at `(address - base) / 2`. */
  get u16(): Uint16Array {
    return this.#u16 ?? this.makeViews().u16;
  }

  /** The chunk as a `Int16Array`: the element for an address is at `(address - base) / 2`. */
  get i16(): Int16Array {
    return this.#i16 ?? this.makeViews().i16;
  }

  /** The chunk as a `Uint32Array`: the element for an address is at `(address - base) / 4`. */
  get u32(): Uint32Array {
    return this.#u32 ?? this.makeViews().u32;
  }

  /** The chunk as a `Int32Array`: the element for an address is at `(address - base) / 4`. */
  get i32(): Int32Array {
    return this.#i32 ?? this.makeViews().i32;
  }

  /** The chunk as a `Float32Array`: the element for an address is at `(address - base) / 4`. */
  get f32(): Float32Array {
    return this.#f32 ?? this.makeViews().f32;
  }

  /** The chunk as a `Float64Array`: the element for an address is at `(address - base) / 8`. */
  get f64(): Float64Array {
    return this.#f64 ?? this.makeViews().f64;
  }

  /** The chunk as a `BigUint64Array`: the element for an address is at `(address - base) / 8`. */
  get u64(): BigUint64Array {
    return this.#u64 ?? this.makeViews().u64;
  }

  /** The chunk as a `BigInt64Array`: the element for an address is at `(address - base) / 8`. */
  get i64(): BigInt64Array {
    return this.#i64 ?? this.makeViews().i64;
  }

  /** 1 + order of the largest free block of pages of a held chunk, 0 when there is none. @internal */
  get room(): number {
    return this.#buddy!.room;
  }

  /** Whether a run of `pageCount` pages, whose block has `order`, can be cut here. @internal */
  hasRoom(pageCount: number, order: number): boolean {
    return this.#placeFor(pageCount, order) >= 0;
  }

  /** As `hasRoom`, after the parked spans were merged where that may help. @internal */
  hasRoomMerged(pageCount: number, order: number): boolean {
    if (this.#parked.isEmpty || this.freeBytes < pageCount * PAGE_BYTES) return false;
    this.mergeParked();
    return this.hasRoom(pageCount, order);
  }

  /** The owner of the newest parked span of 2^`order` pages, for the walker. @internal */
  newestParked(order: number): ParkingOwner | undefined {
    return this.#parked.newest(order);
  }

  /** The source's range. @internal */
  get range(): BufferRange | undefined {
    return this.#range;
  }

  /** Number, in the whole space, of the first page behind the chunk. @internal */
  get endPage(): number {
    return (this.base + this.#byteLength) / PAGE_BYTES;
  }

  /** Puts memory behind the addresses. @internal */
  hold(range: BufferRange, byteLength: number): void {
    const pageCount = byteLength / PAGE_BYTES;
    this.#range = range;
    this.#byteOffset = range.byteOffset;
    this.#byteLength = asAddress(byteLength);
    this.#usedBytes = 0;
    this.#buddy = new PageBuddy(pageCount);
    this.#pageRuns = new Int32Array(pageCount);
    const endPage = this.base / PAGE_BYTES + pageCount;
    // By pushes, not by length: the array keeps no holes, which would make every look-up slow.
    while (this.#pageOwners.length < endPage) this.#pageOwners.push(undefined);
    if (this.#nullPages() > 0) this.#buddy.occupy(0, 1);
  }

  /** Takes the memory away; the caller has given the range back. @internal */
  vacate(): void {
    if (this.#usedBytes > 0) this.#forget(0, this.#pageRuns.length);
    this.#parked = NO_PARKED;
    this.#range = undefined;
    this.#byteOffset = 0;
    this.#byteLength = 0;
    this.#usedBytes = 0;
    this.#epoch++;
    this.#buddy = undefined;
    this.#pageRuns = noPages;
    this.#marks = undefined;
    this.#markWords = undefined;
    this.#u8 = undefined;
    this.#i8 = undefined;
    this.#u16 = undefined;
    this.#i16 = undefined;
    this.#u32 = undefined;
    this.#i32 = undefined;
    this.#f32 = undefined;
    this.#f64 = undefined;
    this.#u64 = undefined;
    this.#i64 = undefined;
  }

  /** Cuts the lowest run of `pageCount` pages, whose block has `order`. The caller has seen `hasRoom`. @internal */
  reserveRun(pageCount: number, order: number): number {
    const page = this.#placeFor(pageCount, order);
    this.#buddy!.occupy(page, pageCount);
    this.#record(page, pageCount);
    this.#spansCut++;
    this.#usedBytes += pageCount * PAGE_BYTES;
    return asAddress(this.base + page * PAGE_BYTES);
  }

  /** Frees the span that begins at `page` and answers its pages. @internal */
  releaseRun(page: number): number {
    const pageCount = this.#pageRuns[page]!;
    this.#buddy!.vacate(page, pageCount);
    this.#forget(page, page + pageCount);
    this.#usedBytes -= pageCount * PAGE_BYTES;
    return pageCount;
  }

  /**
   * Frees the span of `owner`, but keeps it in one piece for `unparkRun`. Answers its pages; 0 when it is of a length that is not
   * kept, or enough of them are: it is then as it was. @internal
   */
  parkRun(owner: ParkingOwner): number {
    const page = (owner.base - this.base) >>> PAGE_SHIFT;
    const pageCount = this.#pageRuns[page]!;
    const order = 31 - Math.clz32(pageCount);
    if (1 << order !== pageCount || order > MAX_PARKED_ORDER) return 0;
    if (this.#parked === NO_PARKED) this.#parked = new ParkedSpans();
    if (!this.#parked.push(order, owner)) return 0;
    this.#forget(page, page + pageCount);
    this.#usedBytes -= pageCount * PAGE_BYTES;
    return pageCount;
  }

  /** Cuts the span of 2^`order` pages that was parked last, and answers its owner; `undefined` when there is none. @internal */
  unparkRun(order: number): ParkingOwner | undefined {
    const owner = this.#parked.newest(order);
    if (owner === undefined || this.isLeaving) return undefined;
    this.#parked.pop(order, owner);
    const page = (owner.base - this.base) >>> PAGE_SHIFT;
    const pageCount = 1 << order;
    this.#record(page, pageCount);
    this.#nameOwner(this.#firstPage + page, pageCount, owner);
    this.#spansCut++;
    this.#usedBytes += pageCount * PAGE_BYTES;
    return owner;
  }

  /** Lets the parked spans merge with what is free around them. @internal */
  mergeParked(): void {
    const parked = this.#parked;
    for (let order = 0; order <= MAX_PARKED_ORDER; order++) {
      for (let owner = parked.newest(order); owner !== undefined; owner = parked.newest(order)) {
        parked.pop(order, owner);
        this.#buddy!.vacate((owner.base - this.base) >>> PAGE_SHIFT, 1 << order);
      }
    }
  }

  /** Makes the span at `page` longer or shorter where it lies; false when the pages behind it are taken. @internal */
  resizeRun(page: number, pageCount: number): boolean {
    const runs = this.#pageRuns;
    const oldCount = runs[page]!;
    if (page + pageCount > runs.length) return false;
    for (let next = page + oldCount; next < page + pageCount; next++)
      if (runs[next] !== 0) return false;
    if (pageCount > oldCount && !this.#parked.isEmpty) this.mergeParked();
    const buddy = this.#buddy!;
    buddy.vacate(page, oldCount);
    buddy.occupy(page, pageCount);
    this.#forget(page + pageCount, page + oldCount);
    runs[page] = pageCount;
    const owner = this.#pageOwners[this.#firstPage + page];
    for (let distance = oldCount; distance < pageCount; distance++) {
      runs[page + distance] = -distance;
      this.#pageOwners[this.#firstPage + page + distance] = owner;
    }
    this.#usedBytes += (pageCount - oldCount) * PAGE_BYTES;
    return true;
  }

  /** How many spans are here; counted, since only the end of an arena asks. @internal */
  countSpans(): number {
    let spanCount = 0;
    for (const run of this.#pageRuns) if (run > 0) spanCount++;
    return spanCount;
  }

  /** Pages of the span that begins at `page`; 0 or less when none begins there. @internal */
  runAt(page: number): number {
    return this.#pageRuns[page]!;
  }

  /**
   * Who owns the span that contains `address` (an address within this chunk), as told to `setOwner`; `undefined` when no
   * span contains it or nobody was named. O(1).
   */
  ownerAt(address: number): object | undefined {
    return this.#pageOwners[address >>> PAGE_SHIFT];
  }

  /**
   * Names the owner of the span that begins at `address`, until the span is released. It is for the layer above: the
   * arena only keeps it.
   * @throws InvalidAddressError `PERFLOC_ARENA_INVALID_ADDRESS` when no span of this chunk begins there
   */
  setOwner(address: Address, owner: object): void {
    const first = typeof address === "number" ? address >>> PAGE_SHIFT : 0;
    const run = this.#pageRuns[first - this.#firstPage] ?? 0;
    if (run <= 0 || first * PAGE_BYTES !== address) throw notASpan(address);
    this.#nameOwner(first, run, owner);
  }

  #nameOwner(first: number, pageCount: number, owner: object): void {
    const owners = this.#pageOwners;
    const end = first + pageCount;
    for (let page = first; page < end; page++) owners[page] = owner;
  }

  #forget(page: number, endPage: number): void {
    const owners = this.#pageOwners;
    const firstPage = this.#firstPage;
    for (let at = page; at < endPage; at++) {
      this.#pageRuns[at] = 0;
      owners[firstPage + at] = undefined;
    }
  }

  /**
   * First page of the lowest place for a run; -1 when there is none. A block of its order holds it, whose rest serves shorter spans.
   * But long runs are the chunks of single objects, many of them a page longer than a power of two for their header: two blocks
   * for each would waste half of the memory, so they lie wherever as many pages do.
   */
  #placeFor(pageCount: number, order: number): number {
    const buddy = this.#buddy;
    if (buddy === undefined || this.isLeaving) return -1;
    if (pageCount >= LONG_RUN_PAGES && 1 << order !== pageCount) {
      // As many pages have a block of half their number among them, or of a quarter, aligned.
      return buddy.room > order - 2 ? buddy.findStretch(pageCount) : -1;
    }
    if (buddy.room > order) return buddy.findLowest(order);
    return this.#isExactFit(pageCount) ? 0 : -1;
  }

  /** An oversize span has a chunk to itself that is no power of two long: one fits when the chunk is empty. */
  #isExactFit(pageCount: number): boolean {
    return (
      this.#usedBytes === 0 &&
      this.#parked.isEmpty &&
      this.base !== NULL_ADDRESS &&
      pageCount * PAGE_BYTES <= this.#byteLength
    );
  }

  #record(page: number, pageCount: number): void {
    const runs = this.#pageRuns;
    runs[page] = pageCount;
    for (let distance = 1; distance < pageCount; distance++) runs[page + distance] = -distance;
  }

  /** Pages of this chunk that are NULL: one in the chunk at address 0. */
  #nullPages(): number {
    return this.base === NULL_ADDRESS && this.#byteLength > 0 ? 1 : 0;
  }

  /**
   * All views at once, when one is first asked for. Not a private name, and nothing more in the getters: V8 inlines up to 27 bytes of
   * bytecode wherever they are called, longer ones only until a loop has 920. They have 24, and 40 when each makes its own view.
   */
  private makeViews(): this {
    const buffer = this.#buffer();
    const start = this.#byteOffset;
    const byteLength = this.#byteLength;
    this.#u8 = new Uint8Array(buffer, start, byteLength);
    this.#i8 = new Int8Array(buffer, start, byteLength);
    this.#u16 = new Uint16Array(buffer, start, byteLength / 2);
    this.#i16 = new Int16Array(buffer, start, byteLength / 2);
    this.#u32 = new Uint32Array(buffer, start, byteLength / 4);
    this.#i32 = new Int32Array(buffer, start, byteLength / 4);
    this.#f32 = new Float32Array(buffer, start, byteLength / 4);
    this.#f64 = new Float64Array(buffer, start, byteLength / 8);
    this.#u64 = new BigUint64Array(buffer, start, byteLength / 8);
    this.#i64 = new BigInt64Array(buffer, start, byteLength / 8);
    return this;
  }

  #buffer(): ArrayBufferLike {
    if (this.#range !== undefined) return this.#range.buffer;
    throw new UseAfterDropError(
      "PERFLOC_ARENA_CHUNK_RELEASED",
      `top chunk ${this.index}`,
      `cannot view top chunk ${this.index}: its memory was released`,
      "Compare chunk.epoch with the one you remember before you use an old address.",
    );
  }
}

function notASpan(address: unknown): InvalidAddressError {
  return new InvalidAddressError(
    "PERFLOC_ARENA_INVALID_ADDRESS",
    address,
    "is not the beginning of a span of this chunk",
    "Pass what reserve() answered, to the chunk that chunkAt() names for it.",
  );
}
