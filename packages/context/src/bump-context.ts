/**
 * The bump kind: objects are cut one behind the other and die together.
 *
 * It cannot: free or reallocate one object, or tell an object's size; it keeps nothing about objects, so each costs just
 * its bytes, rounded up to 8. Best for what has one lifetime: a frame, a request, a parse tree.
 *
 *   | header | object | object | object      | object | free ...      |
 *   base                                              cursor          limitAddress
 */
import type { Address } from "@perfloc/arena";
import { MIN_ALIGNMENT, alignUp, checkAlignment, checkByteLength } from "./allocation-request.js";
import type { ContextFigures } from "./context-stats.js";
import { ContextMark } from "./context-mark.js";
import { WrongKindError } from "./errors.js";
import { MemoryContext } from "./memory-context.js";
import { HEADER_BYTES, type ProcessChunk } from "./process-chunk.js";

/** Longer objects get a process chunk of their own, so that they neither end the current one early nor grow the next. */
const LARGEST_SHARED = 32 * 1024;

/** The module's own copy: V8 folds it into the hot path, while an imported binding is a load from memory each time. */
const DEFAULT_ALIGNMENT = MIN_ALIGNMENT;

export class BumpContext extends MemoryContext {
  /** Hot path: the bump and its test. Nothing may be added here. */
  override alloc(byteLength: number, alignment: number = DEFAULT_ALIGNMENT): Address {
    if (
      typeof byteLength === "number" &&
      (byteLength | 0) === byteLength &&
      (byteLength - 1) >>> 0 < LARGEST_SHARED &&
      alignment === DEFAULT_ALIGNMENT
    ) {
      const address = this.cursor;
      const next = address + ((byteLength + 7) & ~7);
      if (next <= this.limitAddress) {
        this.cursor = next;
        return address >>> 0;
      }
    }
    return this.#allocSlowly(byteLength, alignment) >>> 0;
  }

  override free(_address: Address): void {
    this.checkAlive("free in");
    throw this.#refuse("free one object", "Reset or drop the context to free everything");
  }

  override realloc(_address: Address, _byteLength: number): Address {
    this.checkAlive("reallocate in");
    throw this.#refuse("reallocate an object", "Allocate a new one and copy");
  }

  override sizeOf(_address: Address): number {
    this.checkAlive("size an object of");
    throw this.#refuse("tell the size of an object", "Remember the length that you asked for");
  }

  /** Bad arguments, 0 bytes, larger alignments, big objects, a full chunk. */
  #allocSlowly(byteLength: number, alignment: number): Address {
    checkByteLength(byteLength);
    checkAlignment(alignment);
    this.checkAlive("allocate in");
    const step = alignment > DEFAULT_ALIGNMENT ? alignment : DEFAULT_ALIGNMENT;
    const stride = alignUp(byteLength > 0 ? byteLength : 1, DEFAULT_ALIGNMENT);
    const address = alignUp(this.cursor, step);
    if (this.current !== undefined && address + stride <= this.limitAddress) {
      this.cursor = address + stride;
      return address;
    }
    // Room to align in a chunk whose objects begin 16-aligned.
    const needed = stride + (step > HEADER_BYTES ? step : 0);
    if (stride > LARGEST_SHARED) {
      const chunk = this.chain.appendDedicated(needed, byteLength);
      if (chunk === undefined) return this.#allocSlowly(byteLength, alignment);
      const start = alignUp(chunk.firstObject, step);
      chunk.highWater = start + stride;
      return start;
    }
    const chunk = this.chain.append(needed, byteLength);
    if (chunk === undefined) return this.#allocSlowly(byteLength, alignment);
    this.moveTo(chunk);
    const start = alignUp(this.cursor, step);
    this.cursor = start + stride;
    return start;
  }

  #refuse(operation: string, instead: string): WrongKindError {
    const hint = `${instead}, or open the context with kind "allocset".`;
    return this.misused(new WrongKindError(this.name, this.kind, operation, hint));
  }

  override figures(): ContextFigures {
    const { chain } = this;
    let liveBytes = 0;
    let freeBytes = 0;
    for (let chunk = chain.first; chunk !== undefined; chunk = chunk.next) {
      const highWater = this.highWaterOf(chunk);
      liveBytes += highWater - chunk.firstObject;
      freeBytes += chunk.end - highWater;
    }
    return {
      usedBytes: chain.usedBytes,
      liveBytes,
      freeBytes,
      headerBytes: chain.chunkCount * HEADER_BYTES,
      liveObjects: undefined,
      freeObjects: 0,
      processChunks: chain.chunkCount,
    };
  }

  override verifyObjects(): void {
    // No object has a record: verifyContext's walk of the chain is all there is to check.
  }

  override abandon(_chunk: ProcessChunk): void {
    // Nothing is kept outside the chunk.
  }

  protected override leaveTree(): void {
    // The empty region is all that it takes.
  }

  protected override forgetObjects(keeper: ProcessChunk | undefined): void {
    if (keeper === undefined) return;
    if (this.current !== keeper) this.moveTo(keeper);
    this.cursor = keeper.firstObject;
  }

  protected override makeMark(): ContextMark {
    const { chain, current, cursor } = this;
    return new ContextMark(chain.newest?.order ?? 0, chain.nextBytes, current, cursor, undefined);
  }

  protected override forgetMark(_mark: ContextMark): void {
    // A mark is a few numbers here: nothing was set aside for it.
  }

  protected override restoreMark(mark: ContextMark): void {
    this.leaveCurrent();
    this.chain.truncate(mark.order);
    this.chain.nextBytes = mark.nextBytes;
    if (mark.current === undefined) return;
    mark.current.highWater = mark.cursor;
    this.moveTo(mark.current);
  }
}
