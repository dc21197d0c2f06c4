/**
 * An allocset on the level `debug` or `sample`: the plain one, asked for longer objects.
 *
 *   alloc  ──► countdown not over ──► plain alloc                       hot on `sample`, never taken on `debug`
 *         └──► over ──► ObjectGuards.alloc                               cold
 *   free   ──► the plain one, which takes no object with a guard mark    hot on `sample`
 *         └──► guard mark ──► ObjectGuards.free                          cold
 */
import type { Address } from "@perfloc/arena";
import { checkByteLength } from "../allocation-request.js";
import { AllocsetContext } from "../allocset-context.js";
import type { ContextFigures } from "../context-stats.js";
import type { ContextMark } from "../context-mark.js";
import type { ResolvedContextOptions } from "../context-options.js";
import type { HeapState } from "../heap-state.js";
import type { MemoryContext, ResetOptions } from "../memory-context.js";
import type { ProcessChunk } from "../process-chunk.js";
import type { CallbackScope } from "../reset-callbacks.js";
import { withCanary } from "./fill-bytes.js";
import type { GuardLedger } from "./guard-ledger.js";
import { clearGuardMark, setGuardMark } from "./guard-marks.js";
import { type GuardedContext, ObjectGuards } from "./object-guards.js";
import type { Site } from "./site.js";
import {
  noteBeforeEnd,
  plainDrop,
  plainDropChildren,
  plainReset,
  withoutQuarantined,
} from "./guarded-end.js";

export class GuardedAllocsetContext extends AllocsetContext implements GuardedContext {
  readonly guards: ObjectGuards;
  /** Allocations until the next guarded one, which counts. */
  protected untilGuarded: number;

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
    this.untilGuarded = ledger.sampler.firstDistance();
  }

  /** Hot on `sample`. Nothing may be added before the plain call. Both ways out are integers (`>>> 0`), as that of the plain one is. */
  override alloc(byteLength: number, alignment?: number): Address {
    if (--this.untilGuarded > 0) return super.alloc(byteLength, alignment);
    return this.allocGuarded(byteLength, alignment) >>> 0;
  }

  protected override freeGuarded(address: Address): void {
    const record = this.guards.find(address);
    if (record === undefined) super.freeGuarded(address);
    else this.guards.free(record, "free");
  }

  protected override reallocGuarded(address: Address, byteLength: number): Address {
    const record = this.guards.find(address);
    if (record === undefined) return super.reallocGuarded(address, byteLength);
    return this.guards.move(record, byteLength, "realloc");
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
    this.guards.watch(plainReset, this, options);
  }

  override drop(): void {
    this.guards.watch(plainDrop, this);
  }

  override dropChildren(): void {
    this.guards.watch(plainDropChildren, this);
  }

  protected override beforeEnd(scope: CallbackScope): void {
    if (this.guards.ledger.isDebug) noteBeforeEnd(this, scope);
  }

  override checkpoint(): ContextMark {
    return this.guards.checkpoint(() => super.checkpoint());
  }

  override rollback(mark: ContextMark): void {
    this.guards.rollback(this.marks.indexOf(mark), () => super.rollback(mark));
  }

  override commit(mark: ContextMark): void {
    this.guards.commit(this.marks.indexOf(mark), () => super.commit(mark));
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
    this.guards.reset(keeper, keeper === undefined ? 0 : this.highWaterOf(keeper));
    super.forgetObjects(keeper);
  }

  protected override leaveTree(): void {
    this.guards.drop(this, this.untilGuarded);
    super.leaveTree();
  }

  plainAlloc(byteLength: number, alignment: number): Address {
    return super.alloc(byteLength, alignment);
  }

  plainFree(address: Address): void {
    const chunk = this.pages[address >>> 12];
    // Whoever owns the arena has disposed it: there is nothing to free.
    if (chunk === undefined) return;
    clearGuardMark(chunk, address);
    super.free(address);
  }

  setGuardMark(address: Address): void {
    setGuardMark(this.pages[address >>> 12]!, address);
  }

  override guardsObjectAt(address: Address): boolean {
    return this.guards.looksAfter(address);
  }

  protected override revive(address: Address, mark: ContextMark | undefined): void {
    super.revive(address, mark);
    if (this.guards.find(address) !== undefined) this.setGuardMark(address);
  }

  guardedBytes(byteLength: number): number {
    return withCanary(byteLength);
  }

  capacityAt(address: Address): number {
    const chunk = this.pages[address >>> 12]!;
    return this.bytesOf(chunk, address, this.liveClassAt(address, chunk));
  }

  isSealedAt(address: Address): boolean {
    return this.isSealed(this.pages[address >>> 12]!, address);
  }

  /** How far the current chunk has been cut. */
  get cutUpTo(): Address {
    return this.cursor;
  }

  protected allocGuarded(byteLength: number, alignment: number | undefined): Address {
    const address = this.guards.alloc(byteLength, alignment, "alloc");
    this.untilGuarded = this.guards.ledger.sampler.nextDistance();
    return address;
  }
}
