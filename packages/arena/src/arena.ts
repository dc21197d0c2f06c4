/**
 * The arena: takes top chunks from the source, cuts them into spans of pages, and gives empty chunks back.
 *
 *   reserve ──► lowest chunk with room ──► span                    (hot: no memory from the OS)
 *          └──► no room: lowest vacant slot that fits ──► source    (cold: #grow)
 *
 * That one rule of growth, "the lowest vacant slot that fits", gives all of: doubling under load (the slots double),
 * an oversize request in one step (slots below stay vacant and are filled later), the doubling restarting after
 * releases, and the same addresses for a chunk that comes back.
 *
 * It knows spans and pages only: objects, scopes and policies live in the layers above.
 */
import {
  ADDRESS_SPACE_BYTES,
  type Address,
  GRANULE_BYTES,
  PAGE_BYTES,
  PAGE_SHIFT,
} from "./address.js";
import { type ArenaOptions, checkMaxBytes, resolveArenaOptions } from "./arena-options.js";
import type { ArenaStats } from "./arena-stats.js";
import { ArenaTally, arenaStats } from "./arena-stats.js";
import type { BufferRange, BufferSource } from "./buffer-source.js";
import { describeArena, summarizeArena } from "./describe-arena.js";
import {
  ChunkInUseError,
  InvalidAddressError,
  InvalidOptionError,
  InvalidSizeError,
  LimitExceededError,
  OutOfMemoryError,
  ReleaseFailedError,
  UseAfterDropError,
} from "./errors.js";
import { printsAs } from "./inspect.js";
import { orderFor } from "./page-buddy.js";
import { MAX_PARKED_ORDER, type ParkingOwner } from "./parked-spans.js";
import { SlotLadder } from "./slot-ladder.js";
import { checkSpanBytes } from "./span-length.js";
import { TopChunk } from "./top-chunk.js";
import { verifyArena } from "./verify-arena.js";

/**
 * When the source refuses a chunk longer than this, shorter ones are tried, by halves: fragmented address spaces often
 * have room for those. Below 1 MiB a refusal means that memory is really gone.
 */
const HALVE_ABOVE_BYTES = 1024 * 1024;

/**
 * Is told which top chunk was taken from the source or given back, and how many bytes are held more, or less, since.
 * @public
 */
export type HeldWatcher = (chunk: TopChunk, byteLength: number) => void;

/** What the source gave, and how much of it is for spans. */
interface HeldRange {
  readonly range: BufferRange;
  readonly byteLength: number;
}

/**
 * A vector of top chunks with one 32-bit virtual address space, cut into spans of pages.
 * @example
 * ```ts
 * using arena = new Arena();
 * const span = arena.reserve(10_000);            // three pages, in the lowest top chunk with room
 * const chunk = arena.chunkAt(span);
 * chunk.u8[span - chunk.base] = 42;
 * arena.release(span);
 * arena.releaseChunk(chunk.index);               // its memory goes back to the OS
 * ```
 * @public
 */
export class Arena implements Disposable {
  readonly #source: BufferSource;
  readonly #ladder: SlotLadder;
  #maxBytes: number;
  readonly #chunks: TopChunk[] = [];
  /** The chunk that covers each slot; a chunk longer than the cap covers several. */
  readonly #slots: (TopChunk | undefined)[] = [];
  /** The chunk around each stretch of `initialChunkBytes` addresses: slots are made of whole stretches. */
  readonly #stretches: (TopChunk | undefined)[] = [];
  readonly #stretchShift: number;
  readonly #pageOwners: (object | undefined)[] = [];
  readonly #tally = new ArenaTally();
  readonly #watchers: (() => void)[] = [];
  #heldWatchers: readonly HeldWatcher[] = [];
  /** What the owners of all parked spans have in common. */
  #parkedKind: object = NOBODY;
  #isDisposed = false;
  /** While `dispose` runs. */
  #isEnding = false;

  /**
   * Makes an arena that holds nothing yet.
   * @throws InvalidSizeError `PERFLOC_ARENA_INVALID_OPTION` for a length out of range
   * @throws InvalidOptionError `PERFLOC_ARENA_INVALID_OPTION` for a chunk length that is no power of two, or a bad source
   */
  constructor(options: ArenaOptions = {}) {
    const { initialChunkBytes, maxChunkBytes, maxBytes, source } = resolveArenaOptions(options);
    this.#source = source;
    this.#ladder = new SlotLadder(initialChunkBytes, maxChunkBytes);
    this.#maxBytes = maxBytes;
    this.#stretchShift = Math.log2(initialChunkBytes);
  }

  /**
   * The top-chunk vector, in the order in which chunks were first held. Entries never move; a released one stays as a
   * vacant entry with `byteLength` 0 until its addresses are needed again.
   */
  get chunks(): readonly TopChunk[] {
    return this.#chunks;
  }

  /**
   * Who owns the span around each page, by page number (`address >>> 12`), as told to `chunk.setOwner`; `undefined` for
   * free pages and where nobody was named. The quickest way from an address to whatever the layer above keeps for it.
   */
  get pageOwners(): readonly (object | undefined)[] {
    return this.#pageOwners;
  }

  /** Most bytes ever held from the OS; see {@link Arena.setLimit}. */
  get maxBytes(): number {
    return this.#maxBytes;
  }

  /** Whether `dispose` was called. */
  get isDisposed(): boolean {
    return this.#isDisposed;
  }

  /** The source that chunks come from. */
  get source(): BufferSource {
    return this.#source;
  }

  /**
   * Hands out a span: whole pages, in the lowest top chunk with room; takes a new top chunk when none has.
   *
   * The bytes are zero when the chunk is new, else what the last user left. The address is a multiple of 4096 and stays
   * valid until `release`.
   * @param byteLength - 1 to 2^30 + 8192 bytes; rounded up to whole pages
   * @throws InvalidSizeError `PERFLOC_ARENA_INVALID_SIZE`
   * @throws LimitExceededError `PERFLOC_ARENA_LIMIT` when `maxBytes` or the address space would be exceeded
   * @throws OutOfMemoryError `PERFLOC_ARENA_OUT_OF_MEMORY` when the source throws (its error is the `cause`)
   * @throws UseAfterDropError `PERFLOC_ARENA_DISPOSED`
   * @remarks Complexity: O(pages of the span + log pages of a chunk + chunks), independent of the number of spans.
   */
  reserve(byteLength: number): Address {
    checkSpanBytes(byteLength);
    const pageCount = (byteLength + PAGE_BYTES - 1) >>> PAGE_SHIFT;
    const order = orderFor(pageCount);
    const chunk = this.#findRoom(pageCount, order) ?? this.#grow(pageCount, order);
    return this.#cut(chunk, pageCount, order);
  }

  /**
   * Takes a span back whole. Its pages merge with free neighbours; no memory goes to the OS (see `releaseChunk`).
   * @param address - what `reserve` answered
   * @param owner - who owns the span, where `chunk.setOwner` named somebody: nobody else may release it
   * @throws InvalidAddressError `PERFLOC_ARENA_INVALID_ADDRESS` when no span begins there (also for a second release),
   * `PERFLOC_ARENA_OWNED` when it belongs to somebody else, such as a memory context
   * @remarks Complexity: O(pages of the span + log pages of the chunk). Invalidates every address in the span.
   */
  release(address: Address, owner?: object): void {
    const chunk = this.#spanStart(address);
    this.#checkOwner(address, owner);
    this.#tally.usedBytes -= chunk.releaseRun((address - chunk.base) >>> PAGE_SHIFT) * PAGE_BYTES;
    this.#tally.spanCount--;
    if (chunk.usedBytes === 0) this.#ring();
  }

  /**
   * Takes a span back as `release` does, but may leave it in one piece, with its owner, for `unpark`: the quick way for a layer
   * that needs spans of the same few lengths again and again. To everybody else its pages are free.
   * @param owner - who owns the span, as told to `chunk.setOwner`
   * @param kind - what all owners that the layer parks have in common, such as their class. An arena parks for one kind only, the
   * first that asks; what others park is released
   * @throws what `release` throws
   * @remarks Complexity: O(pages of the span + log pages of the chunk). Invalidates every address in the span.
   */
  park(owner: ParkingOwner, kind: object): void {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- whatever it is, #spanStart looks
    const base = (owner as ParkingOwner | undefined)?.base as Address;
    const chunk = this.#spanStart(base);
    this.#checkOwner(base, owner);
    if (this.#parkedKind === NOBODY) this.#parkedKind = kind;
    let pageCount = this.#parkedKind === kind ? chunk.parkRun(owner) : 0;
    if (pageCount === 0) pageCount = chunk.releaseRun((base - chunk.base) >>> PAGE_SHIFT);
    this.#tally.usedBytes -= pageCount * PAGE_BYTES;
    this.#tally.spanCount--;
    if (chunk.usedBytes === 0) this.#ring();
  }

  /**
   * Hands out a parked span, if the chunk that `reserve` would take one from has one of just that length.
   *
   * The bytes are what the last user left. It counts as reserved anew, and its owner is named already.
   * @param byteLength - in bytes; only powers of two from 4096 to 2^18 are ever parked
   * @param kind - as for `park`
   * @returns its owner; `undefined` when `reserve` is to be asked, also for lengths that nobody can have
   * @remarks Complexity: O(pages of the span + chunks).
   */
  unpark(byteLength: number, kind: object): ParkingOwner | undefined {
    const pageCount = byteLength >>> PAGE_SHIFT;
    const order = 31 - Math.clz32(pageCount);
    if (this.#parkedKind !== kind || PAGE_BYTES << order !== byteLength || order > MAX_PARKED_ORDER)
      return undefined;
    const slots = this.#slots;
    for (let slot = 0; slot < slots.length; slot++) {
      const chunk = slots[slot];
      if (chunk === undefined) continue;
      const owner = chunk.unparkRun(order);
      if (owner !== undefined) {
        this.#tally.addUsed(byteLength);
        this.#tally.spanCount++;
        return owner;
      }
      if (chunk.hasRoom(pageCount, order) || chunk.hasRoomMerged(pageCount, order))
        return undefined;
    }
    return undefined;
  }

  /**
   * Makes a span longer or shorter where it lies.
   * @param address - what `reserve` answered
   * @param byteLength - the new length, 1 to 2^30 + 8192 bytes; rounded up to whole pages
   * @param owner - as for `release`
   * @returns false, with nothing changed, when the pages behind the span are not free
   * @throws InvalidSizeError `PERFLOC_ARENA_INVALID_SIZE`, InvalidAddressError `PERFLOC_ARENA_INVALID_ADDRESS`
   * @remarks Complexity: O(pages added + log pages of the chunk).
   */
  resize(address: Address, byteLength: number, owner?: object): boolean {
    checkSpanBytes(byteLength);
    const chunk = this.#spanStart(address);
    this.#checkOwner(address, owner);
    const usedBefore = chunk.usedBytes;
    const pageCount = (byteLength + PAGE_BYTES - 1) >>> PAGE_SHIFT;
    const isResized = chunk.resizeRun((address - chunk.base) >>> PAGE_SHIFT, pageCount);
    this.#tally.addUsed(chunk.usedBytes - usedBefore);
    return isResized;
  }

  /**
   * Length in bytes of the span that begins at `address`.
   * @throws InvalidAddressError `PERFLOC_ARENA_INVALID_ADDRESS` when no span begins there
   */
  spanBytes(address: Address): number {
    const chunk = this.#spanStart(address);
    return chunk.runAt((address - chunk.base) >>> PAGE_SHIFT) * PAGE_BYTES;
  }

  /**
   * The top chunk that an address lies in. O(1), by one look-up in a table.
   * @throws InvalidAddressError `PERFLOC_ARENA_INVALID_ADDRESS` for NULL, for what is no address, and where no chunk is held
   */
  chunkAt(address: Address): TopChunk {
    // findChunk, written out: through it, a word written for each bump allocation takes 7.1 instead of 3.7 ns.
    if (typeof address === "number" && address >>> 0 === address && address !== 0) {
      const chunk = this.#stretches[address >>> this.#stretchShift];
      if (chunk !== undefined && address - chunk.base < chunk.byteLength) return chunk;
    }
    throw notInChunk(address);
  }

  /** As `chunkAt`, but answers `undefined` where that throws. */
  findChunk(address: Address): TopChunk | undefined {
    // The type first: a bigint or a symbol would throw at the shift.
    if (typeof address !== "number" || address >>> 0 !== address || address === 0) return undefined;
    const chunk = this.#stretches[address >>> this.#stretchShift];
    return chunk !== undefined && address - chunk.base < chunk.byteLength ? chunk : undefined;
  }

  /**
   * Gives an empty top chunk back to the OS. Its entry stays in the vector, and it comes back under the same addresses
   * when memory is needed again.
   * @param index - position in `chunks`
   * @returns bytes given back; 0 when the chunk was vacant already, or when the source cannot take memory back
   * @throws ChunkInUseError `PERFLOC_ARENA_CHUNK_IN_USE` while spans of it are reserved
   * @throws InvalidSizeError `PERFLOC_ARENA_INVALID_INDEX` for an index that is not in the vector
   * @throws ReleaseFailedError `PERFLOC_ARENA_RELEASE_FAILED` when the source throws; the chunk is then still held
   * @remarks Invalidates the chunk's typed arrays (`epoch` goes up). Complexity: O(slots that the chunk covers).
   */
  releaseChunk(index: number): number {
    const chunk = Number.isInteger(index) ? this.#chunks[index] : undefined;
    if (chunk === undefined) {
      throw new InvalidSizeError(
        "PERFLOC_ARENA_INVALID_INDEX",
        "chunk index",
        index,
        0,
        this.#chunks.length - 1,
      );
    }
    if (chunk.usedBytes > 0) throw new ChunkInUseError(index, chunk.usedBytes);
    const range = chunk.range;
    if (range === undefined || chunk.isLeaving || !this.#source.capabilities.canRelease) return 0;
    return this.#giveBack(chunk, range);
  }

  /**
   * Changes the most bytes that may be held. What is held already stays, even beyond a lower limit; nothing more is taken
   * from the source until enough has been given back.
   *
   * A `reserve` that would exceed the limit first gives empty chunks back, the largest first, if that makes room. (They are
   * gone also when the source then refuses the new chunk.)
   * @param maxBytes - 1 to 2^32
   * @throws InvalidSizeError `PERFLOC_ARENA_INVALID_OPTION`
   */
  setLimit(maxBytes: number): void {
    checkMaxBytes(maxBytes);
    this.#maxBytes = maxBytes;
  }

  /**
   * Has `listener` called whenever a release leaves a top chunk without spans, and whenever a chunk is taken from the source,
   * so that a policy above need not look again and again. It is called inside `release` and `reserve`: it may
   * note the fact and arm a timer, but not call the arena, and it must not throw.
   * @returns takes the listener away again
   */
  watchChunks(listener: () => void): () => void {
    if (typeof listener !== "function") {
      throw new InvalidOptionError(
        "PERFLOC_ARENA_INVALID_OPTION",
        "listener",
        listener,
        "it must be a function",
      );
    }
    const registration = (): void => listener();
    this.#watchers.push(registration);
    return () => {
      const position = this.#watchers.indexOf(registration);
      if (position >= 0) this.#watchers.splice(position, 1);
    };
  }

  /**
   * Has `listener` called whenever a top chunk was taken from the source or given back, with the chunk and the bytes that are held more
   * (above 0) or less (below 0) since. It is called inside `reserve`, `releaseChunk` and `dispose`: it may note the fact,
   * but not call the arena, and it must not throw.
   * @returns takes the listener away again
   */
  watchHeld(listener: HeldWatcher): () => void {
    if (typeof listener !== "function") {
      throw new InvalidOptionError(
        "PERFLOC_ARENA_INVALID_OPTION",
        "listener",
        listener,
        "it must be a function",
      );
    }
    const registration: HeldWatcher = (chunk, byteLength) => listener(chunk, byteLength);
    this.#heldWatchers = [...this.#heldWatchers, registration];
    return () => {
      this.#heldWatchers = this.#heldWatchers.filter((watcher) => watcher !== registration);
    };
  }

  /** Counters of this arena, at no cost. */
  stats(): ArenaStats {
    return arenaStats(this.#tally, this.#chunks);
  }

  /**
   * Walks every page record and checks it against every other record of the same fact.
   * @throws CorruptionError `PERFLOC_ARENA_CORRUPT` at the first that disagrees
   * @remarks Complexity: O(pages held).
   */
  verify(): void {
    verifyArena(this, this.#ladder, this.#slots);
  }

  /** A drawing of the top chunks and their spans, for people. */
  describe(): string {
    return describeArena(this);
  }

  /**
   * Gives every chunk back, also those in use, and ends the arena: later calls throw. Doing it twice does nothing.
   * @throws ReleaseFailedError `PERFLOC_ARENA_RELEASE_FAILED` when the source throws; this chunk and those after it are
   *   then still held and usable, and another call goes on there
   */
  dispose(): void {
    if (this.#isDisposed) return;
    // What a source takes while it releases would stay held for good.
    this.#isEnding = true;
    try {
      for (const chunk of this.#chunks) {
        const { range } = chunk;
        if (range !== undefined && !chunk.isLeaving) this.#giveBack(chunk, range);
      }
      this.#isDisposed = true;
    } finally {
      this.#isEnding = false;
    }
  }

  /** As {@link Arena.dispose}: the end of a `using` block. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  static {
    printsAs(Arena.prototype, (arena) => arena.describe());
  }

  /** The lowest held chunk with room. */
  #findRoom(pageCount: number, order: number): TopChunk | undefined {
    const slots = this.#slots;
    for (let slot = 0; slot < slots.length; slot++) {
      const chunk = slots[slot];
      if (chunk === undefined) continue;
      if (chunk.hasRoom(pageCount, order) || chunk.hasRoomMerged(pageCount, order)) return chunk;
    }
    return undefined;
  }

  #cut(chunk: TopChunk, pageCount: number, order: number): Address {
    this.#tally.addUsed(pageCount * PAGE_BYTES);
    this.#tally.spanCount++;
    return chunk.reserveRun(pageCount, order);
  }

  #ring(): void {
    for (const watcher of this.#watchers) watcher();
  }

  #giveBack(chunk: TopChunk, range: BufferRange): number {
    const byteLength = chunk.byteLength;
    // A source may come back here while it releases, for instance to allocate.
    chunk.isLeaving = true;
    try {
      this.#source.release(range);
    } catch (error) {
      throw new ReleaseFailedError(chunk.index, byteLength, error);
    } finally {
      chunk.isLeaving = false;
    }
    const first = this.#ladder.slotOf(chunk.base);
    for (let slot = first; this.#slots[slot] === chunk; slot++) this.#slots[slot] = undefined;
    const stretches = this.#stretches;
    for (let at = chunk.base >>> this.#stretchShift; stretches[at] === chunk; at++)
      stretches[at] = undefined;
    if (chunk.usedBytes > 0) {
      // Only `dispose` takes spans away. The source may have released some: it is asked before they are counted.
      this.#tally.spanCount -= chunk.countSpans();
      this.#tally.usedBytes -= chunk.usedBytes;
    }
    chunk.vacate();
    this.#tally.addReleased(byteLength);
    this.#cutTables();
    for (const watcher of this.#heldWatchers) watcher(chunk, -byteLength);
    return byteLength;
  }

  /** Ends the slot and owner tables behind the highest chunk that is held. */
  #cutTables(): void {
    const slots = this.#slots;
    while (slots.length > 0 && slots.at(-1) === undefined) slots.pop();
    this.#pageOwners.length = slots.at(-1)?.endPage ?? 0;
    const stretches = this.#stretches;
    while (stretches.length > 0 && stretches.at(-1) === undefined) stretches.pop();
  }

  /** Takes a top chunk that has a free block of `order`, or is exactly as long as an oversize span, from the source. */
  #grow(pageCount: number, order: number): TopChunk {
    this.#checkAlive();
    const needBytes = pageCount * PAGE_BYTES;
    const blockBytes = PAGE_BYTES * 2 ** order;
    const { capBytes, slotCount } = this.#ladder;
    const allowed = this.#maxBytes - this.#tally.heldBytes;
    const isOversize = blockBytes > capBytes;
    const slot = isOversize
      ? this.#findVacantRun(Math.ceil(needBytes / capBytes))
      : this.#findVacantSlot(blockBytes, allowed);
    // An oversize span gets a chunk of just its length; any other a whole slot, or the part of one that the limit allows.
    const leastBytes = isOversize ? needBytes : leastInSlot(slot, blockBytes);
    let byteLength = Math.max(this.#ladder.byteLengthOf(slot), leastBytes);
    while (byteLength > allowed && byteLength / 2 >= leastBytes) byteLength /= 2;
    if (byteLength > allowed && slot < slotCount && this.#releaseEmpty(byteLength - allowed)) {
      return this.#grow(pageCount, order);
    }
    if (slot >= slotCount || byteLength > allowed) throw this.#limitReached(needBytes, byteLength);
    const { chunksReserved } = this.#tally;
    const held = this.#acquire(byteLength, leastBytes, needBytes);
    if (chunksReserved === this.#tally.chunksReserved) return this.#hold(slot, held);
    // The source came back here to reserve, and what was found out above is no longer true.
    if (this.#source.capabilities.canRelease) this.#source.release(held.range);
    return this.#findRoom(pageCount, order) ?? this.#grow(pageCount, order);
  }

  /**
   * Gives empty chunks back, the largest first, until `byteLength` more may be held; none when all together are not enough.
   * When the source refuses some of them it may have been in vain.
   */
  #releaseEmpty(byteLength: number): boolean {
    const empty = this.#chunks.filter(
      (chunk) => chunk.isHeld && chunk.usedBytes === 0 && !chunk.isLeaving,
    );
    const emptyBytes = empty.reduce((sum, chunk) => sum + chunk.byteLength, 0);
    if (emptyBytes < byteLength || !this.#source.capabilities.canRelease) return false;
    empty.sort((a, b) => b.byteLength - a.byteLength || b.base - a.base);
    let missingBytes = byteLength;
    for (const chunk of empty) {
      if (missingBytes > 0) missingBytes -= this.#tryReleaseChunk(chunk);
    }
    return missingBytes <= 0;
  }

  /** Bytes given back; 0, with the chunk still held, when the source throws or has come back and reserved a span in it. */
  #tryReleaseChunk(chunk: TopChunk): number {
    try {
      return this.releaseChunk(chunk.index);
    } catch (error) {
      if (error instanceof ReleaseFailedError || error instanceof ChunkInUseError) return 0;
      throw error;
    }
  }

  /** The lowest vacant slot that can hold an aligned block of `blockBytes`; `slotCount` when there is none. */
  #findVacantSlot(blockBytes: number, allowedBytes: number): number {
    const { slotCount } = this.#ladder;
    // Half of slot 0 is all that it can give in one block: its first page is NULL.
    const fitsFirst =
      this.#ladder.byteLengthOf(0) > blockBytes && leastInSlot(0, blockBytes) <= allowedBytes;
    let slot = fitsFirst ? 0 : 1;
    while (
      slot < slotCount &&
      (this.#slots[slot] !== undefined || this.#ladder.byteLengthOf(slot) < blockBytes)
    )
      slot++;
    return slot;
  }

  /** The lowest run of vacant slots at the cap; `slotCount` when there is none. */
  #findVacantRun(runLength: number): number {
    const { slotCount, capBytes } = this.#ladder;
    let vacant = 0;
    for (let slot = 1; slot < slotCount; slot++) {
      const isVacant =
        this.#slots[slot] === undefined && this.#ladder.byteLengthOf(slot) === capBytes;
      vacant = isVacant ? vacant + 1 : 0;
      if (vacant === runLength) return slot - runLength + 1;
    }
    return slotCount;
  }

  #acquire(wantedBytes: number, leastBytes: number, needBytes: number): HeldRange {
    for (let byteLength = wantedBytes; ; byteLength /= 2) {
      try {
        return { range: this.#ask(byteLength + byteLength / GRANULE_BYTES), byteLength };
      } catch (error) {
        if (byteLength / 2 < Math.max(leastBytes, HALVE_ABOVE_BYTES)) {
          throw this.#sourceRefused(needBytes, byteLength, error);
        }
      }
    }
  }

  /** Keeps the source's precondition: it is never asked for more than it says that it can give. */
  #ask(byteLength: number): BufferRange {
    const { maxByteLength } = this.#source.capabilities;
    if (byteLength > maxByteLength) {
      throw new RangeError(
        `${byteLength} bytes are more than the ${maxByteLength} that the source gives at once`,
      );
    }
    const range = this.#source.acquire(byteLength);
    const { buffer, byteOffset } = range;
    if (byteOffset % GRANULE_BYTES === 0 && byteOffset + byteLength <= buffer.byteLength)
      return range;
    throw new RangeError(
      `the source answered a range at ${byteOffset} of a buffer of ${buffer.byteLength} bytes when asked for ${byteLength}`,
    );
  }

  #hold(slot: number, { range, byteLength }: HeldRange): TopChunk {
    const base = this.#ladder.baseOf(slot);
    const lastSlot = this.#ladder.slotOf(base + byteLength - 1);
    let chunk = this.#chunks.find((entry) => entry.base === base);
    if (chunk === undefined) {
      chunk = new TopChunk(this.#chunks.length, base, this.#pageOwners);
      this.#chunks.push(chunk);
    }
    chunk.hold(range, byteLength);
    while (this.#slots.length < slot) this.#slots.push(undefined);
    for (let covered = slot; covered <= lastSlot; covered++) this.#slots[covered] = chunk;
    const stretches = this.#stretches;
    const firstStretch = base >>> this.#stretchShift;
    const lastStretch = (base + byteLength - 1) >>> this.#stretchShift;
    // By pushes: the array keeps no holes, which would make every look-up slow.
    while (stretches.length < firstStretch) stretches.push(undefined);
    for (let at = firstStretch; at <= lastStretch; at++) stretches[at] = chunk;
    this.#tally.addReserved(byteLength);
    for (const watcher of this.#heldWatchers) watcher(chunk, byteLength);
    this.#ring();
    return chunk;
  }

  #spanStart(address: Address): TopChunk {
    const chunk = this.findChunk(address);
    if (chunk !== undefined && (address & (PAGE_BYTES - 1)) === 0) {
      if (chunk.runAt((address - chunk.base) >>> PAGE_SHIFT) > 0) return chunk;
    }
    this.#checkAlive();
    throw new InvalidAddressError(
      "PERFLOC_ARENA_INVALID_ADDRESS",
      address,
      address === 0 ? "points nowhere" : "is not the beginning of a span that is reserved",
      "Pass what reserve() answered, once.",
    );
  }

  #checkOwner(address: Address, owner: object | undefined): void {
    const named = this.#pageOwners[address >>> PAGE_SHIFT];
    if (named === owner) return;
    throw new InvalidAddressError(
      "PERFLOC_ARENA_OWNED",
      address,
      named === undefined
        ? "begins a span without an owner"
        : // oxlint-disable-next-line typescript/no-base-to-string -- owners that matter say who they are
          `begins a span that belongs to a ${String(named)}`,
      "Only its owner may release or resize a span: drop the context that it belongs to.",
    );
  }

  #checkAlive(): void {
    if (!this.#isDisposed && !this.#isEnding) return;
    throw new UseAfterDropError(
      "PERFLOC_ARENA_DISPOSED",
      "arena",
      "cannot reserve or release spans: the arena was disposed",
      "Make a new Arena; nothing of a disposed one can be used again.",
    );
  }

  #limitReached(needBytes: number, byteLength: number): LimitExceededError {
    const { heldBytes, usedBytes } = this.#tally;
    return new LimitExceededError(
      "PERFLOC_ARENA_LIMIT",
      `could not reserve ${needBytes} bytes: a top chunk of ${byteLength} bytes on top of ${heldBytes} held exceeds the limit of ${this.#maxBytes}`,
      this.#maxBytes < ADDRESS_SPACE_BYTES
        ? "Raise maxBytes, drop contexts, or release empty chunks with releaseChunk()."
        : "All 4 GiB of addresses are taken: drop contexts, or use a second heap.",
      { requestedBytes: needBytes, heldBytes, usedBytes, limitBytes: this.#maxBytes },
      summarizeArena(this.stats()),
    );
  }

  #sourceRefused(needBytes: number, byteLength: number, cause: unknown): OutOfMemoryError {
    const { heldBytes, usedBytes } = this.#tally;
    return new OutOfMemoryError(
      "PERFLOC_ARENA_OUT_OF_MEMORY",
      `could not reserve ${needBytes} bytes: the ${this.#source.capabilities.name} source refused ${byteLength} bytes, ${heldBytes} are held`,
      "The machine or the process limit has no more memory; drop contexts and release empty chunks.",
      { requestedBytes: needBytes, heldBytes, usedBytes, limitBytes: Infinity },
      summarizeArena(this.stats()),
      { cause },
    );
  }
}

/** The kind of the parked spans of an arena in which none was parked yet. */
const NOBODY = {};

/** Shortest chunk that holds an aligned block: twice its length in slot 0, where the first page is NULL. */
function leastInSlot(slot: number, blockBytes: number): number {
  return slot === 0 ? 2 * blockBytes : blockBytes;
}

function notInChunk(address: unknown): InvalidAddressError {
  return new InvalidAddressError(
    "PERFLOC_ARENA_INVALID_ADDRESS",
    address,
    address === 0 ? "points nowhere" : "lies in no top chunk that is held",
    "Pass an address that reserve() or alloc() of this heap answered and that is still live.",
  );
}
