/**
 * A process chunk: a span that belongs to one context, in which its objects lie.
 *
 *   offset  0        4            8         12        16
 *           | magic  | byteLength | forward | owner   | objects ...            | free ...        |
 *           base                                      firstObject              highWater         end
 *
 * The header is in the bytes, so that the chain of a context can be walked from the bytes alone: `forward` is the address
 * of the next chunk of the chain (0 in the newest), `owner` the id of the context. Everything that is hot lives outside.
 */
import {
  type Address,
  type Arena,
  CorruptionError,
  type ParkingOwner,
  type TopChunk,
} from "@perfloc/arena";
import { corruptionHint } from "./errors.js";
import type { MemoryContext } from "./memory-context.js";

/** Bytes of the header. Objects begin behind it, 16-aligned. */
export const HEADER_BYTES = 16;

/** "PFLC" as a little-endian word. */
const MAGIC = 0x434c4650;

/** Up to this many 8-byte words a loop beats the fixed cost of the engine's fill. */
const LOOP_WORDS = 64;

const MAGIC_WORD = 0;
const LENGTH_WORD = 1;
const FORWARD_WORD = 2;
const OWNER_WORD = 3;

/** The descriptor of one process chunk; its context's chain is the only writer. */
export class ProcessChunk implements ParkingOwner {
  /*
   * What frees and reuse touch comes first and is kept here, one step from the page table.
   */
  /** The context while objects of this chunk can be freed; `undefined` while a mark of checkpoint() is younger. */
  freesFor: MemoryContext | undefined;
  readonly topBase: Address;
  readonly marks: Uint8Array;
  readonly words: Int32Array;
  /** Whose objects lie here; `undefined` while it is parked. */
  context: MemoryContext | undefined;
  /** First address of the span. */
  readonly base: Address;
  readonly top: TopChunk;
  /** Index of the header in `words`. */
  readonly headerWord: number;
  /** Position in the context's chain since its last reset: later chunks have higher numbers. */
  order: number;
  /** Whether it holds one big object and nothing else. */
  readonly isDedicated: boolean;
  byteLength: number;
  /**
   * End of what was ever cut off this chunk; the context's cursor is newer while the chunk is the current one. Marks
   * beyond it are zero.
   */
  highWater: Address;
  next: ProcessChunk | undefined = undefined;
  previous: ProcessChunk | undefined = undefined;
  /** The arena's: the next parked chunk of the same length. */
  nextParked: ParkingOwner | undefined = undefined;

  constructor(
    context: MemoryContext,
    top: TopChunk,
    base: Address,
    byteLength: number,
    order: number,
    isDedicated: boolean,
  ) {
    this.freesFor = context;
    this.topBase = top.base;
    this.marks = top.marks;
    this.words = top.i32;
    this.context = context;
    this.top = top;
    this.base = base >>> 0;
    this.byteLength = byteLength >>> 0;
    this.order = order;
    this.isDedicated = isDedicated;
    this.highWater = (base + HEADER_BYTES) >>> 0;
    this.headerWord = (base - this.topBase) >>> 2;
    this.#writeHeader(context);
    top.setOwner(base, this);
  }

  /** A parked chunk of `byteLength` begins anew as the newest of `context`; `undefined` when a new one is to be made. */
  static unpark(
    context: MemoryContext,
    byteLength: number,
    order: number,
  ): ProcessChunk | undefined {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only process chunks park under their class
    const chunk = context.state.arena.unpark(byteLength, ProcessChunk) as ProcessChunk | undefined;
    if (chunk === undefined) return undefined;
    chunk.context = context;
    chunk.freesFor = context;
    chunk.order = order;
    chunk.highWater = (chunk.base + HEADER_BYTES) >>> 0;
    chunk.#writeHeader(context);
    return chunk;
  }

  /** Leaves the chain and gives the span back, to be begun anew where it has a usual length. */
  park(): void {
    const { state } = this.context!;
    this.context = undefined;
    this.freesFor = undefined;
    this.next = undefined;
    this.previous = undefined;
    state.arena.park(this, ProcessChunk);
  }

  #writeHeader(context: MemoryContext): void {
    const { words, headerWord: word } = this;
    words[word + MAGIC_WORD] = MAGIC;
    words[word + LENGTH_WORD] = this.byteLength;
    words[word + FORWARD_WORD] = 0;
    words[word + OWNER_WORD] = context.id;
  }

  get firstObject(): Address {
    return this.base + HEADER_BYTES;
  }

  get end(): Address {
    return this.base + this.byteLength;
  }

  /** Links the chunk that objects are forwarded to, in the bytes and outside. */
  forwardTo(next: ProcessChunk | undefined): void {
    this.next = next;
    if (next !== undefined) next.previous = this;
    this.words[this.headerWord + FORWARD_WORD] = next === undefined ? 0 : next.base;
  }

  /** Records a new length after the span was resized in place. */
  resizeTo(byteLength: number): void {
    this.byteLength = byteLength;
    this.words[this.headerWord + LENGTH_WORD] = byteLength;
  }

  /** Zeroes the marks of everything that was cut off this chunk. */
  clearMarks(highWater: Address): void {
    const words = this.top.markWords;
    const topBase = this.top.base;
    const start = (this.base - topBase) >>> 6;
    const end = (highWater - topBase + 63) >>> 6;
    if (end - start > LOOP_WORDS) words.fill(0, start, end);
    else for (let word = start; word < end; word++) words[word] = 0;
  }

  /** @throws CorruptionError when the header in the bytes disagrees with this record */
  verifyHeader(): void {
    const words = this.top.u32;
    const word = this.headerWord;
    const forward = this.next === undefined ? 0 : this.next.base;
    this.#expect(
      words[word + MAGIC_WORD] === MAGIC,
      "the magic number of a process chunk header was overwritten",
    );
    this.#expect(
      words[word + LENGTH_WORD] === this.byteLength,
      "the length in a process chunk header was overwritten",
    );
    this.#expect(
      words[word + FORWARD_WORD] === forward,
      "the forward address in a process chunk header was overwritten",
    );
    this.#expect(
      words[word + OWNER_WORD] === this.context!.id,
      "the owner in a process chunk header was overwritten",
    );
  }

  #expect(holds: boolean, fact: string): void {
    if (holds) return;
    const where = `${fact} (context "${this.context!.name}")`;
    const hint = corruptionHint(this.context!.state.check);
    throw new CorruptionError("PERFLOC_CONTEXT_CORRUPT", this.base, where, hint);
  }

  /** For `arena.describe()` and debuggers. */
  toString(): string {
    return `process chunk of ${this.byteLength} bytes of context "${this.context!.name}"`;
  }
}

/** The process chunk that an address lies in, of whichever context of any heap on this arena. O(1). */
export function processChunkAt(arena: Arena, address: Address): ProcessChunk | undefined {
  const owner = arena.findChunk(address)?.ownerAt(address);
  return owner instanceof ProcessChunk ? owner : undefined;
}
