/**
 * What allocset and slab share: marks, free lists, free.
 *
 * A freed slot goes to the list of its class; the link to the next one lies in its first word:
 *
 *   lists.heads[class] ──► slot ──► slot ──► 0        (links are addresses, in the slots' own bytes)
 *
 * The way from an address to its mark and its bytes is one table look-up by page number: arena.pageOwners tells the
 * process chunk, the chunk knows its context and the arrays of its top chunk.
 *
 * While a mark of checkpoint() lives, what is older is sealed: frees there are only noted, so that a rollback can take them
 * back. A chunk with sealed objects has no `freesFor`, so the hot path leaves it to the slow one.
 */
import { type Address, PAGE_BYTES } from "@perfloc/arena";
import type { ContextFigures } from "./context-stats.js";
import { ContextMark } from "./context-mark.js";
import type { ResolvedContextOptions } from "./context-options.js";
import { DoubleFreeError } from "./errors.js";
import { lastOfList, lengthOfList, readLink, writeLink } from "./free-list-links.js";
import { FreeLists, type SavedLists, headIn, savedHead } from "./free-lists.js";
import type { HeapState } from "./heap-state.js";
import { CLASS_MASK, DEDICATED_CLASS, FREED, GUARDED, LIVE } from "./marks.js";
import { MemoryContext } from "./memory-context.js";
import { HEADER_BYTES, type ProcessChunk } from "./process-chunk.js";
import { CLASS_COUNT, LAST_MASKED_CLASS } from "./size-classes.js";
import { reportCorruption, reportLostMark, verifyNoMarksInside, walkSlots } from "./slot-walk.js";

/** Of a dropped context: all empty. Never written, since nothing can be freed or cut there. */
const NO_LISTS = new FreeLists();
/** Shared by contexts that never freed a big object. Never written. */
const NO_ADDRESSES = new Set<Address>();

/** How many freed big objects a context remembers; beyond, all are forgotten. 1024 addresses are about 40 KiB. */
const MAX_FREED_BIG = 1024;

/** Bits that no address of the fast path has: the sign bit, set from 2^31 on, and what 8-aligned addresses leave 0. */
const HIGH_OR_MISALIGNED = 0x80000007 | 0;

/** Leaves a number as it is just when it is an integer from 0 to 2^31 - 8 and a multiple of 8: three tests in one. */
export const ALIGNED_BELOW_2_GIB = 0x7ffffff8;

/** How many spare lists a heap keeps for contexts to come. */
const MAX_SPARE_LISTS = 1024;

/** How many slots of a free list are looked at for one that is aligned; more would make such an allocation slow. */
const ALIGNED_SEARCH = 32;

/*
 * The module's own copies of imported constants: V8 folds these into the code of the hot paths, while an imported binding is
 * a load from memory each time.
 */
const ALIGNED = ALIGNED_BELOW_2_GIB;
const LIVE_MARK = LIVE;
const FREED_MARK = FREED;
const BIG_CLASS = DEDICATED_CLASS;
const MASKED_CLASSES = LAST_MASKED_CLASS;

export abstract class FreeListContext extends MemoryContext {
  protected lists: FreeLists;
  /** The process chunk around each page. */
  protected readonly pages: readonly (ProcessChunk | undefined)[];
  /** Big objects that were freed, so that a second free is told from a wild one; see #noteFreedBig. */
  protected freedBig: Set<Address> = NO_ADDRESSES;

  constructor(
    state: HeapState,
    parent: MemoryContext | undefined,
    name: string,
    options: ResolvedContextOptions,
  ) {
    super(state, parent, name, options);
    this.lists = state.spareLists.pop() ?? new FreeLists();
    this.pages = state.pages;
  }

  /** Length of the slots of a class. */
  abstract classBytes(sizeClass: number): number;

  /** Hot path: a live object of the masked classes, below 2^31. Nothing may be added here. */
  override free(address: Address): void {
    if (typeof address === "number" && (address & ALIGNED) === address) {
      const chunk = this.pages[address >>> 12];
      if (chunk !== undefined && chunk.freesFor === this) {
        const position = address - chunk.topBase;
        const granule = position >>> 3;
        const { marks } = chunk;
        const sizeClass = marks[granule]! - LIVE_MARK;
        if (sizeClass > 0 && sizeClass <= MASKED_CLASSES) {
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
    }
    this.#freeLarger(address);
  }

  override sizeOf(address: Address): number {
    const chunk = this.objectChunkAt(address);
    return this.bytesOf(chunk, address, this.liveClassAt(address, chunk));
  }

  /** The chunk that an object lies in. @throws DoubleFreeError for a big object that was freed, and what ownChunkAt throws */
  protected objectChunkAt(address: Address): ProcessChunk {
    this.checkAlive("use an address of");
    if (this.freedBig.has(address) && this.state.pages[address >>> 12] === undefined) {
      throw this.misused(new DoubleFreeError(address, this.name));
    }
    return this.ownChunkAt(address);
  }

  /** Length of an object whose class is known. */
  protected bytesOf(chunk: ProcessChunk, address: Address, sizeClass: number): number {
    return sizeClass === BIG_CLASS ? chunk.end - address : this.classBytes(sizeClass);
  }

  /** Class of the live object at `address` in `chunk`. @throws DoubleFreeError, InvalidAddressError when none is there */
  protected liveClassAt(address: Address, chunk: ProcessChunk): number {
    const mark = address % 8 === 0 ? chunk.marks[(address - chunk.topBase) >>> 3]! : 0;
    if (mark > LIVE_MARK) return mark & CLASS_MASK;
    if (mark > FREED_MARK) throw this.misused(new DoubleFreeError(address, this.name));
    throw this.invalidAddress(
      address,
      address >= this.highWaterOf(chunk) || address < chunk.firstObject
        ? "lies outside what was allocated in its process chunk"
        : "begins no object (it is inside one, or belonged to one that a reset or rollback ended)",
    );
  }

  /** The same for the larger classes and for all addresses; everything else goes on. */
  #freeLarger(address: Address): void {
    const isAddress =
      typeof address === "number" && address >>> 0 === address && (address & 7) === 0;
    const chunk = isAddress ? this.pages[address >>> 12] : undefined;
    if (chunk !== undefined && chunk.freesFor === this) {
      const sizeClass = chunk.marks[(address - chunk.topBase) >>> 3]! - LIVE_MARK;
      if (sizeClass > 0 && sizeClass < BIG_CLASS) {
        this.pushSlot(chunk, address >>> 0, sizeClass);
        return;
      }
    }
    this.#freeRarely(address);
  }

  /** A guarded object, a big one, one of a chunk that has sealed ones, or a mistake. */
  #freeRarely(address: Address): void {
    const chunk = this.objectChunkAt(address);
    const sizeClass = this.liveClassAt(address, chunk);
    if (this.hasGuardMark(chunk, address)) {
      this.freeGuarded(address);
    } else if (this.isSealed(chunk, address)) {
      chunk.marks[(address - chunk.topBase) >>> 3] = FREED_MARK | sizeClass;
      this.marks.at(-1)!.deferred.push(address);
    } else if (sizeClass === BIG_CLASS) {
      this.chain.remove(chunk);
      this.#noteFreedBig(address);
    } else {
      this.pushSlot(chunk, address, sizeClass);
    }
  }

  /** Whether the live object at `address` has the mark of one that guards look after. */
  protected hasGuardMark(chunk: ProcessChunk, address: Address): boolean {
    return chunk.marks[(address - chunk.topBase) >>> 3]! > GUARDED;
  }

  /** Frees an object with such a mark. @throws CorruptionError where no object is guarded */
  protected freeGuarded(address: Address): void {
    reportLostMark(this, address);
  }

  /** Whether guards look after the object at `address`: then its mark has both bits. */
  guardsObjectAt(_address: Address): boolean {
    return false;
  }

  #noteFreedBig(address: Address): void {
    if (this.freedBig === NO_ADDRESSES || this.freedBig.size >= MAX_FREED_BIG)
      this.freedBig = new Set();
    this.freedBig.add(address);
  }

  /**
   * Takes the newest freed slot of a class whose bit in freeMask is set. Part of the hot path: it answers small integers
   * only, since one address from 2^31 on among its results would make V8 convert all of them.
   */
  protected popSlot(sizeClass: number): Address {
    const { heads } = this.lists;
    const address = heads[sizeClass]!;
    const chunk = this.pages[address >>> 12];
    if ((address & HIGH_OR_MISALIGNED) === 0 && chunk !== undefined && chunk.context === this) {
      const position = address - chunk.topBase;
      const granule = position >>> 3;
      const { marks } = chunk;
      if (marks[granule] === (FREED_MARK | sizeClass)) {
        const next = chunk.words[position >>> 2]!;
        marks[granule] = LIVE_MARK | sizeClass;
        if (next === 0) this.freeMask &= ~(1 << sizeClass);
        else heads[sizeClass] = next;
        return address;
      }
    }
    return this.takeSlot(sizeClass);
  }

  /** The newest freed slot of a class, wherever it lies; 0 when there is none. @throws CorruptionError for a bad link */
  protected takeSlot(sizeClass: number): Address {
    const address = this.headOf(sizeClass);
    if (address === 0) return 0;
    const next = readLink(this, address, sizeClass, 0);
    this.#setHead(sizeClass, next);
    return this.#reviveSlot(address, sizeClass);
  }

  /** A freed slot of a class at a multiple of `alignment`, if one of the newest is; 0 when not. */
  protected takeAlignedSlot(sizeClass: number, alignment: number): Address {
    let before = 0;
    let address = this.headOf(sizeClass);
    for (let looked = 0; address !== 0 && looked < ALIGNED_SEARCH; looked++) {
      const next = readLink(this, address, sizeClass, before);
      if (address % alignment === 0) {
        if (before === 0) this.#setHead(sizeClass, next);
        else writeLink(this, before, next);
        return this.#reviveSlot(address, sizeClass);
      }
      before = address;
      address = next;
    }
    return 0;
  }

  #reviveSlot(address: Address, sizeClass: number): Address {
    const chunk = this.pages[address >>> 12]!;
    chunk.marks[(address - chunk.topBase) >>> 3] = LIVE_MARK | sizeClass;
    return address;
  }

  /** Puts a slot on the free list of its class. */
  protected pushSlot(chunk: ProcessChunk, address: Address, sizeClass: number): void {
    const position = address - chunk.topBase;
    chunk.marks[position >>> 3] = FREED_MARK | sizeClass;
    chunk.words[position >>> 2] = this.headOf(sizeClass);
    this.#setHead(sizeClass, address);
  }

  /** The newest freed slot of a class; 0 when there is none. */
  protected headOf(sizeClass: number): Address {
    return headIn(this.lists.heads, this.freeMask, this.lists.largerMask, sizeClass);
  }

  /** Makes `address` the newest freed slot of a class; 0 empties its list. */
  #setHead(sizeClass: number, address: Address): void {
    const { lists } = this;
    lists.heads[sizeClass] = address;
    if (sizeClass <= MASKED_CLASSES) {
      const bit = 1 << sizeClass;
      this.freeMask = address === 0 ? this.freeMask & ~bit : this.freeMask | bit;
    } else {
      const bit = 1 << (sizeClass - MASKED_CLASSES);
      lists.largerMask = address === 0 ? lists.largerMask & ~bit : lists.largerMask | bit;
    }
  }

  #emptyLists(): void {
    this.freeMask = 0;
    this.lists.largerMask = 0;
  }

  /** Whether the object at `address` in `chunk` is older than a live mark. */
  protected isSealed(chunk: ProcessChunk, address: Address): boolean {
    const mark = this.marks.at(-1);
    return mark !== undefined && isOlder(chunk, address, mark);
  }

  /** Marks a new object of `sizeClass` at `address` in the current chunk. */
  protected markInCurrent(address: Address, sizeClass: number): void {
    this.currentMarks[(address - this.currentTopBase) >>> 3] = LIVE_MARK | sizeClass;
  }

  override abandon(chunk: ProcessChunk): void {
    // A dedicated chunk has one mark, behind the header and at most a page of alignment.
    chunk.clearMarks(
      chunk.isDedicated
        ? Math.min(chunk.end, chunk.base + PAGE_BYTES + 8)
        : this.highWaterOf(chunk),
    );
  }

  protected override forgetObjects(keeper: ProcessChunk | undefined): void {
    if (this.freedBig !== NO_ADDRESSES) this.freedBig = NO_ADDRESSES;
    if (keeper !== undefined && keeper.freesFor === undefined) keeper.freesFor = this;
    if (keeper === undefined) {
      this.#emptyLists();
      return;
    }
    if (this.current !== keeper) this.moveTo(keeper);
    else if (this.cursor === keeper.firstObject) return;
    keeper.clearMarks(this.cursor);
    this.cursor = keeper.firstObject;
    this.#emptyLists();
  }

  protected override leaveTree(): void {
    this.#emptyLists();
    const { spareLists } = this.state;
    if (spareLists.length < MAX_SPARE_LISTS) spareLists.push(this.lists);
    this.lists = NO_LISTS;
  }

  protected override makeMark(): ContextMark {
    const { chain, current, cursor } = this;
    const lists: SavedLists = {
      heads: this.lists.heads.slice(),
      freeMask: this.freeMask,
      largerMask: this.lists.largerMask,
    };
    for (let chunk = chain.newest; chunk?.freesFor !== undefined; chunk = chunk.previous) {
      chunk.freesFor = undefined;
    }
    this.#emptyLists();
    return new ContextMark(chain.newest?.order ?? 0, chain.nextBytes, current, cursor, lists);
  }

  protected override restoreMark(mark: ContextMark, undone: readonly ContextMark[]): void {
    this.leaveCurrent();
    for (const { deferred } of undone) {
      for (const address of deferred) this.revive(address, mark);
    }
    this.chain.truncate(mark.order);
    this.chain.nextBytes = mark.nextBytes;
    this.#unseal(this.marks.at(-1));
    const { heads, freeMask, largerMask } = mark.lists!;
    this.lists.heads.set(heads);
    this.lists.largerMask = largerMask;
    this.freeMask = freeMask;
    const { current, cursor } = mark;
    if (current === undefined) return;
    current.marks.fill(
      0,
      (cursor - current.topBase) >>> 3,
      (current.highWater - current.topBase) >>> 3,
    );
    current.highWater = cursor;
    this.moveTo(current);
  }

  protected override forgetMark(mark: ContextMark): void {
    this.#unseal(this.marks.at(-1));
    try {
      for (let sizeClass = 1; sizeClass < CLASS_COUNT; sizeClass++) {
        this.#appendList(sizeClass, savedHead(mark.lists!, sizeClass));
      }
    } finally {
      // Also when a list is damaged.
      for (const address of mark.deferred) {
        this.revive(address, undefined);
        this.free(address);
      }
    }
  }

  /** Lets objects that are younger than `mark` be freed quickly again. */
  #unseal(mark: ContextMark | undefined): void {
    const sealedOrder = mark === undefined ? 0 : mark.order;
    for (
      let chunk = this.chain.newest;
      chunk !== undefined && chunk.order > sealedOrder;
      chunk = chunk.previous
    ) {
      chunk.freesFor = this;
    }
  }

  /** Makes a freed object live again, unless `mark` is older than the object. */
  protected revive(address: Address, mark: ContextMark | undefined): void {
    const chunk = this.ownChunkAt(address);
    if (mark !== undefined && !isOlder(chunk, address, mark)) return;
    const position = (address - chunk.topBase) >>> 3;
    chunk.marks[position] = LIVE_MARK | (chunk.marks[position]! & CLASS_MASK);
  }

  /** Hangs the list that begins at `first` behind the current list of the class. */
  #appendList(sizeClass: number, first: Address): void {
    if (first === 0) return;
    const head = this.headOf(sizeClass);
    if (head === 0) this.#setHead(sizeClass, first);
    else writeLink(this, lastOfList(this, sizeClass, head), first);
  }

  override figures(): ContextFigures {
    const { chain } = this;
    let liveBytes = 0;
    let liveObjects = 0;
    let freeObjects = 0;
    walkSlots(this, (_chunk, _address, byteLength, isLive) => {
      if (!isLive) freeObjects++;
      else {
        liveObjects++;
        liveBytes += byteLength;
      }
    });
    const headerBytes = chain.chunkCount * HEADER_BYTES;
    return {
      usedBytes: chain.usedBytes,
      liveBytes,
      freeBytes: chain.usedBytes - liveBytes - headerBytes,
      headerBytes,
      liveObjects,
      freeObjects,
      processChunks: chain.chunkCount,
    };
  }

  /**
   * Checks that slots tile each chunk up to its high-water mark, that no mark stands inside a slot, and that every freed slot
   * is on exactly one list: its class's, a mark's, or a mark's deferred frees.
   */
  override verifyObjects(): void {
    let freedSlots = 0;
    walkSlots(this, (chunk, address, byteLength, isLive) => {
      if (!isLive) freedSlots++;
      verifyNoMarksInside(this, chunk, address, byteLength);
    });
    let listedSlots = 0;
    for (const { deferred } of this.marks) listedSlots += deferred.length;
    for (let sizeClass = 1; sizeClass < CLASS_COUNT; sizeClass++) {
      listedSlots += lengthOfList(this, sizeClass, this.headOf(sizeClass), freedSlots);
      for (const { lists } of this.marks) {
        listedSlots += lengthOfList(this, sizeClass, savedHead(lists!, sizeClass), freedSlots);
      }
    }
    if (listedSlots === freedSlots) return;
    reportCorruption(
      this,
      0,
      `${freedSlots} slots are marked free, but ${listedSlots} are on free lists`,
    );
  }
}

/** Whether the object at `address` in `chunk` was there when `mark` was made. */
function isOlder(chunk: ProcessChunk, address: Address, mark: ContextMark): boolean {
  if (chunk.order > mark.order) return false;
  return chunk !== mark.current || address < mark.cursor;
}
