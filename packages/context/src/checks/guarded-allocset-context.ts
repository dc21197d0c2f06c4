/**
 * An allocset on the level `debug` or `sample`: the plain one, asked for longer objects.
 *
 *   alloc  ──► countdown not over ──► plain alloc                       hot on `sample`, never taken on `debug`
 *         └──► over ──► ObjectGuards.alloc                               cold
 *   free   ──► no guarded object in the cell of the filter ──► plain     hot on `sample`
 *         └──► perhaps one ──► ObjectGuards.free                         cold
 */
import type { Address, TopChunk } from "@perfloc/arena";
import { MAX_ALLOC_BYTES, checkAlignment, checkByteLength } from "../allocation-request.js";
import { AllocsetContext } from "../allocset-context.js";
import type { ContextFigures } from "../context-stats.js";
import type { ContextMark } from "../context-mark.js";
import type { ResolvedContextOptions } from "../context-options.js";
import type { HeapState } from "../heap-state.js";
import type { MemoryContext, ResetOptions } from "../memory-context.js";
import type { ProcessChunk } from "../process-chunk.js";
import type { CallbackScope } from "../reset-callbacks.js";
import { CANARY_BYTES } from "./fill-bytes.js";
import { FILTER_MASK, type GuardLedger } from "./guard-ledger.js";
import { type GuardedContext, ObjectGuards } from "./object-guards.js";
import type { Site } from "./site.js";
import { noteBeforeEnd, overwriteKeeper, withoutQuarantined } from "./guarded-end.js";

/** The module's own copy: V8 folds it into the hot path, while an imported binding is a load from memory each time. */
const MASK = FILTER_MASK;

export class GuardedAllocsetContext extends AllocsetContext implements GuardedContext {
  readonly guards: ObjectGuards;
  readonly sampler: GuardLedger["sampler"];
  readonly filter: Uint8Array;

  constructor(
    state: HeapState,
    parent: MemoryContext | undefined,
    name: string,
    options: ResolvedContextOptions,
    ledger: GuardLedger,
    openedAt: Site | undefined,
  ) {
    super(state, parent, name, options);
    this.guards = new ObjectGuards(this, ledger, options.expectFreed, openedAt);
    this.sampler = ledger.sampler;
    this.filter = ledger.filter;
  }

  /** Hot on `sample`. Nothing may be added before the plain call. */
  override alloc(byteLength: number, alignment: number = 8): Address {
    if (--this.sampler.countdown > 0) return super.alloc(byteLength, alignment);
    return this.#allocGuarded(byteLength, alignment);
  }

  /** Hot on `sample`. Nothing may be added before the plain call. */
  override free(address: Address): void {
    if (typeof address === "number" && this.filter[(address >>> 3) & MASK] !== 0)
      this.#freeGuarded(address);
    else super.free(address);
  }

  /** Hot on `sample`. Nothing may be added before the plain call. */
  override realloc(address: Address, byteLength: number): Address {
    if (typeof address === "number" && this.filter[(address >>> 3) & MASK] !== 0)
      return this.#reallocGuarded(address, byteLength);
    const { newest } = this.guards;
    const target = super.realloc(address, byteLength);
    if (this.guards.newest !== newest) this.guards.sealNewest();
    return target;
  }

  override sizeOf(address: Address): number {
    const record = this.guards.find(address);
    return record === undefined ? super.sizeOf(address) : this.guards.sizeOf(record, "sizeOf");
  }

  override bytes(address: Address, byteLength: number): Uint8Array {
    checkByteLength(byteLength);
    this.guards.checkRange(address, byteLength);
    return super.bytes(address, byteLength);
  }

  override reset(options?: ResetOptions): void {
    const { ledger } = this.guards;
    const start = ledger.pendingCount;
    try {
      super.reset(options);
    } catch (error) {
      ledger.tellSince(start);
      throw error;
    }
    if (ledger.pendingCount > start) ledger.throwSince(start);
  }

  override drop(): void {
    const { ledger } = this.guards;
    const start = ledger.pendingCount;
    try {
      super.drop();
    } catch (error) {
      ledger.tellSince(start);
      throw error;
    }
    if (ledger.pendingCount > start) ledger.throwSince(start);
  }

  override dropChildren(): void {
    const { ledger } = this.guards;
    const start = ledger.pendingCount;
    try {
      super.dropChildren();
    } catch (error) {
      ledger.tellSince(start);
      throw error;
    }
    ledger.throwSince(start);
  }

  protected override beforeEnd(scope: CallbackScope): void {
    if (this.guards.ledger.isDebug) noteBeforeEnd(this, scope);
  }

  override checkpoint(): ContextMark {
    this.guards.beforeMark();
    const mark = super.checkpoint();
    this.guards.afterMark();
    return mark;
  }

  override rollback(mark: ContextMark): void {
    const { guards } = this;
    const start = guards.ledger.pendingCount;
    const position = this.marks.indexOf(mark);
    if (position >= 0) guards.beforeRollback(position);
    super.rollback(mark);
    guards.forgetMarks(position);
    guards.ledger.throwSince(start);
  }

  override commit(mark: ContextMark): void {
    const { guards } = this;
    const start = guards.ledger.pendingCount;
    const position = this.marks.indexOf(mark);
    guards.ledger.isCommitting = true;
    try {
      super.commit(mark);
    } finally {
      guards.ledger.isCommitting = false;
    }
    guards.forgetMarks(position);
    guards.ledger.throwSince(start);
  }

  override figures(): ContextFigures {
    return withoutQuarantined(super.figures(), this.guards);
  }

  override verifyObjects(): void {
    super.verifyObjects();
    this.guards.poison?.update(this.cursor);
    this.guards.verify();
  }

  override abandon(chunk: ProcessChunk): void {
    this.guards.poison?.overwrite(chunk, this.highWaterOf(chunk));
    super.abandon(chunk);
  }

  protected override forgetObjects(keeper: ProcessChunk | undefined): void {
    const { poison } = this.guards;
    this.guards.end();
    if (poison !== undefined && keeper !== undefined)
      overwriteKeeper(poison, keeper, this.highWaterOf(keeper));
    super.forgetObjects(keeper);
  }

  protected override leaveTree(): void {
    this.guards.drop(this);
    super.leaveTree();
  }

  get markDepth(): number {
    return this.marks.length;
  }

  plainAlloc(byteLength: number, alignment: number): Address {
    return super.alloc(byteLength, alignment);
  }

  plainFree(address: Address): void {
    super.free(address);
  }

  guardedBytes(byteLength: number): number {
    const isLength = Number.isInteger(byteLength) && byteLength >= 0;
    return isLength && byteLength <= MAX_ALLOC_BYTES - CANARY_BYTES ? byteLength + CANARY_BYTES : 0;
  }

  capacityAt(address: Address): number {
    const chunk = this.pages[address >>> 12]!;
    return this.bytesOf(chunk, address, this.liveClassAt(address, chunk));
  }

  topAt(address: Address): TopChunk {
    return this.state.pages[address >>> 12]!.top;
  }

  isSealedAt(address: Address): boolean {
    return this.isSealed(this.pages[address >>> 12]!, address);
  }

  /** How far the current chunk has been cut. */
  get cutUpTo(): Address {
    return this.cursor;
  }

  #allocGuarded(byteLength: number, alignment: number): Address {
    checkByteLength(byteLength);
    checkAlignment(alignment);
    this.guards.poison?.beforeAlloc(this.cursor, byteLength, alignment);
    return this.guards.alloc(byteLength, alignment, "alloc");
  }

  #freeGuarded(address: Address): void {
    this.guards.free(address, "free");
  }

  #reallocGuarded(address: Address, byteLength: number): Address {
    const { guards } = this;
    const record = guards.find(address);
    if (record !== undefined) {
      checkByteLength(byteLength);
      return guards.move(record, byteLength, "realloc");
    }
    const { newest } = guards;
    const target = super.realloc(address, byteLength);
    if (guards.newest !== newest) guards.sealNewest();
    return target;
  }
}
