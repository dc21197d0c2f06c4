/**
 * The general kind: objects of any size, freed and reallocated one by one if need be.
 *
 *   alloc ──► free list of the size class ──► pop                         hot
 *        └──► [cursor, limitAddress)      ──► cut                         hot
 *        └──► larger chunk (forward), own chunk (big), alignment, errors  cold, below
 *
 * Objects have no header and are never moved or merged: a slot keeps its class until the context is reset. When a chunk is
 * left for a larger one, the rest of it is cut into freed slots, so that nothing is lost.
 */
import type { Address } from "@perfloc/arena";
import { MIN_ALIGNMENT, alignUp, checkAlignment, checkByteLength } from "./allocation-request.js";
import type { ResolvedContextOptions } from "./context-options.js";
import { copyBytes } from "./copy-bytes.js";
import { FreeListContext } from "./free-list-context.js";
import type { HeapState } from "./heap-state.js";
import { DEDICATED_CLASS, FREED, LIVE } from "./marks.js";
import type { MemoryContext } from "./memory-context.js";
import { HEADER_BYTES, type ProcessChunk } from "./process-chunk.js";
import { CLASS_BYTES, CLASS_OF, MAX_SMALL_BYTES } from "./size-classes.js";

export class AllocsetContext extends FreeListContext {
  constructor(
    state: HeapState,
    parent: MemoryContext | undefined,
    name: string,
    options: ResolvedContextOptions,
  ) {
    super(state, parent, name, options);
  }

  /** Hot path: pop a freed slot of the focused chunk, or cut from the current one. Nothing may be added here. */
  override alloc(byteLength: number, alignment: number = MIN_ALIGNMENT): Address {
    if (
      (byteLength | 0) === byteLength &&
      byteLength >>> 0 <= MAX_SMALL_BYTES &&
      alignment === MIN_ALIGNMENT
    ) {
      const sizeClass = CLASS_OF[(byteLength + 7) >>> 3]!;
      const { heads } = this;
      const freed = heads[sizeClass]!;
      if (freed !== 0) {
        if ((freed - this.focusStart) >>> 0 >= this.focusBytes) return this.popElsewhere(sizeClass);
        const position = freed - this.focusTopBase;
        heads[sizeClass] = this.focusWords[position >>> 2]!;
        this.focusMarks[position >>> 3] = LIVE | sizeClass;
        return freed >>> 0;
      }
      const address = this.cursor;
      const next = address + CLASS_BYTES[sizeClass]!;
      if (next <= this.limitAddress) {
        this.cursor = next;
        this.currentMarks[(address - this.currentTopBase) >>> 3] = LIVE | sizeClass;
        return address;
      }
    }
    return this.#allocSlowly(byteLength, alignment);
  }

  override realloc(address: Address, byteLength: number): Address {
    checkByteLength(byteLength);
    const chunk = this.ownChunkAt(address);
    const oldBytes = this.sizeInChunk(address, chunk);
    if (chunk.isDedicated) {
      if (this.#resizeBig(chunk, address, oldBytes, byteLength)) return address;
    } else if (this.#resizeSmall(chunk, address, oldBytes, byteLength)) return address;
    return this.#move(address, Math.min(oldBytes, byteLength), byteLength);
  }

  protected override classBytes(sizeClass: number): number {
    return CLASS_BYTES[sizeClass] ?? 0;
  }

  /** Bad arguments, alignments, big objects, a full chunk. */
  #allocSlowly(byteLength: number, alignment: number): Address {
    checkByteLength(byteLength);
    checkAlignment(alignment);
    this.checkAlive("allocate in");
    const step = Math.max(alignment, MIN_ALIGNMENT);
    if (byteLength > MAX_SMALL_BYTES) return this.#allocBig(byteLength, step);
    const sizeClass = CLASS_OF[(byteLength + 7) >>> 3]!;
    const freed = this.heads[sizeClass]! >>> 0;
    if (freed !== 0 && freed % step === 0) return this.popElsewhere(sizeClass);
    const slotBytes = CLASS_BYTES[sizeClass]!;
    if (alignUp(this.cursor, step) + slotBytes > this.limitAddress) this.#forward(slotBytes, step);
    const address = alignUp(this.cursor, step);
    this.#cutIntoSlots(this.cursor, address);
    this.cursor = address + slotBytes;
    this.markInCurrent(address, sizeClass);
    return address;
  }

  /** Goes on in a new process chunk, which is at least long enough for one slot at a multiple of `step`. */
  #forward(slotBytes: number, step: number): void {
    const chunk = this.chain.append(slotBytes + (step > HEADER_BYTES ? step : 0));
    if (this.current !== undefined) {
      this.#cutIntoSlots(this.cursor, this.limitAddress);
      this.cursor = this.limitAddress;
    }
    this.moveTo(chunk);
  }

  /** Turns [start, end) of the current chunk, less than the largest class, into freed slots. */
  #cutIntoSlots(start: Address, end: Address): void {
    let address = start;
    while (address < end) {
      const rest = end - address;
      const fitting = CLASS_OF[Math.min(rest, MAX_SMALL_BYTES) >>> 3]!;
      const sizeClass = CLASS_BYTES[fitting]! > rest ? fitting - 1 : fitting;
      this.pushSlot(address, sizeClass);
      address += CLASS_BYTES[sizeClass]!;
    }
  }

  /** An object with a process chunk to itself: it ends neither the current chunk nor changes the doubling. */
  #allocBig(byteLength: number, step: number): Address {
    const chunk = this.chain.appendDedicated(byteLength + (step > HEADER_BYTES ? step : 0));
    const address = alignUp(chunk.firstObject, step);
    chunk.highWater = chunk.end;
    chunk.top.marks[(address - chunk.top.base) >>> 3] = LIVE | DEDICATED_CLASS;
    return address;
  }

  /** Whether a small object could stay where it is. It may keep up to twice what it needs. */
  #resizeSmall(chunk: ProcessChunk, address: Address, oldBytes: number, byteLength: number): boolean {
    if (byteLength > MAX_SMALL_BYTES) return false;
    const sizeClass = CLASS_OF[(byteLength + 7) >>> 3]!;
    const newBytes = CLASS_BYTES[sizeClass]!;
    if (newBytes <= oldBytes) return newBytes * 2 >= oldBytes;
    if (address + oldBytes !== this.cursor || chunk !== this.current) return false;
    if (address + newBytes > this.limitAddress) return false;
    this.cursor = address + newBytes;
    this.markInCurrent(address, sizeClass);
    return true;
  }

  /** Whether a big object could stay where it is: its chunk gives its end back, or takes the pages behind it. */
  #resizeBig(chunk: ProcessChunk, address: Address, oldBytes: number, byteLength: number): boolean {
    if (byteLength <= MAX_SMALL_BYTES) return false;
    if (this.isSealed(chunk)) return byteLength <= oldBytes;
    if (!this.chain.resizeDedicated(chunk, address - chunk.base + byteLength)) return false;
    chunk.highWater = chunk.end;
    this.loseFocusOn(chunk);
    return true;
  }

  #move(address: Address, keptBytes: number, byteLength: number): Address {
    const target = this.alloc(byteLength);
    copyBytes(this.state.arena, address, target, keptBytes);
    this.free(address);
    return target;
  }
}

/** An allocset without the checks of frees: what is not a live object's address does damage that is found late or never. */
export class UncheckedAllocsetContext extends AllocsetContext {
  /** Hot path: a small object in the focused chunk. Nothing may be added here. */
  override free(address: Address): void {
    if ((address - this.focusStart) >>> 0 < this.focusBytes) {
      const position = address - this.focusTopBase;
      const sizeClass = this.focusMarks[position >>> 3]! - LIVE;
      if (sizeClass < DEDICATED_CLASS) {
        const { heads } = this;
        this.focusMarks[position >>> 3] = FREED | sizeClass;
        this.focusWords[position >>> 2] = heads[sizeClass]!;
        heads[sizeClass] = address;
        return;
      }
    }
    super.free(address);
  }
}
