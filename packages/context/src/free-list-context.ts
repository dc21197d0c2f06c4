/**
 * What allocset and slab share: marks, free lists, free.
 *
 * A freed slot goes to the list of its class; the link to the next one lies in its first word:
 *
 *   heads[class] ──► slot ──► slot ──► 0        (links are addresses, in the slots' own bytes)
 *
 * The hot paths work on one process chunk, the *focus*, whose arrays they keep on the context. A free in another chunk
 * moves the focus there (see #focusOn): programs free near to where they freed last.
 *
 * While a mark of checkpoint() lives, what is older is sealed: chunks up to `sealedOrder` never get the focus, and frees in
 * them are only noted, so that a rollback can take them back.
 */
import { type Address, CorruptionError } from "@perfloc/arena";
import type { ContextFigures } from "./context-stats.js";
import { ContextMark } from "./context-mark.js";
import type { ResolvedContextOptions } from "./context-options.js";
import { DoubleFreeError } from "./errors.js";
import type { HeapState } from "./heap-state.js";
import { CLASS_MASK, DEDICATED_CLASS, FREED, LIVE } from "./marks.js";
import { MemoryContext } from "./memory-context.js";
import { HEADER_BYTES, type ProcessChunk, processChunkAt } from "./process-chunk.js";
import { CLASS_COUNT } from "./size-classes.js";

/** One list head for each class, padded to whole 8-byte words for clearing them two at a time. */
const HEAD_COUNT = (CLASS_COUNT + 1) & ~1;

const NO_WORDS = new Int32Array(0);
const NO_MARKS = new Uint8Array(0);

export abstract class FreeListContext extends MemoryContext {
  /** Newest freed slot of each class, 0 for none. */
  protected heads: Int32Array = new Int32Array(HEAD_COUNT);
  /** The same memory, for clearing. */
  #headWords: Float64Array = new Float64Array(this.heads.buffer);
  /** The chunk that the hot paths work on, and its arrays. */
  protected focusStart: Address = 0;
  protected focusBytes = 0;
  protected focusTopBase: Address = 0;
  protected focusMarks: Uint8Array = NO_MARKS;
  protected focusWords: Int32Array = NO_WORDS;
  /** Arrays of the chunk that objects are cut from. */
  protected currentTopBase: Address = 0;
  protected currentMarks: Uint8Array = NO_MARKS;
  /** Chunks up to this order are older than the newest mark. */
  #sealedOrder = 0;

  protected constructor(
    state: HeapState,
    parent: MemoryContext | undefined,
    name: string,
    options: ResolvedContextOptions,
  ) {
    super(state, parent, name, options);
  }

  /** Length of the slots of a class. */
  protected abstract classBytes(sizeClass: number): number;

  /** Hot path: a live, undamaged, small object in the focused chunk. Nothing may be added here. */
  override free(address: Address): void {
    const offset = address - this.focusStart;
    if ((address | 0) === address && offset >>> 0 < this.focusBytes && (offset & 7) === 0) {
      const position = address - this.focusTopBase;
      const sizeClass = this.focusMarks[position >>> 3]! - LIVE;
      if (sizeClass > 0 && sizeClass < DEDICATED_CLASS) {
        const { heads } = this;
        this.focusMarks[position >>> 3] = FREED | sizeClass;
        this.focusWords[position >>> 2] = heads[sizeClass]!;
        heads[sizeClass] = address;
        return;
      }
    }
    this.#freeSlowly(address);
  }

  override sizeOf(address: Address): number {
    const chunk = this.ownChunkAt(address);
    return this.sizeInChunk(address, chunk);
  }

  /** Length of the live object at `address` in `chunk`. @throws DoubleFreeError, InvalidAddressError when none is there */
  protected sizeInChunk(address: Address, chunk: ProcessChunk): number {
    const sizeClass = this.liveClassAt(address, chunk);
    return sizeClass === DEDICATED_CLASS ? chunk.end - address : this.classBytes(sizeClass);
  }

  /** Class of the live object at `address` in `chunk`. @throws DoubleFreeError, InvalidAddressError when none is there */
  protected liveClassAt(address: Address, chunk: ProcessChunk): number {
    const position = address - chunk.top.base;
    const mark = address % 8 === 0 ? chunk.top.marks[position / 8]! : 0;
    if (mark > LIVE) return mark - LIVE;
    if (mark > FREED) throw new DoubleFreeError(address, this.name);
    throw this.invalidAddress(
      address,
      address >= this.highWaterOf(chunk) || address < chunk.firstObject
        ? "lies outside what was allocated in its process chunk"
        : "is inside an object, or of one that a reset or rollback ended",
    );
  }

  /** Another chunk, a dedicated one, a sealed one, or a mistake. */
  #freeSlowly(address: Address): void {
    const chunk = this.#chunkToFreeIn(address);
    const sizeClass = this.liveClassAt(address, chunk);
    const position = address - chunk.top.base;
    if (this.isSealed(chunk)) {
      chunk.top.marks[position >>> 3] = FREED | sizeClass;
      this.marks.at(-1)!.deferred.push(address);
    } else if (sizeClass === DEDICATED_CLASS) {
      const { marks } = chunk.top;
      this.chain.remove(chunk);
      // Left behind to tell a second free from a wild one; whoever gets the pages next clears it.
      if (address === chunk.firstObject) marks[position >>> 3] = FREED | DEDICATED_CLASS;
    } else {
      this.focusOn(chunk);
      chunk.top.marks[position >>> 3] = FREED | sizeClass;
      this.focusWords[position >>> 2] = this.heads[sizeClass]!;
      this.heads[sizeClass] = address;
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
    return top.marks[(address - top.base) / 8] === (FREED | DEDICATED_CLASS);
  }

  /** Takes the newest freed slot of a class, which lies outside the focus. */
  protected popElsewhere(sizeClass: number): Address {
    const address = this.heads[sizeClass]! >>> 0;
    this.focusOn(this.ownChunkAt(address));
    const position = address - this.focusTopBase;
    this.heads[sizeClass] = this.focusWords[position >>> 2]!;
    this.focusMarks[position >>> 3] = LIVE | sizeClass;
    return address;
  }

  /** Makes a chunk the one that the hot paths work on. */
  protected focusOn(chunk: ProcessChunk): void {
    const { top } = chunk;
    this.focusStart = chunk.base;
    this.focusBytes = chunk.byteLength;
    this.focusTopBase = top.base;
    this.focusMarks = top.marks;
    this.focusWords = top.i32;
  }

  /** Puts a slot of the current chunk that was never used on the free list of `sizeClass`. */
  protected pushSlot(address: Address, sizeClass: number): void {
    const { top } = this.current!;
    const position = address - top.base;
    top.marks[position >>> 3] = FREED | sizeClass;
    top.i32[position >>> 2] = this.heads[sizeClass]!;
    this.heads[sizeClass] = address;
  }

  /** Whether a live mark is younger than `chunk`. */
  protected isSealed(chunk: ProcessChunk): boolean {
    return chunk.order <= this.#sealedOrder;
  }

  /** A chunk changed its length. */
  protected loseFocusOn(chunk: ProcessChunk): void {
    if (chunk.base === this.focusStart) this.#loseFocus();
  }

  #loseFocus(): void {
    this.focusStart = 0;
    this.focusBytes = 0;
    this.focusMarks = NO_MARKS;
    this.focusWords = NO_WORDS;
  }

  /** Marks a new object of `sizeClass` at `address` in the current chunk. */
  protected markInCurrent(address: Address, sizeClass: number): void {
    this.currentMarks[(address - this.currentTopBase) >>> 3] = LIVE | sizeClass;
  }

  protected override enter(chunk: ProcessChunk): void {
    this.currentTopBase = chunk.top.base;
    this.currentMarks = chunk.top.marks;
    this.focusOn(chunk);
  }

  override abandon(chunk: ProcessChunk): void {
    chunk.clearMarks(this.highWaterOf(chunk));
    this.loseFocusOn(chunk);
  }

  protected override forgetObjects(keeper: ProcessChunk | undefined): void {
    this.#sealedOrder = 0;
    if (keeper === undefined) {
      this.#forgetEverything();
      return;
    }
    if (this.current !== keeper) this.moveTo(keeper);
    else if (this.cursor === keeper.firstObject) return;
    else if (this.focusStart !== keeper.base) this.focusOn(keeper);
    keeper.clearMarks(this.cursor);
    this.cursor = keeper.firstObject;
    this.#clearHeads();
  }

  #forgetEverything(): void {
    this.#loseFocus();
    this.currentMarks = NO_MARKS;
    this.#clearHeads();
  }

  #clearHeads(): void {
    const words = this.#headWords;
    for (let word = 0; word < words.length; word++) words[word] = 0;
  }

  protected override makeMark(): ContextMark {
    const { chain, current, cursor } = this;
    const mark = new ContextMark(
      chain.newest?.order ?? 0,
      chain.nextBytes,
      current,
      cursor,
      this.heads.slice(),
    );
    this.leaveCurrent();
    this.#loseFocus();
    this.#clearHeads();
    this.#sealedOrder = mark.order;
    return mark;
  }

  protected override restoreMark(mark: ContextMark, undone: readonly ContextMark[]): void {
    const outer = this.outerMark(mark);
    this.leaveCurrent();
    this.#loseFocus();
    for (const { deferred } of undone) {
      for (const address of deferred) this.#revive(address, mark.order);
    }
    this.chain.truncate(mark.order);
    this.chain.nextBytes = mark.nextBytes;
    this.heads.set(mark.heads!);
    this.#sealedOrder = outer?.order ?? 0;
    if (mark.current === undefined) return;
    mark.current.highWater = mark.cursor;
    this.moveTo(mark.current);
  }

  protected override forgetMark(mark: ContextMark): void {
    const outer = this.outerMark(mark);
    this.#sealedOrder = outer?.order ?? 0;
    for (let sizeClass = 1; sizeClass < HEAD_COUNT; sizeClass++) {
      this.#appendList(sizeClass, mark.heads![sizeClass]!);
    }
    for (const address of mark.deferred) {
      const chunk = this.ownChunkAt(address);
      this.#revive(address, chunk.order);
      this.free(address);
    }
    if (this.current === undefined && mark.current !== undefined) this.moveTo(mark.current);
  }

  /** Makes a freed object live again, when its chunk is one that stays. */
  #revive(address: Address, newestOrder: number): void {
    const chunk = this.ownChunkAt(address);
    if (chunk.order > newestOrder) return;
    const position = (address - chunk.top.base) >>> 3;
    const { marks } = chunk.top;
    marks[position] = LIVE | (marks[position]! & CLASS_MASK);
  }

  /** Hangs the list that begins at `first` behind the current list of the class. */
  #appendList(sizeClass: number, first: number): void {
    if (first === 0) return;
    let last = this.heads[sizeClass]! >>> 0;
    if (last === 0) {
      this.heads[sizeClass] = first;
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
    for (const heads of [this.heads, ...this.marks.map((mark) => mark.heads!)]) {
      for (let sizeClass = 1; sizeClass < HEAD_COUNT; sizeClass++) {
        listedSlots += this.#verifyList(sizeClass, heads[sizeClass]! >>> 0, freedSlots);
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
      if (top.marks[(address - top.base) >>> 3] !== (FREED | sizeClass)) this.#corrupt(address, "the link in a freed object was overwritten");
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
        const byteLength = sizeClass === DEDICATED_CLASS ? end - address : this.classBytes(sizeClass);
        if (mark <= FREED || byteLength === 0) this.#corrupt(address, "the mark of an object was lost");
        visit(chunk, address, byteLength, mark > LIVE);
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
