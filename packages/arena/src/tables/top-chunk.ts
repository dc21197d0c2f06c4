/**
 * A top chunk: one range of memory from the source, at fixed addresses.
 *
 *   address          base                                    base + byteLength
 *                    |  page 0 | page 1 | ...                        |
 *   planes           page records and cells of these addresses: see planes.ts
 *   buddy            which pages are free                            derived from the page records
 *   parked           free spans that were not merged: free in the page records, occupied in the buddy
 *
 * Page 0 of the whole space is NULL: it is no span and counts neither as used nor as free.
 *   byteLength = usedBytes + freeBytes (+ PAGE_BYTES in the chunk at address 0)      [checked by verifyArena]
 *
 * A released chunk stays in the vector as a vacant entry (byteLength 0), so that its index and its addresses keep their
 * meaning when it is held again; `epoch` counts releases, so stale views are detected.
 */
import { UseAfterDropError } from "../errors.js";
import { NULL_ADDRESS, PAGE_BYTES, PAGE_SHIFT, asAddress } from "../placement/address.js";
import { PageBuddy } from "../placement/page-buddy.js";
import type { BufferRange } from "../sources/buffer-source.js";
import { ParkedSpans } from "../spans/parked-spans.js";
import { CELLS_FLAG, OWNER_ID_MASK, OWNER_WORD, recordAt } from "./page-table.js";
import type { Planes } from "./planes.js";

/** Shared by vacant chunks. Never written. */
const NO_PARKED = new ParkedSpans();
const NO_BYTES = new Uint8Array(0);

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
  readonly #planes: Planes;
  #byteLength = 0;
  #byteOffset = 0;
  #usedBytes = 0;
  #epoch = 0;
  #spansCut = 0;
  /** The first slot of the ladder that it is counted for while it is held. @internal */
  slot = 0;
  /** While the source is asked to take the memory back: nothing can be reserved here. @internal */
  isLeaving = false;
  /** Whether a span of it ever had cells while it was held. @internal */
  hasCells = false;
  /** How many bytes of addresses from `base` on had cells while it was held before: they may still be in the planes. */
  #staleCellsBytes = 0;
  /** The source's range. @internal */
  range: BufferRange | undefined = undefined;
  /** All bytes of the chunk; of length 0 when it is vacant, or when its buffer was transferred away. @internal */
  bytes: Uint8Array = NO_BYTES;
  /** @internal */
  buddy: PageBuddy | undefined = undefined;
  /** @internal */
  parked: ParkedSpans = NO_PARKED;
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
  constructor(index: number, base: number, planes: Planes) {
    this.index = index;
    this.base = base;
    this.#firstPage = base >>> PAGE_SHIFT;
    this.#planes = planes;
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
    return this.range !== undefined;
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

  /**
   * Id of the owner of the span around `address` (an address within this chunk); 0 when no span is there or nobody owns it.
   * Contexts are owners. O(1).
   */
  ownerAt(address: number): number {
    return (this.#planes.pages[recordAt(address) | OWNER_WORD] ?? 0) & OWNER_ID_MASK;
  }

  /** Whether the buffer was transferred away under the chunk, to a worker or by `structuredClone`. @internal */
  get isLost(): boolean {
    return this.range !== undefined && this.bytes.length === 0;
  }

  /** Number, in the whole space, of the first page of the chunk. @internal */
  get firstPage(): number {
    return this.#firstPage;
  }

  /** Number of its pages. @internal */
  get pageCount(): number {
    return this.#byteLength >>> PAGE_SHIFT;
  }

  /** Bytes of addresses from `base` on whose cells may not be 0, also of the time before a release. @internal */
  get cellsBytes(): number {
    return this.hasCells
      ? Math.max(this.#byteLength, this.#staleCellsBytes)
      : this.#staleCellsBytes;
  }

  /** Puts memory behind the addresses. @internal */
  hold(slot: number, range: BufferRange, byteLength: number): void {
    this.slot = slot;
    this.range = range;
    this.#byteOffset = range.byteOffset;
    this.#byteLength = asAddress(byteLength);
    this.#usedBytes = 0;
    this.hasCells = false;
    this.bytes = new Uint8Array(range.buffer, range.byteOffset, byteLength);
    this.buddy = new PageBuddy(byteLength / PAGE_BYTES);
    this.parked = new ParkedSpans();
    if (this.#nullPages() > 0) this.buddy.occupy(0, 1);
  }

  /** Takes the memory away; the caller has given the range back. @internal */
  vacate(): void {
    this.#staleCellsBytes = this.cellsBytes;
    this.hasCells = false;
    this.parked = NO_PARKED;
    this.range = undefined;
    this.#byteOffset = 0;
    this.#byteLength = 0;
    this.#usedBytes = 0;
    this.#epoch++;
    this.bytes = NO_BYTES;
    this.buddy = undefined;
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

  /** A span was cut from the chunk. @internal */
  addSpan(byteLength: number, ownerWord: number): void {
    this.#spansCut++;
    this.#usedBytes += byteLength;
    if ((ownerWord & CELLS_FLAG) !== 0) this.hasCells = true;
  }

  /** Bytes left a span, or joined one where `byteLength` is below 0. @internal */
  removeBytes(byteLength: number): void {
    this.#usedBytes -= byteLength;
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
    this.#u8 = this.bytes;
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
    const { range } = this;
    if (range === undefined) {
      throw new UseAfterDropError(
        "PERFLOC_ARENA_CHUNK_RELEASED",
        `top chunk ${this.index}`,
        `cannot view top chunk ${this.index}: its memory was released`,
        "Compare chunk.epoch with the one you remember before you use an old address.",
      );
    }
    if (this.isLost) throw chunkLost(this.index);
    return range.buffer;
  }
}

/** The error for memory that the program gave away. */
export function chunkLost(index: number): UseAfterDropError {
  return new UseAfterDropError(
    "PERFLOC_ARENA_CHUNK_LOST",
    `top chunk ${index}`,
    `cannot view top chunk ${index}: its buffer was transferred away`,
    "Post a copy of the bytes, never the buffer of a chunk. What lay in it is gone: drop the contexts in it, or dispose the heap.",
  );
}
