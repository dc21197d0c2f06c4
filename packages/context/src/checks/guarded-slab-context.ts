/**
 * A slab on the level `debug` or `sample`. On `debug` its slots are longer than asked for, by a canary that keeps their alignment;
 * on `sample` they are not, since nearly all of its objects are plain: a guarded one has a canary where it leaves room in its slot.
 *
 *   debug    | slotBytes                      | canary: 8 or 16 |
 *   sample   | byteLength         | canary, up to slotBytes |
 */
import type { Address, TopChunk } from "@perfloc/arena";
import { checkAlignment, checkByteLength } from "../allocation-request.js";
import { SlabContext } from "../slab-context.js";
import type { ContextFigures } from "../context-stats.js";
import type { ContextMark } from "../context-mark.js";
import type { ResolvedContextOptions } from "../context-options.js";
import { WrongKindError } from "../errors.js";
import type { HeapState } from "../heap-state.js";
import type { MemoryContext, ResetOptions } from "../memory-context.js";
import { HEADER_BYTES, type ProcessChunk } from "../process-chunk.js";
import type { CallbackScope } from "../reset-callbacks.js";
import { CANARY_BYTES } from "./fill-bytes.js";
import { FILTER_MASK, type GuardLedger } from "./guard-ledger.js";
import { type GuardedContext, ObjectGuards } from "./object-guards.js";
import type { Site } from "./site.js";
import { noteBeforeEnd, overwriteKeeper, withoutQuarantined } from "./guarded-end.js";

/** The module's own copy: V8 folds it into the hot path, while an imported binding is a load from memory each time. */
const MASK = FILTER_MASK;

export class GuardedSlabContext extends SlabContext implements GuardedContext {
  readonly guards: ObjectGuards;
  /** What a slot holds of the program's. */
  readonly #usableBytes: number;
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
    const slotBytes = options.slotBytes + (ledger.isDebug ? canaryFor(options.slotBytes) : 0);
    super(state, parent, name, { ...options, slotBytes });
    this.#usableBytes = options.slotBytes;
    this.guards = new ObjectGuards(this, ledger, options.expectFreed, openedAt);
    this.sampler = ledger.sampler;
    this.filter = ledger.filter;
  }

  /** Hot on `sample`. Nothing may be added before the plain call. */
  override alloc(byteLength: number, alignment: number = 8): Address {
    if (--this.sampler.countdown > 0) return super.alloc(byteLength, alignment);
    checkByteLength(byteLength);
    checkAlignment(alignment);
    this.checkAlive("allocate in");
    this.#checkFits(byteLength);
    this.guards.poison?.beforeAlloc(this.cursor, this.slotBytes, alignment);
    return this.guards.alloc(byteLength, alignment, "alloc");
  }

  /** Hot on `sample`. Nothing may be added before the plain call. */
  override free(address: Address): void {
    if (typeof address === "number" && this.filter[(address >>> 3) & MASK] !== 0)
      this.guards.free(address, "free");
    else super.free(address);
  }

  override realloc(address: Address, byteLength: number): Address {
    const record = this.guards.find(address);
    checkByteLength(byteLength);
    if (record === undefined) return super.realloc(address, byteLength);
    this.guards.sizeOf(record, "realloc");
    this.#checkFits(byteLength);
    this.guards.resize(record, byteLength, "realloc");
    return address;
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

  guardedBytes(): number {
    return this.slotBytes;
  }

  capacityAt(): number {
    return this.slotBytes;
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

  #checkFits(byteLength: number): void {
    if (byteLength <= this.#usableBytes) return;
    const error = new WrongKindError(
      this.name,
      this.kind,
      `hold ${byteLength} bytes: its slots have ${this.#usableBytes}`,
      "Open the slab with larger slotBytes, or use an allocset.",
    );
    throw this.misused(error);
  }
}

/** Slots that are a multiple of 16 stay one, and so do the addresses of their objects. */
function canaryFor(slotBytes: number): number {
  return slotBytes % HEADER_BYTES === 0 ? HEADER_BYTES : CANARY_BYTES;
}
