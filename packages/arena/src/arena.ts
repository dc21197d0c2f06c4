/**
 * The arena: a vector of top chunks in one 32-bit address space, cut into spans of pages. A facade:
 *
 *   tables/      planes (cells, page table), top chunks: the facts
 *   placement/   where chunks and spans go: decisions without state
 *   spans/       reserve, release, park, resize
 *   chunks/      taking chunks from the source, giving them back, watchers
 *   sources/     where memory comes from
 *   report/      figures, drawings, verification, out of memory
 *
 * It knows spans and pages only: objects, scopes and policies live in the layers above.
 */
import { type ArenaOptions, checkMaxBytes, resolveArenaOptions } from "./arena-options.js";
import { ChunkHolder } from "./chunks/chunk-holder.js";
import { ChunkWatchers, type HeldWatcher } from "./chunks/chunk-watchers.js";
import {
  ChunkInUseError,
  InvalidAddressError,
  InvalidSizeError,
  type PerflocError,
  UseAfterDropError,
} from "./errors.js";
import { type Address, PAGE_BYTES, PAGE_SHIFT } from "./placement/address.js";
import { SlotLadder } from "./placement/slot-ladder.js";
import { checkSpanBytes } from "./placement/span-bytes.js";
import { type ArenaStats, ArenaTally, arenaStats } from "./report/arena-stats.js";
import { describeArena } from "./report/describe-arena.js";
import { printsAs } from "./report/inspect.js";
import { verifyArena } from "./report/verify-arena.js";
import { ArrayBufferSource } from "./sources/array-buffer-source.js";
import type { BufferSource } from "./sources/buffer-source.js";
import { SpanAllocator } from "./spans/span-allocator.js";
import { Planes } from "./tables/planes.js";
import { runAt } from "./tables/page-table.js";
import { type TopChunk, chunkLost } from "./tables/top-chunk.js";
import { TopChunkTable } from "./tables/top-chunk-table.js";

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
  /** The facts about pages and granules, for the layer above. @internal */
  readonly planes: Planes;
  /** Spans with owners, for the layer above. @internal */
  readonly spans: SpanAllocator;
  /** What the layer above knows of the owners; the arena never looks at it. @internal */
  owners: object | undefined = undefined;
  readonly #table: TopChunkTable;
  readonly #holder: ChunkHolder;
  readonly #watchers = new ChunkWatchers();
  readonly #tally = new ArenaTally();
  /** The table's, one load nearer to `chunkAt`. */
  private readonly stretches: readonly (TopChunk | undefined)[];
  private readonly stretchShift: number;
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
    const planes = new Planes(source.planes ?? new ArrayBufferSource());
    const table = new TopChunkTable(new SlotLadder(initialChunkBytes, maxChunkBytes), planes);
    const holder = new ChunkHolder(source, maxBytes, table, planes, this.#tally, this.#watchers);
    this.planes = planes;
    this.spans = new SpanAllocator(table, planes, this.#tally, this.#watchers, (count, order) => {
      this.#checkAlive();
      return holder.grow(count, order, this.spans);
    });
    this.#table = table;
    this.#holder = holder;
    this.stretches = table.stretches;
    this.stretchShift = table.stretchShift;
  }

  /**
   * The top-chunk vector, in the order in which chunks were first held. Entries never move; a released one stays as a
   * vacant entry with `byteLength` 0 until its addresses are needed again.
   */
  get chunks(): readonly TopChunk[] {
    return this.#table.chunks;
  }

  /** Most bytes ever held from the OS; see {@link Arena.setLimit}. */
  get maxBytes(): number {
    return this.#holder.maxBytes;
  }

  /** Whether `dispose` was called. */
  get isDisposed(): boolean {
    return this.#isDisposed;
  }

  /** The source that chunks come from. */
  get source(): BufferSource {
    return this.#holder.source;
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
   * @remarks Complexity: O(pages of the span + log pages of a chunk + chunks), independent of the number of spans; for lengths that are
   * no power of two O(spans of a chunk).
   */
  reserve(byteLength: number): Address {
    checkSpanBytes(byteLength);
    return this.spans.reserve((byteLength + PAGE_BYTES - 1) >>> PAGE_SHIFT, 0);
  }

  /**
   * Takes a span back whole. Its pages merge with free neighbours; no memory goes to the OS (see `releaseChunk`).
   * @param address - what `reserve` returned
   * @throws InvalidAddressError `PERFLOC_ARENA_INVALID_ADDRESS` when no span begins there (also for a second release),
   * `PERFLOC_ARENA_OWNED` when it belongs to a memory context
   * @remarks Complexity: O(pages of the span + log pages of the chunk). Invalidates every address in the span.
   */
  release(address: Address): void {
    const chunk = this.#spanStart(address);
    this.#checkUnowned(chunk, address);
    this.spans.release(address);
  }

  /**
   * Makes a span longer or shorter where it lies.
   * @param address - what `reserve` returned
   * @param byteLength - the new length, 1 to 2^30 + 8192 bytes; rounded up to whole pages
   * @returns false, with nothing changed, when the pages behind the span are not free
   * @throws InvalidSizeError `PERFLOC_ARENA_INVALID_SIZE`, InvalidAddressError as `release`
   * @remarks Complexity: O(pages added + log pages of the chunk).
   */
  resize(address: Address, byteLength: number): boolean {
    checkSpanBytes(byteLength);
    const chunk = this.#spanStart(address);
    this.#checkUnowned(chunk, address);
    return this.spans.resize(address, (byteLength + PAGE_BYTES - 1) >>> PAGE_SHIFT);
  }

  /**
   * Length in bytes of the span that begins at `address`.
   * @throws InvalidAddressError `PERFLOC_ARENA_INVALID_ADDRESS` when no span begins there
   */
  spanBytes(address: Address): number {
    this.#spanStart(address);
    return runAt(this.planes.pages, address >>> PAGE_SHIFT) * PAGE_BYTES;
  }

  /**
   * The top chunk that an address lies in. O(1), by one look-up in a table.
   * @throws InvalidAddressError `PERFLOC_ARENA_INVALID_ADDRESS` for NULL, for what is no address, and where no chunk is held
   */
  chunkAt(address: Address): TopChunk {
    // TopChunkTable.find, written out: through it, a word written for each bump allocation takes 7.1 instead of 3.7 ns.
    if (typeof address === "number" && address >>> 0 === address && address !== 0) {
      const chunk = this.stretches[address >>> this.stretchShift];
      // The length of an array whose buffer was transferred away is 0.
      if (chunk !== undefined && address - chunk.base < chunk.bytes.length) return chunk;
    }
    throw this.#notInChunk(address);
  }

  /** As `chunkAt`, but returns `undefined` where that throws. */
  findChunk(address: Address): TopChunk | undefined {
    const chunk = this.#table.find(address);
    return chunk?.isLost === true ? undefined : chunk;
  }

  /**
   * Gives an empty top chunk back to the OS. Its entry stays in the vector, and it comes back under the same addresses
   * when memory is needed again.
   * @param index - position in `chunks`
   * @returns bytes given back; 0 when the chunk was vacant already, or when the source cannot take memory back
   * @throws ChunkInUseError `PERFLOC_ARENA_CHUNK_IN_USE` while spans of it are reserved
   * @throws InvalidSizeError `PERFLOC_ARENA_INVALID_INDEX` for an index that is not in the vector
   * @throws ReleaseFailedError `PERFLOC_ARENA_RELEASE_FAILED` when the source throws; the chunk is then still held
   * @remarks Invalidates the chunk's typed arrays (`epoch` goes up). Complexity: O(slots that the chunk covers), and O(pages with objects)
   * when the planes are rebuilt, which happens at most once for as many bytes as are then left.
   */
  releaseChunk(index: number): number {
    const { chunks } = this.#table;
    const chunk = Number.isInteger(index) ? chunks[index] : undefined;
    if (chunk === undefined) {
      throw new InvalidSizeError(
        "PERFLOC_ARENA_INVALID_INDEX",
        "chunk index",
        index,
        0,
        chunks.length - 1,
      );
    }
    if (chunk.usedBytes > 0) throw new ChunkInUseError(index, chunk.usedBytes);
    const { range } = chunk;
    if (range === undefined || chunk.isLeaving || !this.source.capabilities.canRelease) return 0;
    return this.#holder.giveBack(chunk, range, this.spans);
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
    this.#holder.maxBytes = maxBytes;
  }

  /**
   * Has `listener` called whenever a release leaves a top chunk without spans, and whenever a chunk is taken from the source,
   * so that a policy above need not look again and again. It is called inside `release` and `reserve`: it may
   * note the fact and arm a timer, but not call the arena, and it must not throw.
   * @returns removes the listener
   */
  watchChunks(listener: () => void): () => void {
    return this.#watchers.addChunkWatcher(listener);
  }

  /**
   * Has `listener` called whenever a top chunk was taken from the source or given back, with the chunk and the change of the held bytes:
   * above 0 or below. It is called inside `reserve`, `releaseChunk` and `dispose`: it may note the fact,
   * but not call the arena, and it must not throw.
   * @returns removes the listener
   */
  watchHeld(listener: HeldWatcher): () => void {
    return this.#watchers.addHeldWatcher(listener);
  }

  /** Counters of this arena. O(chunks). */
  stats(): ArenaStats {
    return arenaStats(this.#tally, this.#table.chunks);
  }

  /**
   * Walks every page record and checks it against every other record of the same fact.
   * @throws CorruptionError `PERFLOC_ARENA_CORRUPT` at the first that disagrees
   * @remarks Complexity: O(pages held).
   */
  verify(): void {
    verifyArena(this.#table, this.planes, this.stats());
  }

  /** Derives everything from the page table again: free pages, parked spans (none is left), used bytes. @internal */
  rebuild(): void {
    this.spans.rebuild();
  }

  /** A drawing of the top chunks and their spans, for people. */
  describe(): string {
    return describeArena(this.stats(), this.#table.chunks, this.planes);
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
      for (const chunk of this.#table.chunks) {
        const { range } = chunk;
        if (range !== undefined && !chunk.isLeaving)
          this.#holder.giveBack(chunk, range, this.spans);
      }
      this.#isDisposed = true;
      this.planes.dispose();
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

  #notInChunk(address: Address): PerflocError {
    const chunk = this.#table.find(address);
    if (chunk !== undefined) return chunkLost(chunk.index);
    return new InvalidAddressError(
      "PERFLOC_ARENA_INVALID_ADDRESS",
      address,
      address === 0 ? "points nowhere" : "lies in no top chunk that is held",
      "Pass an address that reserve() or alloc() of this heap returned and that is still live.",
    );
  }

  #spanStart(address: Address): TopChunk {
    const chunk = this.#table.find(address);
    if (chunk !== undefined && (address & (PAGE_BYTES - 1)) === 0) {
      if (runAt(this.planes.pages, address >>> PAGE_SHIFT) > 0) return chunk;
    }
    this.#checkAlive();
    throw new InvalidAddressError(
      "PERFLOC_ARENA_INVALID_ADDRESS",
      address,
      address === 0 ? "points nowhere" : "is not the beginning of a span that is reserved",
      "Pass what reserve() returned, once.",
    );
  }

  #checkUnowned(chunk: TopChunk, address: Address): void {
    const owner = chunk.ownerAt(address);
    if (owner === 0) return;
    throw new InvalidAddressError(
      "PERFLOC_ARENA_OWNED",
      address,
      `begins a span that belongs to context ${owner} of a heap`,
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
}
