/**
 * The general kind: objects of any size, freed and reallocated one by one if need be.
 *
 *   alloc ──► free list of the size class ──► pop                         hot
 *        └──► [cursor, limitAddress)      ──► cut                         hot
 *        └──► larger chunk (forward), own chunk (big), alignment, errors  cold, below
 *
 * Objects have no header and are never moved or merged: a slot keeps its class until the context is reset. When a chunk is
 * left for a larger one, the rest of it is cut into freed slots of the largest classes that fit.
 */
import type { Address } from "@perfloc/arena";
import { ASKED_WORD, CELLS_FLAG, GRANULE_SHIFT, recordAt } from "@perfloc/arena/internal";
import { MIN_ALIGNMENT, alignUp, checkAlignment, checkByteLength } from "../allocation-request.js";
import { appendChunk, appendDedicated, moveToChunk } from "../chunks/chunk-chain.js";
import { HEADER_BYTES, chunkBytes, setHighWater } from "../chunks/chunk-header.js";
import { takeFirstChunk, takeNextChunk } from "../chunks/quick-chunks.js";
import { DEDICATED_CODE, LINK_MASK } from "./cells.js";
import { LEAST_SWEPT_BYTES, releaseEmptyChunks } from "./empty-chunks.js";
import { pushSlot, takeAlignedSlot, takeSlot } from "./free-lists.js";
import { LEAST_NOTED_BYTES, noteAlignment } from "./alignment-note.js";
import { growsInRoom, reallocSlow, resizeSlot } from "./reallocate.js";
import { ALIGNED_BELOW_2_GIB, SlotContext } from "./slot-context.js";
import {
  CLASS_BYTES,
  CLASS_COUNT,
  CLASS_OF,
  LAST_MASKED_CLASS,
  MAX_SMALL_BYTES,
} from "./size-classes.js";

/*
 * The module's own copies of imported constants: V8 folds these into the code of the hot paths, while an imported binding is
 * a load from memory each time.
 */
const DEFAULT_ALIGNMENT = MIN_ALIGNMENT;
const ALIGNED = ALIGNED_BELOW_2_GIB;
const CLASSES = CLASS_COUNT;
const BIG = DEDICATED_CODE;
const LINK = LINK_MASK;
const LARGEST_SLOT = MAX_SMALL_BYTES;
const LARGEST_HOT = CLASS_BYTES[LAST_MASKED_CLASS]!;
const classOf = CLASS_OF;
const bytesOfClass = CLASS_BYTES;

export class AllocsetContext extends SlotContext {
  /**
   * Hot path: reuse a freed slot, or cut one from the current chunk. Nothing may be added here. Each way out is `>>> 0`, so
   * that V8 keeps the result in a register of integers wherever it comes from.
   */
  override alloc(byteLength: number, alignment: number = DEFAULT_ALIGNMENT): Address {
    if (
      typeof byteLength === "number" &&
      (byteLength | 0) === byteLength &&
      byteLength >>> 0 <= LARGEST_HOT &&
      alignment === DEFAULT_ALIGNMENT
    ) {
      const sizeClass = classOf[(byteLength + 15) >>> 4]!;
      const { cells } = this.planes;
      if ((this.freeMask & (1 << sizeClass)) !== 0) {
        const { heads } = this;
        const granule = heads[sizeClass]!;
        const cell = cells[granule]!;
        if (cell < 0) {
          const next = cell & LINK;
          cells[granule] = this.tag | sizeClass;
          heads[sizeClass] = next;
          if (next === 0) this.freeMask &= ~(1 << sizeClass);
          return (granule << 4) >>> 0;
        }
      } else {
        const address = this.cursor;
        const next = address + bytesOfClass[sizeClass]!;
        if (next <= this.limitAddress) {
          this.cursor = next;
          cells[address >>> 4] = this.tag | sizeClass;
          return address >>> 0;
        }
      }
    }
    return this.allocFirst(byteLength, alignment) >>> 0;
  }

  /** Allocates an object without guards, whatever a subclass makes of `alloc`. @internal */
  plainAlloc(byteLength: number, alignment: number): Address {
    return AllocsetContext.prototype.alloc.call(this, byteLength, alignment);
  }

  /** Hot path: an object below 2^31 that stays where it is, in its slot or in the room of its chunk. */
  override realloc(address: Address, byteLength: number, alignment: number = 0): Address {
    if (
      typeof address === "number" &&
      (address & ALIGNED) === address &&
      typeof byteLength === "number" &&
      (byteLength | 0) === byteLength &&
      alignment === 0
    ) {
      const code = this.planes.cells[address >>> 4]! ^ this.tag;
      if (code >>> 0 < CLASSES && byteLength >>> 0 <= LARGEST_SLOT) {
        const newBytes = bytesOfClass[classOf[(byteLength + 15) >>> 4]!]!;
        const oldBytes = bytesOfClass[code]!;
        if (newBytes <= oldBytes && newBytes * 2 >= oldBytes) return address >>> 0;
        return resizeSlot(this, address, code, byteLength) >>> 0;
      }
      if (code === BIG && growsInRoom(this.planes, address, byteLength)) return address >>> 0;
    }
    return reallocSlow(this, address, byteLength, alignment) >>> 0;
  }

  override classBytes(sizeClass: number): number {
    return bytesOfClass[sizeClass] ?? 0;
  }

  /** Hot path of small scopes: the first object of a context. Everything else goes on. */
  private allocFirst(byteLength: number, alignment: number): Address {
    if (
      this.id === 0 &&
      typeof byteLength === "number" &&
      (byteLength | 0) === byteLength &&
      byteLength >>> 0 <= LARGEST_HOT &&
      alignment === DEFAULT_ALIGNMENT &&
      !this.isDropped &&
      takeFirstChunk(this, CELLS_FLAG)
    ) {
      const sizeClass = classOf[(byteLength + 15) >>> 4]!;
      const address = this.cursor;
      this.planes.cells[address >>> 4] = this.tag | sizeClass;
      this.cursor = address + bytesOfClass[sizeClass]!;
      return address;
    }
    return this.allocLarger(byteLength, alignment);
  }

  /** The larger classes, whose lists are not in freeMask, and an alignment of less than a granule; everything else goes on. */
  private allocLarger(byteLength: number, alignment: number): Address {
    const isLarger =
      Number.isInteger(byteLength) && byteLength > LARGEST_HOT && byteLength <= LARGEST_SLOT;
    if (isLarger && alignment === DEFAULT_ALIGNMENT) {
      const sizeClass = classOf[(byteLength + 15) >>> 4]!;
      const reused = takeSlot(this, sizeClass);
      if (reused !== 0) return reused;
      const address = this.cursor;
      const next = address + bytesOfClass[sizeClass]!;
      if (next <= this.limitAddress) {
        this.planes.cells[address >>> GRANULE_SHIFT] = this.tag | sizeClass;
        this.cursor = next;
        return address;
      }
    }
    return this.allocSlow(byteLength, alignment);
  }

  /** Bad arguments, alignments, big objects, a full chunk. */
  private allocSlow(byteLength: number, alignment: number): Address {
    checkByteLength(byteLength);
    checkAlignment(alignment);
    this.checkAlive("allocate in");
    if (alignment > DEFAULT_ALIGNMENT) return this.allocAligned(byteLength, alignment);
    if (byteLength > LARGEST_SLOT) return this.allocBig(byteLength, DEFAULT_ALIGNMENT);
    return this.allocSlot(classOf[(byteLength + 15) >>> 4]!, DEFAULT_ALIGNMENT, byteLength);
  }

  /** An object whose alignment is noted behind its first granule, so that `realloc` keeps it. */
  private allocAligned(byteLength: number, alignment: number): Address {
    const address =
      byteLength > LARGEST_SLOT
        ? this.allocBig(byteLength, alignment)
        : // At least two granules, for the note.
          this.allocSlot(
            classOf[(Math.max(byteLength, LEAST_NOTED_BYTES) + 15) >>> 4]!,
            alignment,
            byteLength,
          );
    noteAlignment(this, address, alignment);
    return address;
  }

  private allocSlot(sizeClass: number, step: number, byteLength: number): Address {
    const slotBytes = bytesOfClass[sizeClass]!;
    const reused = this.takeFreed(sizeClass, step);
    if (reused !== 0) return reused;
    // A loop, because a function that calls itself would be inlined into itself, and not what is hot: perl took 18 ns instead of 11.
    while (
      alignUp(this.cursor, step) + slotBytes > this.limitAddress &&
      !this.forward(slotBytes, step, byteLength)
    ) {
      const freed = this.takeFreed(sizeClass, step);
      if (freed !== 0) return freed;
    }
    const address = alignUp(this.cursor, step);
    this.cutIntoSlots(this.cursor, address);
    this.planes.cells[address >>> GRANULE_SHIFT] = this.tag | sizeClass;
    this.cursor = address + slotBytes;
    return address;
  }

  private takeFreed(sizeClass: number, step: number): Address {
    return step === DEFAULT_ALIGNMENT
      ? takeSlot(this, sizeClass)
      : takeAlignedSlot(this, sizeClass, step);
  }

  /**
   * Goes on in a new process chunk, which is at least long enough for one slot at a multiple of `step`; false when room was
   * made instead.
   */
  private forward(slotBytes: number, step: number, requestedBytes: number): boolean {
    if (this.usedBytes >= LEAST_SWEPT_BYTES) releaseEmptyChunks(this);
    const neededBytes = slotBytes + (step > HEADER_BYTES ? step : 0);
    const { currentChunk, cursor, limitAddress } = this;
    if (takeNextChunk(this, CELLS_FLAG, neededBytes)) {
      if (cursor !== limitAddress) {
        this.cutIntoSlots(cursor, limitAddress);
        setHighWater(this.planes, currentChunk, limitAddress);
      }
      return true;
    }
    const base = appendChunk(this, neededBytes, requestedBytes);
    if (base === 0) return false;
    if (this.currentChunk !== 0) {
      this.cutIntoSlots(this.cursor, this.limitAddress);
      this.cursor = this.limitAddress;
    }
    moveToChunk(this, base);
    return true;
  }

  /** Turns [start, end) of the current chunk, less than the largest class, into freed slots. */
  private cutIntoSlots(start: Address, end: Address): void {
    let address = start;
    while (address < end) {
      const rest = end - address;
      const fitting = classOf[Math.min(rest, LARGEST_SLOT) >>> 4]!;
      const sizeClass = bytesOfClass[fitting]! > rest ? fitting - 1 : fitting;
      pushSlot(this, address >>> GRANULE_SHIFT, sizeClass);
      address += bytesOfClass[sizeClass]!;
    }
  }

  /**
   * An object with a process chunk to itself: it neither ends the current chunk nor changes the doubling. @internal
   * @param roomyBytes - room to reserve for an object that grows, if memory and limits allow; at least `byteLength`. 0 for one that does not
   * grow
   */
  allocBig(byteLength: number, step: number, roomyBytes: number = 0): Address {
    const alignBytes = step > HEADER_BYTES ? step : 0;
    let base = 0;
    while (base === 0)
      base = appendDedicated(
        this,
        byteLength + alignBytes,
        Math.max(roomyBytes, byteLength) + alignBytes,
        byteLength,
        roomyBytes > 0,
      );
    const address = alignUp(base + HEADER_BYTES, step);
    const { cells, pages } = this.planes;
    pages[recordAt(base) | ASKED_WORD] = byteLength;
    setHighWater(this.planes, base, base + chunkBytes(this.planes, base));
    cells[address >>> GRANULE_SHIFT] = this.tag | DEDICATED_CODE;
    this.forgetFreedBig(address);
    return address;
  }

  /** Whether the slot was the newest one of the current chunk, and has grown into the free bytes behind it. @internal */
  extendNewest(address: Address, oldBytes: number, newBytes: number): boolean {
    if (address + oldBytes !== this.cursor) return false;
    if (address + newBytes > this.limitAddress) return false;
    // Not from `address`: a caller may hold it as a double, and one in `cursor` would slow every context down.
    this.cursor += newBytes - oldBytes;
    return true;
  }
}
