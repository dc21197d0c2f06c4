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
 * back. A sealed chunk has no `freesFor`, so the hot path leaves it to the slow one.
 */
import { type Address, CorruptionError } from "@perfloc/arena";
import type { ContextFigures } from "./context-stats.js";
import { ContextMark } from "./context-mark.js";
import type { ResolvedContextOptions } from "./context-options.js";
import { DoubleFreeError } from "./errors.js";
import { FreeLists, type SavedLists, headIn, savedHead } from "./free-lists.js";
import type { HeapState } from "./heap-state.js";
import { CLASS_MASK, DEDICATED_CLASS, FREED, LIVE } from "./marks.js";
import { MemoryContext } from "./memory-context.js";
import { HEADER_BYTES, type ProcessChunk, processChunkAt } from "./process-chunk.js";
import { CLASS_COUNT, LAST_MASKED_CLASS } from "./size-classes.js";

/** Of a dropped context: all empty. Never written, since nothing can be freed or cut there. */
const NO_LISTS = new FreeLists();

/*
 * The module's own copies of imported constants: V8 folds these into the code of the hot paths, while an imported binding is
 * a load from memory each time.
 */
const LIVE_MARK = LIVE;
const FREED_MARK = FREED;
const BIG_CLASS = DEDICATED_CLASS;
const MASKED_CLASSES = LAST_MASKED_CLASS;

export abstract class FreeListContext extends MemoryContext {
  protected lists: FreeLists;
  /** The process chunk around each page. */
  protected readonly pages: readonly (ProcessChunk | undefined)[];
  /** Chunks up to this order are older than the newest mark. */
  #sealedOrder = 0;

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
  protected abstract classBytes(sizeClass: number): number;

  /** Hot path: a live object of the smaller classes. Nothing may be added here. */
  override free(address: Address): void {
    if ((address | 0) === address && (address & 7) === 0) {
      const chunk = this.pages[address >>> 12];
      if (chunk !== undefined && chunk.freesFor === this) {
        const position = address - chunk.topBase;
        const { marks } = chunk;
        const sizeClass = marks[position >>> 3]! - LIVE_MARK;
        if (sizeClass > 0 && sizeClass <= MASKED_CLASSES) {
          const { heads } = this.lists;
          const bit = 1 << sizeClass;
          const mask = this.freeMask;
          marks[position >>> 3] = FREED_MARK | sizeClass;
          chunk.words[position >>> 2] = (mask & bit) === 0 ? 0 : heads[sizeClass]!;
          heads[sizeClass] = address;
          this.freeMask = mask | bit;
          return;
        }
      }
    }
    this.#freeRarely(address);
  }

  override sizeOf(address: Address): number {
    const chunk = this.ownChunkAt(address);
    return this.sizeInChunk(address, chunk);
  }

  /** Length of the live object at `address` in `chunk`. @throws DoubleFreeError, InvalidAddressError when none is there */
  protected sizeInChunk(address: Address, chunk: ProcessChunk): number {
    const sizeClass = this.liveClassAt(address, chunk);
    return sizeClass === BIG_CLASS ? chunk.end - address : this.classBytes(sizeClass);
  }

  /** Class of the live object at `address` in `chunk`. @throws DoubleFreeError, InvalidAddressError when none is there */
  protected liveClassAt(address: Address, chunk: ProcessChunk): number {
    const position = address - chunk.top.base;
    const mark = address % 8 === 0 ? chunk.top.marks[position / 8]! : 0;
    if (mark > LIVE_MARK) return mark - LIVE_MARK;
    if (mark > FREED_MARK) throw new DoubleFreeError(address, this.name);
    throw this.invalidAddress(
      address,
      address >= this.highWaterOf(chunk) || address < chunk.firstObject
        ? "lies outside what was allocated in its process chunk"
        : "is inside an object, or of one that a reset or rollback ended",
    );
  }

  /** A larger class, a big object, a sealed chunk, an address above 2^31, or a mistake. */
  #freeRarely(address: Address): void {
    const chunk = this.#chunkToFreeIn(address);
    const sizeClass = this.liveClassAt(address, chunk);
    const position = address - chunk.top.base;
    if (this.isSealed(chunk)) {
      chunk.top.marks[position >>> 3] = FREED_MARK | sizeClass;
      this.marks.at(-1)!.deferred.push(address);
    } else if (sizeClass === BIG_CLASS) {
      const { marks } = chunk.top;
      this.chain.remove(chunk);
      // Left behind to tell a second free from a wild one; whoever gets the pages next clears it.
      if (address === chunk.firstObject) marks[position >>> 3] = FREED_MARK | BIG_CLASS;
    } else {
      this.pushSlot(chunk, address, sizeClass);
    }
  }

  #chunkToFreeIn(address: Address): ProcessChunk {
    this.checkAlive("free in");
    if (this.#wasDedicated(address)) throw new DoubleFreeError(address, this.name);
    return this.ownChunkAt(address);
  }

  /** Whether the mark of a freed big object still stands on pages that nobody has now. */
  #wasDedicated(address: Address): boolean {
    const top = this.state.arena.findChunk(address);
    if (top === undefined || address % 8 !== 0 || top.ownerAt(address) !== undefined) return false;
    return top.marks[(address - top.base) / 8] === (FREED_MARK | BIG_CLASS);
  }

  /** Takes the newest freed slot of a class; there is one. Part of the hot path: returns integers only, see popHighSlot. */
  protected popSlot(sizeClass: number): Address {
    const { heads } = this.lists;
    const address = heads[sizeClass]!;
    if (address < 0) return this.#popHighSlot(sizeClass, address >>> 0);
    const chunk = this.pages[address >>> 12]!;
    const position = address - chunk.topBase;
    const next = chunk.words[position >>> 2]!;
    chunk.marks[position >>> 3] = LIVE_MARK | sizeClass;
    if (next === 0) this.#setHead(sizeClass, 0);
    else heads[sizeClass] = next;
    return address;
  }

  /** The same for an address from 2^31 on: such a number among the results would make V8 box or convert all of them. */
  #popHighSlot(sizeClass: number, address: Address): Address {
    const chunk = this.pages[address >>> 12]!;
    const position = address - chunk.topBase;
    this.#setHead(sizeClass, chunk.words[position >>> 2]!);
    chunk.marks[position >>> 3] = LIVE_MARK | sizeClass;
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

  /** Whether a live mark is younger than `chunk`. */
  protected isSealed(chunk: ProcessChunk): boolean {
    return chunk.order <= this.#sealedOrder;
  }

  /** Marks a new object of `sizeClass` at `address` in the current chunk. */
  protected markInCurrent(address: Address, sizeClass: number): void {
    this.currentMarks[(address - this.currentTopBase) >>> 3] = LIVE_MARK | sizeClass;
  }

  override abandon(chunk: ProcessChunk): void {
    chunk.clearMarks(this.highWaterOf(chunk));
  }

  protected override forgetObjects(keeper: ProcessChunk | undefined): void {
    if (this.#sealedOrder > 0) this.#unsealDownTo(0);
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
    this.state.spareLists.push(this.lists);
    this.lists = NO_LISTS;
  }

  protected override makeMark(): ContextMark {
    const { chain, current, cursor } = this;
    const lists: SavedLists = {
      heads: this.lists.heads.slice(),
      freeMask: this.freeMask,
      largerMask: this.lists.largerMask,
    };
    const mark = new ContextMark(chain.newest?.order ?? 0, chain.nextBytes, current, cursor, lists);
    this.leaveCurrent();
    this.#emptyLists();
    this.#sealUpTo(mark.order);
    return mark;
  }

  protected override restoreMark(mark: ContextMark, undone: readonly ContextMark[]): void {
    const outer = this.outerMark(mark);
    this.leaveCurrent();
    for (const { deferred } of undone) {
      for (const address of deferred) this.#revive(address, mark.order);
    }
    this.chain.truncate(mark.order);
    this.chain.nextBytes = mark.nextBytes;
    const { heads, freeMask, largerMask } = mark.lists!;
    this.lists.heads.set(heads);
    this.lists.largerMask = largerMask;
    this.freeMask = freeMask;
    this.#unsealDownTo(outer?.order ?? 0);
    if (mark.current === undefined) return;
    mark.current.highWater = mark.cursor;
    this.moveTo(mark.current);
  }

  protected override forgetMark(mark: ContextMark): void {
    const outer = this.outerMark(mark);
    this.#unsealDownTo(outer?.order ?? 0);
    for (let sizeClass = 1; sizeClass < CLASS_COUNT; sizeClass++) {
      this.#appendList(sizeClass, savedHead(mark.lists!, sizeClass));
    }
    for (const address of mark.deferred) {
      const chunk = this.ownChunkAt(address);
      this.#revive(address, chunk.order);
      this.free(address);
    }
    if (this.current === undefined && mark.current !== undefined) this.moveTo(mark.current);
  }

  /** Leaves the chunks up to `order` as they are from now on. */
  #sealUpTo(order: number): void {
    let chunk = this.chain.newest;
    for (; chunk !== undefined && chunk.order > this.#sealedOrder; chunk = chunk.previous) chunk.freesFor = undefined;
    this.#sealedOrder = order;
  }

  /** Opens the chunks behind `order` again. */
  #unsealDownTo(order: number): void {
    let chunk = this.chain.newest;
    for (; chunk !== undefined && chunk.order > order; chunk = chunk.previous) chunk.freesFor = this;
    this.#sealedOrder = order;
  }

  /** Makes a freed object live again, when its chunk is one that stays. */
  #revive(address: Address, newestOrder: number): void {
    const chunk = this.ownChunkAt(address);
    if (chunk.order > newestOrder) return;
    const position = (address - chunk.topBase) >>> 3;
    const { marks } = chunk;
    marks[position] = LIVE_MARK | (marks[position]! & CLASS_MASK);
  }

  /** Hangs the list that begins at `first` behind the current list of the class. */
  #appendList(sizeClass: number, first: Address): void {
    if (first === 0) return;
    let last = this.headOf(sizeClass);
    if (last === 0) {
      this.#setHead(sizeClass, first);
      return;
    }
    for (let next = this.#linkAt(last); next !== 0; next = this.#linkAt(last)) last = next;
    const { top } = this.ownChunkAt(last);
    top.i32[(last - top.base) >>> 2] = first;
  }

  /** The slot behind `address` on its free list; 0 at the end. */
  #linkAt(address: Address): Address {
    const { top } = this.ownChunkAt(address);
    return top.u32[(address - top.base) >>> 2]!;
  }

  override figures(): ContextFigures {
    const { chain } = this;
    let liveBytes = 0;
    let liveObjects = 0;
    let freeObjects = 0;
    this.#forEachSlot((_chunk, _address, byteLength, isLive) => {
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
   * Checks that slots tile each chunk up to its high-water mark, that no mark stands inside a slot or behind them, and that
   * every freed slot is on exactly one list: its class's, a mark's, or a mark's deferred frees.
   */
  override verifyObjects(): void {
    let freedSlots = 0;
    this.#forEachSlot((chunk, address, byteLength, isLive) => {
      if (!isLive) freedSlots++;
      const { marks } = chunk.top;
      const end = Math.min(address + byteLength, chunk.end) - chunk.top.base;
      for (let offset = address - chunk.top.base + 8; offset < end; offset += 8) {
        if (marks[offset >>> 3] !== 0) this.#corrupt(address, "a mark stands inside an object");
      }
    });
    let listedSlots = 0;
    for (const { deferred } of this.marks) listedSlots += deferred.length;
    for (let sizeClass = 1; sizeClass < CLASS_COUNT; sizeClass++) {
      listedSlots += this.#verifyList(sizeClass, this.headOf(sizeClass), freedSlots);
      for (const { lists } of this.marks) {
        listedSlots += this.#verifyList(sizeClass, savedHead(lists!, sizeClass), freedSlots);
      }
    }
    if (listedSlots !== freedSlots) this.#corrupt(0, `${freedSlots} slots are marked free, but ${listedSlots} are on free lists`);
  }

  /** Answers how many slots are on the list; one of a damaged list cannot be longer than there are freed slots. */
  #verifyList(sizeClass: number, first: Address, freedSlots: number): number {
    let length = 0;
    for (let address = first; address !== 0; address = this.#linkAt(address)) {
      const chunk = processChunkAt(this.state.arena, address);
      if (chunk?.context !== this || address % 8 !== 0) this.#corrupt(address, "the link in a freed object was overwritten");
      const { top } = chunk;
      if (top.marks[(address - top.base) >>> 3] !== (FREED_MARK | sizeClass)) this.#corrupt(address, "the link in a freed object was overwritten");
      if (++length > freedSlots) this.#corrupt(address, "a free list goes round in a circle");
    }
    return length;
  }

  /** Walks the slots of all chunks by their marks. */
  #forEachSlot(visit: (chunk: ProcessChunk, address: Address, byteLength: number, isLive: boolean) => void): void {
    for (let chunk = this.chain.first; chunk !== undefined; chunk = chunk.next) {
      const { marks, base } = chunk.top;
      const end = this.highWaterOf(chunk);
      let address = chunk.isDedicated ? this.#startOfDedicated(chunk) : chunk.firstObject;
      while (address < end) {
        const mark = marks[(address - base) >>> 3]!;
        const sizeClass = mark & CLASS_MASK;
        const byteLength = sizeClass === BIG_CLASS ? end - address : this.classBytes(sizeClass);
        if (mark <= FREED_MARK || byteLength === 0) this.#corrupt(address, "the mark of an object was lost");
        visit(chunk, address, byteLength, mark > LIVE_MARK);
        address += byteLength;
      }
      if (address !== end) this.#corrupt(address, "an object reaches past the end of what was allocated");
    }
  }

  #startOfDedicated(chunk: ProcessChunk): Address {
    const { marks, base } = chunk.top;
    let address = chunk.firstObject;
    while (address < chunk.end && marks[(address - base) >>> 3] === 0) address += 8;
    return address;
  }

  #corrupt(address: Address, fact: string): never {
    throw new CorruptionError("PERFLOC_CONTEXT_CORRUPT", address, `${fact} (context "${this.name}")`);
  }
}
