/**
 * The slab kind: objects of one length, freed one by one. Slots lie one behind the other without rounding to a size class,
 * and any freed slot serves any allocation, so a slab does not fragment.
 *
 * It cannot hold anything longer than its slots.
 */
import { type Address, GRANULE_BYTES } from "@perfloc/arena";
import { GRANULE_SHIFT } from "@perfloc/arena/internal";
import {
  InvalidAlignmentError,
  MIN_ALIGNMENT,
  checkAlignment,
  checkByteLength,
} from "../allocation-request.js";
import { appendChunk, moveToChunk } from "../chunks/chunk-chain.js";
import type { ResolvedContextOptions } from "../context-options.js";
import { WrongKindError } from "../errors.js";
import type { ContextNode, HeapState } from "../tables/context-node.js";
import { GUARDED, LINK_MASK } from "./cells.js";
import { releaseEmptyChunks } from "./empty-chunks.js";
import { takeSlot } from "./free-lists.js";
import { SlotContext } from "./slot-context.js";

/** The one class that a slab has; its length is the slab's. */
const SLOT_CLASS = 0;

/** The module's own copies: V8 folds them into the hot path, while an imported binding is a load from memory each time. */
const DEFAULT_ALIGNMENT = MIN_ALIGNMENT;
const LINK = LINK_MASK;

export class SlabContext extends SlotContext {
  /** Length of every slot in bytes, a multiple of 16. */
  readonly slotBytes: number;
  /** How many of them are the program's: all, unless there are guards. */
  protected usableBytes: number;

  constructor(
    state: HeapState,
    parent: ContextNode | undefined,
    name: string,
    options: ResolvedContextOptions,
  ) {
    super(state, parent, name, options);
    this.slotBytes = options.slotBytes;
    this.usableBytes = options.slotBytes;
  }

  /** Hot path: pop a freed slot, or cut from the current chunk. Nothing may be added here. */
  override alloc(byteLength: number, alignment: number = DEFAULT_ALIGNMENT): Address {
    if (
      typeof byteLength === "number" &&
      (byteLength | 0) === byteLength &&
      byteLength >>> 0 <= this.slotBytes &&
      alignment === DEFAULT_ALIGNMENT
    ) {
      const { cells } = this.planes;
      if (this.freeMask !== 0) {
        const { heads } = this;
        const granule = heads[SLOT_CLASS]!;
        const cell = cells[granule]!;
        if (cell < 0) {
          const next = cell & LINK;
          cells[granule] = this.tag | SLOT_CLASS;
          heads[SLOT_CLASS] = next;
          if (next === 0) this.freeMask = 0;
          return (granule << 4) >>> 0;
        }
      } else {
        const address = this.cursor;
        const next = address + this.slotBytes;
        if (next <= this.limitAddress) {
          this.cursor = next;
          cells[address >>> 4] = this.tag | SLOT_CLASS;
          return address >>> 0;
        }
      }
    }
    return this.allocSlow(byteLength, alignment) >>> 0;
  }

  override realloc(address: Address, byteLength: number, alignment: number = 0): Address {
    checkByteLength(byteLength);
    if (alignment !== 0) checkAlignment(alignment);
    const cell = this.liveCellAt(address);
    // A freed object is a mistake before a length that does not fit is.
    if ((cell & GUARDED) !== 0) this.guards?.checkReallocated(address);
    this.checkFits(byteLength);
    if (alignment > DEFAULT_ALIGNMENT)
      throw new InvalidAlignmentError(alignment, DEFAULT_ALIGNMENT);
    return (cell & GUARDED) === 0 ? address : this.reallocGuarded(address, byteLength, alignment);
  }

  override classBytes(sizeClass: number): number {
    return sizeClass === SLOT_CLASS ? this.slotBytes : 0;
  }

  /** Bad arguments, an alignment, a full chunk. */
  private allocSlow(byteLength: number, alignment: number): Address {
    this.checkRequest(byteLength, alignment);
    const reused = takeSlot(this, SLOT_CLASS);
    if (reused !== 0) return reused;
    if (this.cursor + this.slotBytes > this.limitAddress) {
      if (this.currentChunk !== 0) releaseEmptyChunks(this);
      const base = appendChunk(this, this.slotBytes, byteLength);
      if (base === 0) return this.allocSlow(byteLength, alignment);
      moveToChunk(this, base);
    }
    const address = this.cursor;
    this.planes.cells[address >>> GRANULE_SHIFT] = this.tag | SLOT_CLASS;
    this.cursor = address + this.slotBytes;
    return address;
  }

  /** @throws InvalidSizeError, InvalidAlignmentError, UseAfterDropError, WrongKindError @internal */
  checkRequest(byteLength: number, alignment: number): void {
    checkByteLength(byteLength);
    checkAlignment(alignment);
    this.checkAlive("allocate in");
    this.checkFits(byteLength);
    if (alignment > GRANULE_BYTES) throw new InvalidAlignmentError(alignment, GRANULE_BYTES);
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
