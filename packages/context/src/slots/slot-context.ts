/**
 * What allocset and slab share: cells, free lists, free.
 *
 *   free(address) ──► cell ^ tag is a size class ──► the cell becomes the head of the list        hot: one load tells everything
 *                └──► larger class, big, guarded, older than a checkpoint, a mistake               cold, below
 *
 * While a checkpoint lives, what is older has another tag: frees there are only noted, so that a rollback can take them back.
 */
import type { Address } from "@perfloc/arena";
import { CELLS_FLAG, GRANULE_SHIFT, isAddress, requireStack } from "@perfloc/arena/internal";
import {
  HEADER_BYTES,
  chunkAround,
  chunkBytes,
  chunksOf,
  highWaterOf,
  ownerIdAt,
} from "../chunks/chunk-header.js";
import { moveToChunk, removeChunk } from "../chunks/chunk-chain.js";
import { DoubleFreeError } from "../errors.js";
import { MemoryContext } from "../memory-context.js";
import type { ContextFigures } from "../report/context-figures.js";
import type { ContextMark } from "../scopes/context-mark.js";
import { endWatch, reallocWatched, watchObject } from "../scopes/watched-objects.js";
import { type ContextNode, type WatchedObject, ownExtras } from "../tables/context-node.js";
import { CODE_MASK, DEDICATED_CODE, FREED, GUARDED, NO_TAG, TAG_MASK } from "./cells.js";
import { releaseEmptyChunksNow } from "./empty-chunks.js";
import { emptyLists, isListed, pushSlot, reportCorruption } from "./free-lists.js";
import { CLASS_COUNT, LAST_MASKED_CLASS } from "./size-classes.js";
import { forgetSlotMark, makeSlotMark, restoreSlotMark } from "./slot-checkpoints.js";
import {
  depthOfCell,
  liveCode,
  reportLostCell,
  verifyNoCellsInside,
  walkSlots,
} from "./slot-walk.js";

/** How many freed big objects a context remembers; beyond, all are forgotten. 1024 addresses are about 40 KiB. */
const MAX_FREED_BIG = 1024;

/** Leaves a number as it is just when it is an integer from 0 to 2^31 - 16 and a multiple of 16: three tests in one. */
export const ALIGNED_BELOW_2_GIB = 0x7fff_fff0;

/*
 * The module's own copies of imported constants: V8 folds these into the code of the hot paths, while an imported binding is
 * a load from memory each time.
 */
const ALIGNED = ALIGNED_BELOW_2_GIB;
const FREED_BIT = FREED;
const MASKED_CLASSES = LAST_MASKED_CLASS;

export abstract class SlotContext extends MemoryContext {
  /** Length of the slots of a class; 0 for what is none. */
  abstract classBytes(sizeClass: number): number;

  override get ownerFlags(): number {
    return CELLS_FLAG;
  }

  /** Hot path: a live object of the masked classes, below 2^31. Nothing may be added here. */
  override free(address: Address): void {
    if (typeof address === "number" && (address & ALIGNED) === address) {
      const { cells } = this.planes;
      const granule = address >>> 4;
      const sizeClass = cells[granule]! ^ this.tag;
      if (sizeClass >>> 0 <= MASKED_CLASSES) {
        const { heads } = this;
        const mask = this.freeMask;
        const bit = 1 << sizeClass;
        cells[granule] = FREED_BIT | ((mask & bit) === 0 ? 0 : heads[sizeClass]!);
        heads[sizeClass] = granule;
        this.freeMask = mask | bit;
        return;
      }
    }
    this.freeSlow(address);
  }

  override sizeOf(address: Address): number {
    const guarded = this.guards?.sizeOf(address) ?? -1;
    if (guarded >= 0) return guarded;
    return this.bytesOf(address, this.liveCellAt(address) & CODE_MASK);
  }

  /** Length of a live object whose code is known. @internal */
  bytesOf(address: Address, code: number): number {
    if (code !== DEDICATED_CODE) return this.classBytes(code);
    const base = chunkAround(this.planes, address);
    return base + chunkBytes(this.planes, base) - address;
  }

  /** The cell of the live object at an address. @throws DoubleFreeError, InvalidAddressError when none is there @internal */
  liveCellAt(address: Address): number {
    this.checkAlive("use an address of");
    const cell = this.cellAt(address);
    if (liveCode(this, cell) >= 0) return cell;
    throw this.notLive(address, cell);
  }

  /** Whether the object of a cell is older than a live checkpoint. @internal */
  isSealed(cell: number): boolean {
    return (cell & TAG_MASK) !== this.tag;
  }

  /** Whether a checkpoint is younger than the live object at `address`. @internal */
  isSealedAt(address: Address): boolean {
    return this.isSealed(this.planes.cells[address >>> GRANULE_SHIFT]!);
  }

  /** The cell at an address; 0 for what is no address of an object. */
  private cellAt(address: Address): number {
    return isAddress(address) && address % 16 === 0
      ? (this.planes.cells[address >>> GRANULE_SHIFT] ?? 0)
      : 0;
  }

  /** A larger class, or an address from 2 GiB on; everything else goes on. */
  private freeSlow(address: Address): void {
    const code = this.cellAt(address) ^ this.tag;
    if (code >>> 0 < CLASS_COUNT) pushSlot(this, address >>> GRANULE_SHIFT, code);
    else this.freeOther(address);
  }

  /** A guarded object, a big one, one older than a checkpoint, or a mistake. */
  private freeOther(address: Address): void {
    const cell = this.liveCellAt(address);
    const granule = address >>> GRANULE_SHIFT;
    if ((cell & GUARDED) === 0) this.freePlain(granule, cell);
    else if (this.guards?.guardsObjectAt(address) === true) this.guards.free(address);
    else if (endWatch(this, address)) this.freePlain(granule, cell & ~GUARDED);
    else reportLostCell(this, address);
  }

  /** Frees a guarded object for good; one that is older than a checkpoint is noted there as guarded. @internal */
  plainFree(address: Address): void {
    const { cells } = this.planes;
    const granule = address >>> GRANULE_SHIFT;
    // The owner of the arena has disposed it: there is nothing to free. Not `?? 0`: near the end of the stack V8 11 read 0 for it where the
    // cell was another (test/regress/stack-that-ends-anywhere.test.ts).
    if (granule >= cells.length) return;
    const cell = cells[granule]!;
    if (cell !== 0) this.freePlain(granule, this.isSealed(cell) ? cell : cell & ~GUARDED);
  }

  /** Frees the object of a cell as if it had no guards. */
  private freePlain(granule: number, cell: number): void {
    const { cells } = this.planes;
    const code = cell & CODE_MASK;
    if (this.isSealed(cell)) {
      // The note first: if the stack overflows in this call, the object stays live.
      this.extras.marks.at(-1)!.deferred.set(granule, cell);
      cells[granule] = FREED_BIT;
    } else if (code === DEDICATED_CODE) {
      const address = (granule << GRANULE_SHIFT) >>> 0;
      requireStack();
      cells[granule] = 0;
      removeChunk(this, chunkAround(this.planes, address));
      this.noteFreedBig(address);
    } else {
      pushSlot(this, granule, code);
    }
  }

  /** @throws CorruptionError where no object is guarded */
  private guardsOf(address: Address): NonNullable<ContextNode["guards"]> {
    const { guards } = this;
    return guards?.guardsObjectAt(address) === true ? guards : reportLostCell(this, address);
  }

  /** Reallocates an object that guards look after, or that is watched. @internal */
  reallocGuarded(address: Address, byteLength: number, alignment: number): Address {
    if (this.guards?.guardsObjectAt(address) === true)
      return this.guards.realloc(address, byteLength, alignment);
    const realloc = (): Address => this.realloc(address, byteLength, alignment);
    return reallocWatched(this, address, realloc) ?? reportLostCell(this, address);
  }

  override watch(address: Address): WatchedObject | undefined {
    return watchObject(this, address);
  }

  override depthOf(address: Address): number {
    return depthOfCell(this, this.cellAt(address));
  }

  override setWatched(address: Address, isWatched: boolean): void {
    if (this.guards?.guardsObjectAt(address) !== true) this.setGuarded(address, isWatched);
  }

  /** Makes the cell of a live object guarded, or plain again. @internal */
  setGuarded(address: Address, isGuarded: boolean): void {
    const { cells } = this.planes;
    const granule = address >>> GRANULE_SHIFT;
    const cell = cells[granule]!;
    cells[granule] = isGuarded ? cell | GUARDED : cell & ~GUARDED;
  }

  private noteFreedBig(address: Address): void {
    const { freedBig } = ownExtras(this);
    if (freedBig.size >= MAX_FREED_BIG) freedBig.clear();
    freedBig.add(address);
  }

  /** A big object begins at an address: it is no freed one any more. */
  protected forgetFreedBig(address: Address): void {
    if (this.extras.freedBig.size > 0) this.extras.freedBig.delete(address);
  }

  /** What is wrong with an address where no object of this context lives. O(freed slots). */
  private notLive(address: Address, cell: number): Error {
    const { extras, planes } = this;
    const isOwn = ownerIdAt(planes, address) === this.id && this.id !== 0;
    const wasFreed = isOwn
      ? cell < 0 && this.wasFreed(address >>> GRANULE_SHIFT)
      : extras.freedBig.has(address) && ownerIdAt(planes, address) === 0;
    if (wasFreed) return this.misused(new DoubleFreeError(address, this.name));
    const base = this.ownChunkAt(address);
    return this.invalidAddress(
      address,
      address >= highWaterOf(this, base) || address < base + HEADER_BYTES
        ? "lies outside what was allocated in its process chunk"
        : "begins no object (it is inside one, or belonged to one that a reset or rollback ended)",
    );
  }

  private wasFreed(granule: number): boolean {
    return (
      isListed(this, granule) || this.extras.marks.some(({ deferred }) => deferred.has(granule))
    );
  }

  override releaseEmpty(): number {
    return releaseEmptyChunksNow(this);
  }

  override forgetObjects(): void {
    const { keeper } = this;
    if (this.extras.freedBig.size > 0) this.extras.freedBig.clear();
    if (keeper !== 0) {
      if (this.currentChunk !== keeper) moveToChunk(this, keeper);
      // Nothing was allocated: neither here nor, since the keeper was never left, anywhere else.
      else if (this.cursor === keeper + HEADER_BYTES) return;
      this.cursor = keeper + HEADER_BYTES;
    }
    emptyLists(this);
    this.renewTag();
  }

  /**
   * From now on the cells of all objects so far mean nothing. Where all other tags are in use, the sweep finds the old one free:
   * taking a tag in place of another cannot fail.
   */
  renewTag(): void {
    if (this.id === 0) return;
    this.tag = NO_TAG;
    this.tag = this.table.tags.take();
  }

  override makeMark(): ContextMark {
    return makeSlotMark(this);
  }

  override restoreMark(mark: ContextMark, undone: readonly ContextMark[]): void {
    restoreSlotMark(this, mark, undone);
  }

  override forgetMark(mark: ContextMark): void {
    forgetSlotMark(this, mark);
  }

  /** Frees the object of a cell that was only noted as freed: for good, or to be noted at an older checkpoint. @internal */
  freeDeferred(granule: number, cell: number): void {
    const address = (granule << GRANULE_SHIFT) >>> 0;
    if ((cell & GUARDED) === 0) this.freePlain(granule, cell);
    else this.guardsOf(address).free(address);
  }

  override figures(): ContextFigures {
    let liveBytes = 0;
    let liveObjects = 0;
    let freeObjects = 0;
    walkSlots(this, (_address, byteLength, isLive) => {
      if (!isLive) freeObjects++;
      else {
        liveObjects++;
        liveBytes += byteLength;
      }
    });
    const processChunks = chunksOf(this).length;
    const headerBytes = processChunks * HEADER_BYTES;
    const figures = {
      usedBytes: this.usedBytes,
      liveBytes,
      freeBytes: this.usedBytes - liveBytes - headerBytes,
      headerBytes,
      liveObjects,
      freeObjects,
      processChunks,
    };
    return this.guards === undefined ? figures : this.guards.figures(figures);
  }

  /**
   * Checks that slots tile each chunk up to its high-water mark, that no cell of a live object stands inside a slot, and that every freed
   * slot is on exactly one list: its class's, a checkpoint's, or a checkpoint's deferred frees.
   */
  override verifyObjects(): void {
    let freedSlots = 0;
    const listedSlots = walkSlots(this, (address, byteLength, isLive) => {
      if (!isLive) freedSlots++;
      verifyNoCellsInside(this, address, byteLength);
    });
    if (listedSlots !== freedSlots)
      reportCorruption(
        this,
        0,
        `${listedSlots} slots are on free lists, but ${freedSlots} are free`,
      );
    this.guards?.verify();
  }
}
