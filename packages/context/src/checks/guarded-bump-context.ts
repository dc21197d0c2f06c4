/**
 * A bump context on the level `debug` or `sample`: its objects cannot be freed, so there is no quarantine. Canaries are looked at when
 * the context ends or is rolled back, and by `verify()`; the memory that a reset leaves is overwritten.
 *
 *   | header | object | canary | object      | canary | free ...
 */
import type { Address } from "@perfloc/arena";
import { MIN_ALIGNMENT, alignUp, checkByteLength } from "../allocation-request.js";
import { BumpContext } from "../bump-context.js";
import type { ContextMark } from "../context-mark.js";
import type { ResolvedContextOptions } from "../context-options.js";
import type { HeapState } from "../heap-state.js";
import type { MemoryContext, ResetOptions } from "../memory-context.js";
import type { ProcessChunk } from "../process-chunk.js";
import type { CallbackScope } from "../reset-callbacks.js";
import { withCanary } from "./fill-bytes.js";
import type { GuardLedger } from "./guard-ledger.js";
import { type GuardedContext, ObjectGuards } from "./object-guards.js";
import type { Site } from "./site.js";
import { noteBeforeEnd, plainDrop, plainDropChildren, plainReset } from "./guarded-end.js";

export class GuardedBumpContext extends BumpContext implements GuardedContext {
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

  /** Nothing is ever freed here. */
  plainFree(address: Address): void {
    super.free(address);
  }

  setGuardMark(): void {
    // Objects have no marks here.
  }

  guardedBytes(byteLength: number): number {
    return withCanary(byteLength);
  }

  capacityAt(_address: Address, askedBytes: number): number {
    return alignUp(askedBytes, MIN_ALIGNMENT);
  }

  isSealedAt(): boolean {
    return false;
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
