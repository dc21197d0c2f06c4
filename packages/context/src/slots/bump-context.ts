/**
 * The bump kind: objects are cut one behind the other and die together.
 *
 * It cannot: free or reallocate one object, or tell an object's size; it keeps nothing about objects and touches no cell, so each costs
 * just its bytes, rounded up to 16. Best for what has one lifetime: a frame, a request, a parse tree.
 *
 *   | header | object | object | object      | object | free ...      |
 *   base                                              cursor          limitAddress
 */
import type { Address } from "@perfloc/arena";
import { MIN_ALIGNMENT, alignUp, checkAlignment, checkByteLength } from "../allocation-request.js";
import {
  appendChunk,
  appendDedicated,
  leaveChunk,
  moveToChunk,
  truncateChain,
} from "../chunks/chunk-chain.js";
import {
  HEADER_BYTES,
  chunkAround,
  chunkBytes,
  chunksOf,
  hasAllocated,
  highWaterOf,
  setHighWater,
} from "../chunks/chunk-header.js";
import { WrongKindError } from "../errors.js";
import { MemoryContext } from "../memory-context.js";
import type { ContextFigures } from "../report/context-figures.js";
import { ContextMark } from "../scopes/context-mark.js";
import { watchObject } from "../scopes/watched-objects.js";
import type { WatchedObject } from "../tables/context-node.js";

/** Longer objects get a process chunk of their own, so that they neither end the current one early nor grow the next. */
const LARGEST_SHARED = 32 * 1024;

/** The module's own copy: V8 folds it into the hot path, while an imported binding is a load from memory each time. */
const DEFAULT_ALIGNMENT = MIN_ALIGNMENT;

export class BumpContext extends MemoryContext {
  override get ownerFlags(): number {
    return 0;
  }

  /** Hot path: the bump and its test. Nothing may be added here. */
  override alloc(byteLength: number, alignment: number = DEFAULT_ALIGNMENT): Address {
    if (
      typeof byteLength === "number" &&
      (byteLength | 0) === byteLength &&
      (byteLength - 1) >>> 0 < LARGEST_SHARED &&
      alignment === DEFAULT_ALIGNMENT
    ) {
      const address = this.cursor;
      const next = address + ((byteLength + 15) & ~15);
      if (next <= this.limitAddress) {
        this.cursor = next;
        return address >>> 0;
      }
    }
    return this.allocSlow(byteLength, alignment) >>> 0;
  }

  override watch(address: Address): WatchedObject | undefined {
    return watchObject(this, address);
  }

  override depthOf(address: Address): number {
    if (!hasAllocated(this, address, 1)) return -1;
    const { marks } = this;
    if (marks.length === 0) return 0;
    const base = chunkAround(this.planes, address);
    const chunks = chunksOf(this);
    const position = chunks.indexOf(base);
    // A mark is younger than what was cut before it, and than all chunks up to the newest one of then.
    const depth = marks.findIndex(
      ({ currentChunk, cursor, newestChunk }) =>
        position <= chunks.indexOf(newestChunk) && (base !== currentChunk || address < cursor),
    );
    return depth < 0 ? marks.length : depth;
  }

  override setWatched(): void {
    // Nothing is ever freed here.
  }

  override free(_address: Address): void {
    this.checkAlive("free in");
    throw this.refuse("free one object", "Reset or drop the context to free everything");
  }

  override realloc(_address: Address, _byteLength: number): Address {
    this.checkAlive("reallocate in");
    throw this.refuse("reallocate an object", "Allocate a new one and copy");
  }

  override sizeOf(_address: Address): number {
    this.checkAlive("size an object of");
    throw this.refuse("tell the size of an object", "Remember the length that you asked for");
  }

  /** Bad arguments, 0 bytes, larger alignments, big objects, a full chunk. */
  private allocSlow(byteLength: number, alignment: number): Address {
    checkByteLength(byteLength);
    checkAlignment(alignment);
    this.checkAlive("allocate in");
    const step = alignment > DEFAULT_ALIGNMENT ? alignment : DEFAULT_ALIGNMENT;
    const stride = alignUp(byteLength > 0 ? byteLength : 1, DEFAULT_ALIGNMENT);
    const address = alignUp(this.cursor, step);
    if (this.currentChunk !== 0 && address + stride <= this.limitAddress) {
      this.cursor = address + stride;
      return address;
    }
    // Room to align in a chunk whose objects begin 16-aligned.
    const needed = stride + (step > HEADER_BYTES ? step : 0);
    if (stride > LARGEST_SHARED) {
      const base = appendDedicated(this, needed, needed, byteLength, false);
      if (base === 0) return this.allocSlow(byteLength, alignment);
      const start = alignUp(base + HEADER_BYTES, step);
      setHighWater(this.planes, base, start + stride);
      return start;
    }
    const base = appendChunk(this, needed, byteLength);
    if (base === 0) return this.allocSlow(byteLength, alignment);
    moveToChunk(this, base);
    const start = alignUp(this.cursor, step);
    this.cursor = start + stride;
    return start;
  }

  private refuse(operation: string, instead: string): WrongKindError {
    const hint = `${instead}, or open the context with kind "allocset".`;
    return this.misused(new WrongKindError(this.name, this.kind, operation, hint));
  }

  override figures(): ContextFigures {
    let liveBytes = 0;
    let freeBytes = 0;
    const bases = chunksOf(this);
    for (const base of bases) {
      const highWater = highWaterOf(this, base);
      liveBytes += highWater - base - HEADER_BYTES;
      freeBytes += base + chunkBytes(this.planes, base) - highWater;
    }
    return {
      usedBytes: this.usedBytes,
      liveBytes,
      freeBytes,
      headerBytes: bases.length * HEADER_BYTES,
      liveObjects: undefined,
      freeObjects: 0,
      processChunks: bases.length,
    };
  }

  override verifyObjects(): void {
    // No object has a record: verifyContext's walk of the chain is all there is to check.
    this.guards?.verify();
  }

  /** It does not know which chunks have no objects. */
  override releaseEmpty(): number {
    return 0;
  }

  override forgetObjects(): void {
    const { keeper } = this;
    if (keeper === 0) return;
    if (this.currentChunk !== keeper) moveToChunk(this, keeper);
    this.cursor = keeper + HEADER_BYTES;
  }

  override makeMark(): ContextMark {
    return new ContextMark(this.newestChunk, this.currentChunk, this.cursor, this.tag, undefined);
  }

  override forgetMark(_mark: ContextMark): void {
    // A mark is a few numbers here: nothing was set aside for it.
  }

  override restoreMark(mark: ContextMark): void {
    leaveChunk(this);
    truncateChain(this, mark.newestChunk);
    if (mark.currentChunk === 0) return;
    moveToChunk(this, mark.currentChunk);
    this.cursor = mark.cursor;
  }
}
