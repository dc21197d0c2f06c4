/**
 * The guards of one context: what `debug` does for every object and `sample` for one in many, as the context sees it. Objects are the
 * business of GuardedObjects; here is what happens to all of them: checkpoints, resets, drops, verification.
 *
 * Reset, drop, rollback and commit are done all the same, and throw what they found afterwards.
 */
import type { Address, PerflocError } from "@perfloc/arena";
import type { ContextFigures } from "../report/context-figures.js";
import { verifyContext } from "../report/verify-heap.js";
import type { ContextMark } from "../scopes/context-mark.js";
import type { EndScope, GuardsPort } from "../tables/context-node.js";
import { noteBeforeEnd } from "./before-end.js";
import { type GuardedObject, LeakError } from "./guard-errors.js";
import type { GuardLedger } from "./guard-ledger.js";
import { GuardedCheckpoints } from "./guarded-checkpoints.js";
import type { GuardedKind } from "./guarded-kind.js";
import { GuardedObjects } from "./guarded-objects.js";
import { damageOf, describeObject } from "./object-damage.js";
import { ResetPoison } from "./reset-poison.js";
import { type Site, framesOf } from "./site.js";

export class ContextGuards implements GuardsPort {
  readonly objects: GuardedObjects;
  /** Where the context was opened: known on `debug`. */
  readonly openedAt: Site | undefined;
  readonly #context: GuardedKind;
  readonly #ledger: GuardLedger;
  readonly #checkpoints: GuardedCheckpoints;
  readonly #poison: ResetPoison | undefined;
  /** Its number with the leak watch. */
  readonly #watchId: number;

  constructor(context: GuardedKind, openedAt: Site | undefined, watchId: number) {
    const { ledger, marks, name } = context;
    this.#context = context;
    this.#ledger = ledger;
    this.#checkpoints = new GuardedCheckpoints(marks.length, ledger.lastSerial);
    this.#poison = ledger.isDebug ? new ResetPoison(ledger, name) : undefined;
    this.#watchId = watchId;
    this.openedAt = openedAt;
    this.objects = new GuardedObjects(context, this.#checkpoints, this.#poison);
  }

  guardsObjectAt(address: Address): boolean {
    return this.objects.guardsObjectAt(address);
  }

  free(address: Address): void {
    this.objects.free(address);
  }

  realloc(address: Address, byteLength: number, alignment: number): Address {
    return this.objects.realloc(address, byteLength, alignment);
  }

  checkReallocated(address: Address): void {
    this.objects.checkReallocated(address);
  }

  sizeOf(address: Address): number {
    return this.objects.sizeOf(address);
  }

  checkRange(address: Address, byteLength: number): void {
    this.objects.checkRange(address, byteLength);
  }

  /** Makes a checkpoint. Freed objects leave the quarantine, since a rollback would bring them back. */
  checkpoint(make: () => ContextMark): ContextMark {
    const ledger = this.#ledger;
    const start = ledger.pendingCount;
    let record = this.objects.records.newest;
    while (record !== undefined) {
      const { older } = record;
      if (record.state === "quarantined") this.objects.evict(record);
      record = older;
    }
    ledger.throwSince(start);
    const mark = make();
    this.#checkpoints.push(ledger.lastSerial);
    return mark;
  }

  /** Goes back to the checkpoint at `position`: younger objects end, older ones that were freed since are live. */
  rollback(position: number, goBack: () => void): void {
    this.#reportAfter(() => {
      this.#endYoungerThan(this.#checkpoints.serialAt(position));
      this.#checkpoints.restore(position, this.objects.records);
      this.#poison?.forget();
      goBack();
      this.#checkpoints.forgetFrom(position);
    });
  }

  /** Forgets the checkpoints from `position` on; objects that were freed since are freed again. */
  commit(position: number, forget: () => void): void {
    const ledger = this.#ledger;
    this.#reportAfter(() => {
      ledger.isCommitting = true;
      // What is freed again is deferred by the checkpoints that stay.
      this.#checkpoints.truncate(position);
      try {
        forget();
      } finally {
        ledger.isCommitting = false;
        this.#checkpoints.forgetFrom(position);
      }
    });
  }

  /** Does what may end objects, and throws the first finding afterwards, unless the call itself throws. */
  #reportAfter(call: () => void): void {
    const ledger = this.#ledger;
    const start = ledger.pendingCount;
    try {
      call();
    } catch (error) {
      ledger.tellSince(start);
      throw error;
    }
    ledger.throwSince(start);
  }

  #endYoungerThan(serial: number): void {
    const { records } = this.objects;
    while (records.newest !== undefined && records.newest.serial > serial) {
      this.objects.noteDamage(records.newest);
      this.objects.forget(records.newest);
    }
  }

  beforeEnd(scope: EndScope): void {
    // A heap whose arena was disposed has nothing left to look at.
    if (this.#ledger.isDebug && !this.#ledger.arena.isDisposed) noteBeforeEnd(this.#context, scope);
  }

  noteDamage(): void {
    const context = this.#context;
    const ledger = this.#ledger;
    const noted = ledger.pendingCount;
    for (let record = this.objects.records.newest; record !== undefined; record = record.older)
      this.objects.noteDamage(record);
    this.#poison?.update(context.cursor);
    this.#poison?.noteDamage();
    if (ledger.pendingCount > noted) return;
    try {
      verifyContext(context);
    } catch (error) {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a walk that finds damage throws nothing else
      ledger.note(error as PerflocError);
    }
  }

  abandonChunk(base: Address, highWater: Address): void {
    this.#poison?.overwrite(base, highWater);
  }

  /** On `debug` what a reset leaves of the keeper is overwritten, and has to stay so. */
  reset(keeper: Address, highWater: Address): void {
    this.#endAll();
    if (keeper !== 0) this.#poison?.overwriteKeeper(keeper, highWater);
  }

  drop(): void {
    this.#endAll();
    this.#ledger.leakWatch?.dropped(this.#watchId);
  }

  #endAll(): void {
    this.#checkpoints.clear();
    if (this.objects.records.newest !== undefined) this.#endObjects();
  }

  /** On `debug` the damage was noted before. */
  #endObjects(): void {
    const { records } = this.objects;
    const ledger = this.#ledger;
    const { expectFreed } = this.#context.options;
    const leaked: GuardedObject[] = [];
    for (let record = records.newest; record !== undefined; record = records.newest) {
      if (!ledger.isDebug) this.objects.noteDamage(record);
      if (expectFreed && record.state === "live") leaked.push(describeObject(record));
      this.objects.forget(record);
    }
    if (leaked.length > 0)
      ledger.note(new LeakError(this.#context.name, leaked, framesOf(this.openedAt)));
  }

  /** The figures of the context: objects in quarantine are free to the program, which freed them. */
  figures(figures: ContextFigures): ContextFigures {
    const { quarantinedBytes, quarantinedObjects } = this.objects;
    if (quarantinedObjects === 0) return figures;
    return {
      ...figures,
      liveBytes: figures.liveBytes - quarantinedBytes,
      freeBytes: figures.freeBytes + quarantinedBytes,
      liveObjects: figures.liveObjects! - quarantinedObjects,
      freeObjects: figures.freeObjects + quarantinedObjects,
    };
  }

  /** @throws BufferOverrunError, UseAfterFreeError for the newest object that is damaged; it stays so */
  verify(): void {
    for (let record = this.objects.records.newest; record !== undefined; record = record.older) {
      const damage = damageOf(record);
      if (damage !== undefined) throw damage;
    }
    this.#poison?.update(this.#context.cursor);
    this.#poison?.verify();
  }
}
