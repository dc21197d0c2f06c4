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
import { MIN_ALIGNMENT, alignUp, checkAlignment, checkByteLength } from "./allocation-request.js";
import { copyBytes, copyWords } from "./copy-bytes.js";
import { ALIGNED_BELOW_2_GIB, FreeListContext } from "./free-list-context.js";
import { DEDICATED_CLASS, FREED, LIVE } from "./marks.js";
import { HEADER_BYTES, type ProcessChunk } from "./process-chunk.js";
import { reportLostMark } from "./slot-walk.js";
import { CLASS_BYTES, CLASS_OF, LAST_MASKED_CLASS, MAX_SMALL_BYTES } from "./size-classes.js";

/*
 * The module's own copies of imported constants: V8 folds these into the code of the hot paths, while an imported binding is
 * a load from memory each time.
 */
const DEFAULT_ALIGNMENT = MIN_ALIGNMENT;
const ALIGNED = ALIGNED_BELOW_2_GIB;
const LIVE_MARK = LIVE;
const FREED_MARK = FREED;
const BIG_CLASS = DEDICATED_CLASS;
const MASKED_CLASSES = LAST_MASKED_CLASS;
const LARGEST_SLOT = MAX_SMALL_BYTES;
const LARGEST_HOT = CLASS_BYTES[LAST_MASKED_CLASS]!;
const classOf = CLASS_OF;
const bytesOfClass = CLASS_BYTES;

export class AllocsetContext extends FreeListContext {
  /**
   * Hot path: reuse a freed slot, or cut one from the current chunk. Nothing may be added here. Each way out is `>>> 0`, so
   * that V8 keeps the answer in a register of integers wherever it comes from.
   */
  override alloc(byteLength: number, alignment: number = DEFAULT_ALIGNMENT): Address {
    if (
      typeof byteLength === "number" &&
      (byteLength | 0) === byteLength &&
      byteLength >>> 0 <= LARGEST_HOT &&
      alignment === DEFAULT_ALIGNMENT
    ) {
      const sizeClass = classOf[(byteLength + 7) >>> 3]!;
      if ((this.freeMask & (1 << sizeClass)) !== 0) return this.popSlot(sizeClass) >>> 0;
      const address = this.cursor;
      const next = address + bytesOfClass[sizeClass]!;
      if (next <= this.limitAddress) {
        this.cursor = next;
        this.currentMarks[(address - this.currentTopBase) >>> 3] = LIVE_MARK | sizeClass;
        return address >>> 0;
      }
    }
    return this.#allocLarger(byteLength, alignment) >>> 0;
  }

  /** Hot path: a slot below 2^31 in a chunk without sealed objects, to a length that fits a slot. */
  override realloc(address: Address, byteLength: number): Address {
    if (
      typeof address === "number" &&
      (address & ALIGNED) === address &&
      typeof byteLength === "number" &&
      (byteLength | 0) === byteLength &&
      byteLength >>> 0 <= LARGEST_SLOT
    ) {
      const chunk = this.pages[address >>> 12];
      if (chunk !== undefined && chunk.freesFor === this) {
        const oldClass = chunk.marks[(address - chunk.topBase) >>> 3]! - LIVE_MARK;
        if (oldClass > 0 && oldClass < BIG_CLASS)
          return this.#resizeSlot(chunk, address, oldClass, byteLength) >>> 0;
      }
    }
    return this.#reallocSlowly(address, byteLength);
  }

  override classBytes(sizeClass: number): number {
    return bytesOfClass[sizeClass] ?? 0;
  }

  /** The same for the larger classes, whose lists are not in the mask; everything else goes on. */
  #allocLarger(byteLength: number, alignment: number): Address {
    const isLarger =
      Number.isInteger(byteLength) && byteLength > LARGEST_HOT && byteLength <= LARGEST_SLOT;
    if (isLarger && alignment === DEFAULT_ALIGNMENT) {
      const sizeClass = classOf[(byteLength + 7) >>> 3]!;
      const reused = this.takeSlot(sizeClass);
      if (reused !== 0) return reused;
      const address = this.cursor;
      const next = address + bytesOfClass[sizeClass]!;
      if (next <= this.limitAddress) {
        this.cursor = next;
        this.markInCurrent(address, sizeClass);
        return address;
      }
    }
    return this.#allocSlowly(byteLength, alignment);
  }

  /** Bad arguments, alignments, big objects, a full chunk. */
  #allocSlowly(byteLength: number, alignment: number): Address {
    checkByteLength(byteLength);
    checkAlignment(alignment);
    this.checkAlive("allocate in");
    const step = alignment > DEFAULT_ALIGNMENT ? alignment : DEFAULT_ALIGNMENT;
    if (byteLength > LARGEST_SLOT) return this.#allocBig(byteLength, step);
    const sizeClass = classOf[(byteLength + 7) >>> 3]!;
    const reused =
      step === DEFAULT_ALIGNMENT ? this.takeSlot(sizeClass) : this.takeAlignedSlot(sizeClass, step);
    if (reused !== 0) return reused;
    const slotBytes = bytesOfClass[sizeClass]!;
    // A loop, because a function that calls itself would be inlined into itself, and not what is hot: perl took 18 ns instead of 11.
    while (
      alignUp(this.cursor, step) + slotBytes > this.limitAddress &&
      !this.#forward(slotBytes, step, byteLength)
    ) {
      const freed =
        step === DEFAULT_ALIGNMENT
          ? this.takeSlot(sizeClass)
          : this.takeAlignedSlot(sizeClass, step);
      if (freed !== 0) return freed;
    }
    const address = alignUp(this.cursor, step);
    this.#cutIntoSlots(this.cursor, address);
    this.cursor = address + slotBytes;
    this.markInCurrent(address, sizeClass);
    return address;
  }

  /**
   * Goes on in a new process chunk, which is at least long enough for one slot at a multiple of `step`; false when the quarantine
   * gave freed slots back instead.
   */
  #forward(slotBytes: number, step: number, requestedBytes: number): boolean {
    const chunk = this.chain.append(slotBytes + (step > HEADER_BYTES ? step : 0), requestedBytes);
    if (chunk === undefined) return false;
    if (this.current !== undefined) {
      this.#cutIntoSlots(this.cursor, this.limitAddress);
      this.cursor = this.limitAddress;
    }
    this.moveTo(chunk);
    return true;
  }

  /** Turns [start, end) of the current chunk, less than the largest class, into freed slots. */
  #cutIntoSlots(start: Address, end: Address): void {
    let address = start;
    while (address < end) {
      const rest = end - address;
      const fitting = classOf[Math.min(rest, LARGEST_SLOT) >>> 3]!;
      const sizeClass = bytesOfClass[fitting]! > rest ? fitting - 1 : fitting;
      this.pushSlot(this.current!, address, sizeClass);
      address += bytesOfClass[sizeClass]!;
    }
  }

  /** An object with a process chunk to itself: it ends neither the current chunk nor changes the doubling. */
  #allocBig(byteLength: number, step: number): Address {
    const chunk = this.chain.appendDedicated(
      byteLength + (step > HEADER_BYTES ? step : 0),
      byteLength,
    );
    if (chunk === undefined) return this.#allocBig(byteLength, step);
    const address = alignUp(chunk.firstObject, step);
    chunk.highWater = chunk.end;
    chunk.marks[(address - chunk.topBase) >>> 3] = LIVE_MARK | BIG_CLASS;
    this.freedBig.delete(address);
    return address;
  }

  /** Gives the object in a slot another length: where it lies if it can, and keeping up to twice what it needs. */
  #resizeSlot(
    chunk: ProcessChunk,
    address: Address,
    oldClass: number,
    byteLength: number,
  ): Address {
    const newClass = classOf[(byteLength + 7) >>> 3]!;
    const oldBytes = bytesOfClass[oldClass]!;
    const newBytes = bytesOfClass[newClass]!;
    if (newBytes <= oldBytes) {
      if (staysInSlot(newBytes, oldBytes)) return address;
    } else if (
      // A freed slot first: a program that grows one buffer after the other would else cut new memory for each.
      this.headOf(newClass) === 0 &&
      this.#extendNewest(address, oldBytes, newBytes)
    ) {
      this.markInCurrent(address, newClass);
      return address;
    }
    const target = this.alloc(byteLength);
    if (oldBytes < newBytes)
      copyWords(chunk, address, this.pages[target >>> 12]!, target, oldBytes);
    // To the byte: a canary may lie behind it.
    else copyBytes(this.state.arena, address, target, byteLength);
    this.pushSlot(chunk, address, oldClass);
    return target;
  }

  /** Whether the slot was the newest one of the current chunk, and has grown into the free bytes behind it. */
  #extendNewest(address: Address, oldBytes: number, newBytes: number): boolean {
    if (address + oldBytes !== this.cursor) return false;
    if (address + newBytes > this.limitAddress) return false;
    // Not from `address`: a caller may hold it as a double, and one in `cursor` would slow every context down.
    this.cursor += newBytes - oldBytes;
    return true;
  }

  /** Bad arguments, mistakes, guarded objects, big ones, sealed ones. */
  #reallocSlowly(address: Address, byteLength: number): Address {
    checkByteLength(byteLength);
    const chunk = this.objectChunkAt(address);
    const oldClass = this.liveClassAt(address, chunk);
    if (this.hasGuardMark(chunk, address)) return this.reallocGuarded(address, byteLength);
    const isSealed = this.isSealed(chunk, address);
    const oldBytes = this.bytesOf(chunk, address, oldClass);
    if (byteLength > LARGEST_SLOT) {
      if (oldClass === BIG_CLASS && this.#resizeBig(chunk, address, isSealed, byteLength))
        return address;
    } else if (isSealed) {
      if (staysInSlot(bytesOfClass[classOf[(byteLength + 7) >>> 3]!]!, oldBytes)) return address;
    } else if (oldClass !== BIG_CLASS)
      return this.#resizeSlot(chunk, address, oldClass, byteLength);
    const target = this.alloc(byteLength);
    copyBytes(this.state.arena, address, target, Math.min(oldBytes, byteLength));
    this.free(address);
    return target;
  }

  /** Reallocates an object that guards look after. @throws CorruptionError where none is */
  protected reallocGuarded(address: Address, _byteLength: number): Address {
    return reportLostMark(this, address);
  }

  /** Whether a big object could stay where it is: its chunk gives its end back, or takes the pages behind it. */
  #resizeBig(
    chunk: ProcessChunk,
    address: Address,
    isSealed: boolean,
    byteLength: number,
  ): boolean {
    if (isSealed) return byteLength <= chunk.end - address;
    if (!this.chain.resizeDedicated(chunk, address - chunk.base + byteLength)) return false;
    chunk.highWater = chunk.end;
    return true;
  }
}

/** Whether an object that shrinks keeps its slot: it may have up to twice what it needs. */
function staysInSlot(newBytes: number, oldBytes: number): boolean {
  return newBytes <= oldBytes && newBytes * 2 >= oldBytes;
}

/** An allocset without the checks of frees: what is not a live object's address does damage that is found late or never. */
export class UncheckedAllocsetContext extends AllocsetContext {
  /** Hot path: a small object. Nothing may be added here. */
  override free(address: Address): void {
    const chunk = this.pages[address >>> 12];
    if (chunk !== undefined && chunk.freesFor === this) {
      const position = address - chunk.topBase;
      const granule = position >>> 3;
      const { marks } = chunk;
      const sizeClass = marks[granule]! - LIVE_MARK;
      if (sizeClass <= MASKED_CLASSES) {
        const { heads } = this.lists;
        const bit = 1 << sizeClass;
        const mask = this.freeMask;
        marks[granule] = FREED_MARK | sizeClass;
        chunk.words[position >>> 2] = (mask & bit) === 0 ? 0 : heads[sizeClass]!;
        heads[sizeClass] = address;
        this.freeMask = mask | bit;
        return;
      }
    }
    super.free(address);
  }
}
