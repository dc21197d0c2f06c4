/**
 * The guarded objects of one context: what `debug` does for every object and `sample` for one in many. The kinds keep their own
 * ways to allocate and free; this asks them for longer objects, and for the end of those that leave the quarantine.
 *
 *   alloc(n)  plain alloc of n + canary ──► fill ──► record ──► guarded cell     the program sees n bytes
 *   free      canary whole? ──► overwrite ──► quarantine ──► bytes as they were? ──► plain cell, plain free
 *
 * A free that finds damage throws before it does anything, and mends the canary: the next free of the object goes through.
 * Reset, drop, rollback and commit are done all the same, and throw what they found afterwards.
 */
import {
  type Address,
  InvalidAddressError,
  OutOfMemoryError,
  type PerflocError,
} from "@perfloc/arena";
import { MIN_ALIGNMENT, checkAlignment, checkByteLength } from "../allocation-request.js";
import { copyBytes } from "../chunks/copy-bytes.js";
import { DoubleFreeError } from "../errors.js";
import type { ContextFigures } from "../report/context-figures.js";
import { verifyContext } from "../report/verify-heap.js";
import type { ContextMark } from "../scopes/context-mark.js";
import { nextInPreorder } from "../scopes/context-tree.js";
import { notedAlignment } from "../slots/alignment-note.js";
import type { ContextNode, EndScope, GuardsPort } from "../tables/context-node.js";
import { CANARY_BYTE, FREED_BYTE, FRESH_BYTE } from "./fill-bytes.js";
import { type GuardedObject, LeakError, UseAfterFreeError } from "./guard-errors.js";
import type { GuardLedger } from "./guard-ledger.js";
import type { GuardRecord } from "./guard-record.js";
import { damageOf, describeObject } from "./object-damage.js";
import { ObjectLengths } from "./object-lengths.js";
import { ResetPoison } from "./reset-poison.js";
import { type Site, captureSite, framesOf } from "./site.js";

/** A context with guarded objects, as its guards use it: the plain calls are those of the kind without guards. */
export interface GuardedKind extends ContextNode {
  readonly ledger: GuardLedger;
  plainAlloc(byteLength: number, alignment: number): Address;
  /** Frees an object for good, which becomes a plain one. */
  plainFree(address: Address): void;
  /** Makes the cell of a live object guarded, so that no hot path takes it. */
  setGuarded(address: Address, isGuarded: boolean): void;
  /** What to ask for, so that `byteLength` bytes and a canary have room; 0 when that cannot be: such an object stays plain. */
  guardedBytes(byteLength: number): number;
  /** How many bytes an object of so many asked for has. */
  capacityAt(address: Address, askedBytes: number): number;
  /** Whether a checkpoint is younger than the object. */
  isSealedAt(address: Address): boolean;
}

/** Allocates a guarded object: the countdown is over. */
export function allocGuarded(
  context: GuardedKind,
  byteLength: number,
  alignment: number | undefined,
): Address {
  const { ledger } = context;
  const guards = guardsOf(context) ?? new ContextGuards(context, ledger, undefined, 0);
  context.guards = guards;
  const address = guards.alloc(byteLength, alignment, "alloc");
  ledger.sampler.left = ledger.sampler.nextDistance();
  return address;
}

/** The guards of a context; `undefined` when it has none, or none yet. */
export function guardsOf({ guards }: ContextNode): ContextGuards | undefined {
  return guards instanceof ContextGuards ? guards : undefined;
}

export class ContextGuards implements GuardsPort {
  readonly context: GuardedKind;
  readonly ledger: GuardLedger;
  readonly expectFreed: boolean;
  /** Where the context was opened: known on `debug`. */
  readonly openedAt: Site | undefined;
  /** Its number with the leak watch. */
  readonly #watchId: number;
  readonly poison: ResetPoison | undefined;
  newest: GuardRecord | undefined = undefined;
  quarantinedBytes = 0;
  quarantinedObjects = 0;
  /** Made when an object older than a mark gets another length where it lies. */
  #lengths: ObjectLengths | undefined = undefined;
  /** How many objects had been guarded when each live mark was made. */
  #markBirths: number[] = NO_BIRTHS;

  constructor(
    context: GuardedKind,
    ledger: GuardLedger,
    openedAt: Site | undefined,
    watchId: number,
  ) {
    this.context = context;
    this.ledger = ledger;
    this.expectFreed = context.options.expectFreed;
    this.openedAt = openedAt;
    this.#watchId = watchId;
    this.poison = ledger.isDebug ? new ResetPoison(ledger, context.name) : undefined;
    // Checkpoints from before the guards: every guarded object is younger.
    const { marks } = context;
    if (marks.length > 0) this.#markBirths = marks.map(() => ledger.births);
  }

  /** The record of the object that begins at an address; `undefined` for plain ones and mistakes. */
  find(address: Address): GuardRecord | undefined {
    const record = this.ledger.find(address);
    return record?.guards === this ? record : undefined;
  }

  alloc(byteLength: number, alignment: number = MIN_ALIGNMENT, above: string): Address {
    checkByteLength(byteLength);
    checkAlignment(alignment);
    const { context, ledger } = this;
    const askedBytes = context.guardedBytes(byteLength);
    this.poison?.beforeAlloc(context.cursor, askedBytes, alignment);
    if (askedBytes === 0) return context.plainAlloc(byteLength, alignment);
    // First what needs much of the stack: if it overflows, there is nothing half done.
    const site = ledger.siteFor(context, above);
    const address = this.#allocWithCanary(byteLength, askedBytes, alignment);
    const top = ledger.arena.findChunk(address);
    // Whoever owns the arena has disposed it.
    if (top === undefined) return address;
    const capacity = context.capacityAt(address, askedBytes);
    const record = ledger.newRecord();
    record.guards = this;
    record.top = top;
    record.address = address;
    record.byteLength = byteLength;
    record.capacity = capacity;
    record.birth = ++ledger.births;
    record.allocatedAt = site;
    record.fill(0, byteLength, FRESH_BYTE);
    record.fill(byteLength, capacity, CANARY_BYTE);
    const { newest } = this;
    record.older = newest;
    if (newest !== undefined) newest.newer = record;
    this.newest = record;
    ledger.add(record);
    context.setGuarded(address, true);
    return address;
  }

  /** Errors tell what the program asked for: `byteLength`. */
  #allocWithCanary(byteLength: number, askedBytes: number, alignment: number): Address {
    const { context, ledger } = this;
    ledger.guardBytes = askedBytes - byteLength;
    try {
      return context.plainAlloc(askedBytes, alignment);
    } finally {
      ledger.guardBytes = 0;
    }
  }

  /** Whether the object at an address has to have a guarded cell: a sealed one has the cell of a freed one. */
  guardsObjectAt(address: Address): boolean {
    const record = this.find(address);
    return record !== undefined && record.state !== "sealed";
  }

  /** Frees the guarded object at an address. */
  free(address: Address): void {
    this.#free(this.find(address)!, "free");
  }

  /** Gives the guarded object at an address another length: in its slot in a slab, else in new memory. */
  realloc(address: Address, byteLength: number, alignment: number): Address {
    const record = this.find(address)!;
    if (this.context.options.kind === "slab") {
      this.resize(record, byteLength, "realloc");
      return address;
    }
    const step = Math.max(alignment, notedAlignment(this.context, address), MIN_ALIGNMENT);
    return this.#move(record, byteLength, step, "realloc");
  }

  #free(record: GuardRecord, above: string): void {
    const { context, ledger } = this;
    const { address } = record;
    if (!(ledger.isCommitting && record.state === "sealed")) this.#checkLive(record, above);
    this.#checkCanary(record);
    const start = ledger.pendingCount;
    if (context.isSealedAt(address)) {
      context.plainFree(address);
      record.state = "sealed";
      record.markDepth = this.#markBirths.length;
    } else if (record.capacity > ledger.quarantine.maxBytes) {
      // A view of the object asks its record.
      if (record.allocatedAt !== undefined) record.freedAt = captureSite(context, above);
      this.#forget(record);
      record.state = "gone";
      context.plainFree(address);
      return;
    } else {
      ledger.makeRoom(record.capacity);
      ledger.throwSince(start);
      record.fill(0, record.capacity, FREED_BYTE);
      ledger.putIn(record);
    }
    if (record.allocatedAt !== undefined) record.freedAt = captureSite(context, above);
  }

  /**
   * Moves a guarded object to new memory, always: whoever goes on with the old address is found out. Where there is none, one
   * that becomes shorter stays. On `sample` it becomes a plain one: a buffer that grows is copied once, not each time.
   */
  #move(record: GuardRecord, byteLength: number, alignment: number, above: string): Address {
    const { ledger } = this;
    const { address } = record;
    this.#checkLive(record, above);
    this.#checkCanary(record);
    const start = ledger.pendingCount;
    if (this.#waits(record)) ledger.makeRoom(record.capacity);
    ledger.throwSince(start);
    let target: Address;
    try {
      target = ledger.isDebug
        ? this.alloc(byteLength, alignment, above)
        : this.context.plainAlloc(byteLength, alignment);
    } catch (error) {
      if (byteLength > record.byteLength || !(error instanceof OutOfMemoryError)) throw error;
      this.resize(record, byteLength, above);
      return address;
    }
    copyBytes(ledger.arena, address, target, Math.min(record.byteLength, byteLength));
    this.#free(record, above);
    return target;
  }

  /** Whether an object that is freed now waits in the quarantine. */
  #waits(record: GuardRecord): boolean {
    return (
      record.capacity <= this.ledger.quarantine.maxBytes && !this.context.isSealedAt(record.address)
    );
  }

  /** Gives a guarded object another length where it lies, within its capacity. */
  resize(record: GuardRecord, byteLength: number, above: string): void {
    this.#checkLive(record, above);
    this.#checkCanary(record);
    const { context } = this;
    if (context.isSealedAt(record.address)) {
      this.#lengths ??= new ObjectLengths();
      this.#lengths.note(record, this.#markBirths.length);
    }
    record.byteLength = byteLength;
    this.seal(record);
  }

  /** Writes the canary again: where the object now ends, or over the damage that was told. */
  seal(record: GuardRecord): void {
    record.fill(record.canaryFrom, record.capacity, CANARY_BYTE);
  }

  sizeOf(address: Address): number {
    const record = this.find(address);
    if (record === undefined) return -1;
    this.#checkLive(record, "sizeOf");
    return record.byteLength;
  }

  /** @throws UseAfterFreeError, InvalidAddressError when a guarded object begins there and does not live, or is shorter */
  checkRange(address: Address, byteLength: number): void {
    const record = this.find(address);
    if (record === undefined) return;
    if (record.state !== "live") {
      const fact = "was looked at after it was freed";
      throw this.context.misused(
        new UseAfterFreeError("PERFLOC_CONTEXT_USE_AFTER_FREE", describeObject(record), -1, fact),
      );
    }
    if (byteLength <= record.byteLength) return;
    throw this.context.misused(
      new InvalidAddressError(
        "PERFLOC_CONTEXT_INVALID_ADDRESS",
        address,
        `is an object of ${record.byteLength} bytes: ${byteLength} reach outside it (context "${this.context.name}")`,
        "Ask for no more bytes than were allocated.",
      ),
    );
  }

  /** Makes a mark. What is freed leaves the quarantine, since a rollback would bring it back. */
  checkpoint(makeMark: () => ContextMark): ContextMark {
    const start = this.ledger.pendingCount;
    let record = this.newest;
    while (record !== undefined) {
      const { older } = record;
      if (record.state === "quarantined") this.letGo(record);
      record = older;
    }
    this.ledger.throwSince(start);
    const mark = makeMark();
    if (this.#markBirths === NO_BIRTHS) this.#markBirths = [];
    this.#markBirths.push(this.ledger.births);
    return mark;
  }

  /** Goes back to the checkpoint at `position`: younger objects end, older ones that were freed since are live. */
  rollback(position: number, goBack: () => void): void {
    this.#watch(() => {
      this.#endYoungerThan(position);
      goBack();
      this.#forgetMarks(position);
    });
  }

  /** Forgets the checkpoints from `position` on; objects that were freed since are freed again. */
  commit(position: number, forgetMarks: () => void): void {
    const { ledger } = this;
    this.#watch(() => {
      ledger.isCommitting = true;
      // What is freed again is sealed by the checkpoints that stay.
      this.#markBirths.length = position;
      try {
        forgetMarks();
      } finally {
        ledger.isCommitting = false;
        this.#forgetMarks(position);
      }
    });
  }

  /** Does what may end objects. What was found is told afterwards, and the first of it thrown, unless the call itself throws. */
  #watch(call: () => void): void {
    const { ledger } = this;
    const start = ledger.pendingCount;
    try {
      call();
    } catch (error) {
      ledger.tellSince(start);
      throw error;
    }
    ledger.throwSince(start);
  }

  #endYoungerThan(position: number): void {
    const birth = this.#markBirths[position]!;
    while (this.newest !== undefined && this.newest.birth > birth) {
      this.#noteDamage(this.newest);
      this.#forget(this.newest);
    }
    for (let record = this.newest; record !== undefined; record = record.older) {
      if (record.state !== "sealed" || record.markDepth <= position) continue;
      record.state = "live";
      record.freedAt = undefined;
    }
    this.#lengths?.restore(position);
    this.poison?.forget();
  }

  #forgetMarks(position: number): void {
    this.#markBirths.length = position;
    this.#lengths?.join(position, this.#markBirths.at(-1) ?? 0);
  }

  /** The context is dropped. */
  drop(): void {
    this.end();
    this.ledger.leakWatch?.dropped(this.#watchId);
  }

  /** The context is reset: its memory up to `highWater` of the chunk that stays is overwritten, and has to stay so. */
  reset(keeper: Address, highWater: Address): void {
    this.end();
    if (keeper !== 0) this.poison?.overwriteKeeper(keeper, highWater);
  }

  /** The chunk at `base` goes back to the arena. */
  abandonChunk(base: Address, highWater: Address): void {
    this.poison?.overwrite(base, highWater);
  }

  /**
   * On `debug`: verifies contexts before they end, when their callbacks have run, and notes what is found: the first for each context's own
   * records, everything about its objects. A heap whose arena was disposed has nothing left to look at.
   */
  beforeEnd(scope: EndScope): void {
    const top = this.context;
    if (!this.ledger.isDebug || this.ledger.arena.isDisposed) return;
    for (
      let at: ContextNode | undefined = top;
      at !== undefined;
      at = scope === "self" ? undefined : nextInPreorder(at, top)
    ) {
      if (at !== top || scope !== "children") guardsOf(at)?.noteBeforeEnd();
    }
  }

  /** Notes the damage of this context alone. */
  noteBeforeEnd(): void {
    const { context, ledger } = this;
    const noted = ledger.pendingCount;
    this.poison?.update(context.cursor);
    this.noteAllDamage();
    if (ledger.pendingCount > noted) return;
    try {
      verifyContext(context);
    } catch (error) {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a walk that finds damage throws nothing else
      ledger.note(error as PerflocError);
    }
  }

  /** The figures of the context: objects in quarantine are free to the program, which freed them. */
  figures(figures: ContextFigures): ContextFigures {
    const { quarantinedBytes, quarantinedObjects } = this;
    if (quarantinedObjects === 0) return figures;
    return {
      ...figures,
      liveBytes: figures.liveBytes - quarantinedBytes,
      freeBytes: figures.freeBytes + quarantinedBytes,
      liveObjects: figures.liveObjects! - quarantinedObjects,
      freeObjects: figures.freeObjects + quarantinedObjects,
    };
  }

  /** Every object of the context ends, and every mark. On `debug` the damage was looked for before. */
  end(): void {
    this.#markBirths = NO_BIRTHS;
    if (this.newest !== undefined) this.#endObjects();
  }

  #endObjects(): void {
    const { ledger } = this;
    const leaked: GuardedObject[] = [];
    for (let record = this.newest; record !== undefined; record = this.newest) {
      if (!ledger.isDebug) this.#noteDamage(record);
      if (this.expectFreed && record.state === "live") leaked.push(describeObject(record));
      this.#forget(record);
    }
    if (leaked.length > 0)
      ledger.note(new LeakError(this.context.name, leaked, framesOf(this.openedAt)));
  }

  /** Notes the damage of every object: before the context ends. */
  noteAllDamage(): void {
    for (let record = this.newest; record !== undefined; record = record.older)
      this.#noteDamage(record);
    this.poison?.noteDamage();
  }

  /** @throws BufferOverrunError, UseAfterFreeError for the newest object that is damaged; it stays so */
  verify(): void {
    this.poison?.update(this.context.cursor);
    for (let record = this.newest; record !== undefined; record = record.older) {
      const damage = damageOf(record);
      if (damage !== undefined) throw damage;
    }
    this.poison?.verify();
  }

  /** Ends the wait of a quarantined object: notes whether it was written to, and frees it for good. */
  letGo(record: GuardRecord): void {
    this.#noteDamage(record);
    this.#forget(record);
    record.state = "gone";
    this.context.plainFree(record.address);
    this.ledger.recycle(record);
  }

  /** @throws DoubleFreeError for a freed object, with the places of its life */
  #checkLive(record: GuardRecord, above: string): void {
    if (record.state === "live") return;
    const { address, allocatedAt, freedAt } = describeObject(record);
    const freedAgainAt = captureSite(this.context, above).frames;
    const sites = { allocatedAt, freedAt, freedAgainAt };
    throw this.context.misused(new DoubleFreeError(address, this.context.name, sites));
  }

  /** @throws BufferOverrunError, after it mended the canary; while a commit runs it is only noted */
  #checkCanary(record: GuardRecord): void {
    const damage = damageOf(record);
    if (damage === undefined) return;
    this.seal(record);
    const start = this.ledger.pendingCount;
    this.ledger.note(damage);
    this.ledger.throwSince(start);
  }

  #noteDamage(record: GuardRecord): void {
    const damage = damageOf(record);
    if (damage !== undefined) this.ledger.note(damage);
  }

  /** Takes a record out of the list of its context and out of the ledger. */
  #forget(record: GuardRecord): void {
    const { newer, older } = record;
    if (newer === undefined) this.newest = older;
    else newer.older = older;
    if (older !== undefined) older.newer = newer;
    this.#lengths?.forget(record);
    this.ledger.remove(record);
  }
}

/** Of contexts without marks. Never written. */
const NO_BIRTHS: number[] = [];
