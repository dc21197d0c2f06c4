/**
 * The slab kind: objects of one length, freed one by one. Slots lie one behind the other without rounding to a size class,
 * and any freed slot serves any allocation, so a slab does not fragment.
 *
 * It cannot hold anything longer than its slots.
 */
import type { Address } from "@perfloc/arena";
import {
  InvalidAlignmentError,
  MIN_ALIGNMENT,
  checkAlignment,
  checkByteLength,
} from "./allocation-request.js";
import type { ResolvedContextOptions } from "./context-options.js";
import { WrongKindError } from "./errors.js";
import { FreeListContext } from "./free-list-context.js";
import type { HeapState } from "./heap-state.js";
import { LIVE } from "./marks.js";
import type { MemoryContext } from "./memory-context.js";
import { HEADER_BYTES } from "./process-chunk.js";

/** The one class that a slab has; its length is the slab's. */
const SLOT_CLASS = 1;

/** The module's own copies: V8 folds them into the hot path, while an imported binding is a load from memory each time. */
const DEFAULT_ALIGNMENT = MIN_ALIGNMENT;
const LIVE_MARK = LIVE;

export class SlabContext extends FreeListContext {
  /** Length of every slot in bytes, a multiple of 8. */
  readonly slotBytes: number;
  /** How many of them are the program's: all, unless there are guards. */
  protected usableBytes: number;

  constructor(
    state: HeapState,
    parent: MemoryContext | undefined,
    name: string,
    options: ResolvedContextOptions,
  ) {
    super(state, parent, name, options);
    this.slotBytes = options.slotBytes;
    this.usableBytes = options.slotBytes;
  }

  /** Hot path: pop a freed slot, or cut from the current one. Nothing may be added here. */
  override alloc(byteLength: number, alignment: number = DEFAULT_ALIGNMENT): Address {
    if (
      typeof byteLength === "number" &&
      (byteLength | 0) === byteLength &&
      byteLength >>> 0 <= this.slotBytes &&
      alignment === DEFAULT_ALIGNMENT
    ) {
      if (this.freeMask !== 0) return this.popSlot(SLOT_CLASS) >>> 0;
      const address = this.cursor;
      const next = address + this.slotBytes;
      if (next <= this.limitAddress) {
        this.cursor = next;
        this.currentMarks[(address - this.currentTopBase) >>> 3] = LIVE_MARK | SLOT_CLASS;
        return address >>> 0;
      }
    }
    return this.#allocSlowly(byteLength, alignment) >>> 0;
  }

  override realloc(address: Address, byteLength: number): Address {
    checkByteLength(byteLength);
    this.sizeOf(address);
    this.checkFits(byteLength);
    return address;
  }

  override classBytes(sizeClass: number): number {
    return sizeClass === SLOT_CLASS ? this.slotBytes : 0;
  }

  /** Bad arguments, an alignment, a full chunk. */
  #allocSlowly(byteLength: number, alignment: number): Address {
    this.checkRequest(byteLength, alignment);
    if (this.freeMask !== 0) return this.popSlot(SLOT_CLASS);
    if (this.cursor + this.slotBytes > this.limitAddress) {
      const chunk = this.chain.append(this.slotBytes, byteLength);
      if (chunk === undefined) return this.#allocSlowly(byteLength, alignment);
      this.moveTo(chunk);
    }
    const address = this.cursor;
    this.cursor = address + this.slotBytes;
    this.markInCurrent(address, SLOT_CLASS);
    return address;
  }

  /** @throws InvalidSizeError, InvalidAlignmentError, UseAfterDropError, WrongKindError */
  protected checkRequest(byteLength: number, alignment: number): void {
    checkByteLength(byteLength);
    checkAlignment(alignment);
    this.checkAlive("allocate in");
    this.checkFits(byteLength);
    // What every slot is aligned to: chunks begin page-aligned, with a header of 16 bytes.
    const slotAlignment = this.usableBytes % HEADER_BYTES === 0 ? HEADER_BYTES : MIN_ALIGNMENT;
    if (alignment > slotAlignment) throw new InvalidAlignmentError(alignment, slotAlignment);
  }

  protected checkFits(byteLength: number): void {
    if (byteLength <= this.usableBytes) return;
    const error = new WrongKindError(
      this.name,
      this.kind,
      `hold ${byteLength} bytes: its slots have ${this.usableBytes}`,
      "Open the slab with larger slotBytes, or use an allocset.",
    );
    throw this.misused(error);
  }
}
