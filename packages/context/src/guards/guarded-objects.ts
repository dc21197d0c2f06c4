/**
 * The guarded objects of one context, each from its allocation to its end. The kinds keep their own ways to allocate and free; this asks
 * them for longer objects, and for the end of those that leave the quarantine.
 *
 *   alloc(n)  plain alloc of n + canary ──► fill ──► record ──► guarded cell     the program sees n bytes
 *   free      canary whole? ──► overwrite ──► quarantine ──► bytes as they were? ──► plain cell, plain free
 *
 * A free that finds damage throws before it does anything, and mends the canary: the next free of the object is done.
 */
import { type Address, InvalidAddressError, OutOfMemoryError } from "@perfloc/arena";
import { MIN_ALIGNMENT, checkAlignment, checkByteLength } from "../allocation-request.js";
import { copyBytes } from "../chunks/copy-bytes.js";
import { DoubleFreeError } from "../errors.js";
import { endWatch } from "../scopes/watched-objects.js";
import { notedAlignment } from "../slots/alignment-note.js";
import { CANARY_BYTE, FREED_BYTE, FRESH_BYTE } from "./fill-bytes.js";
import { UseAfterFreeError } from "./guard-errors.js";
import type { GuardLedger } from "./guard-ledger.js";
import type { GuardRecord, RecordOwner } from "./guard-record.js";
import type { GuardedCheckpoints } from "./guarded-checkpoints.js";
import type { GuardedKind } from "./guarded-kind.js";
import { damageOf, describeObject } from "./object-damage.js";
import { RecordList } from "./record-list.js";
import type { ResetPoison } from "./reset-poison.js";
import { captureSite } from "./site.js";

export class GuardedObjects implements RecordOwner {
  readonly name: string;
  readonly fillBytes: number;
  readonly records: RecordList = new RecordList();
  quarantinedBytes = 0;
  quarantinedObjects = 0;
  readonly #context: GuardedKind;
  readonly #ledger: GuardLedger;
  readonly #checkpoints: GuardedCheckpoints;
  readonly #poison: ResetPoison | undefined;

  constructor(
    context: GuardedKind,
    checkpoints: GuardedCheckpoints,
    poison: ResetPoison | undefined,
  ) {
    this.name = context.name;
    this.fillBytes = context.ledger.fillBytes;
    this.#context = context;
    this.#ledger = context.ledger;
    this.#checkpoints = checkpoints;
    this.#poison = poison;
  }

  find(address: Address): GuardRecord | undefined {
    const record = this.#ledger.find(address);
    return record?.owner === this ? record : undefined;
  }

  /** Allocates a guarded object. `method` is what the program called: its place is kept. */
  alloc(byteLength: number, alignment: number, method: string): Address {
    checkByteLength(byteLength);
    checkAlignment(alignment);
    const context = this.#context;
    const ledger = this.#ledger;
    const askedBytes = context.guardedBytes(byteLength);
    this.#poison?.beforeAlloc(context.cursor, askedBytes, alignment);
    if (askedBytes === 0) return context.plainAlloc(byteLength, alignment);
    // First what needs much of the stack: if it overflows, there is nothing half done.
    const site = ledger.siteFor(context, method);
    const address = this.#allocWithCanary(byteLength, askedBytes, alignment);
    const top = ledger.arena.findChunk(address);
    // The owner of the arena has disposed it.
    if (top === undefined) return address;
    const capacity = context.capacityAt(address, askedBytes);
    const record = ledger.newRecord();
    record.owner = this;
    record.top = top;
    record.address = address;
    record.byteLength = byteLength;
    record.capacity = capacity;
    record.serial = ++ledger.lastSerial;
    record.allocatedAt = site;
    record.fill(0, byteLength, FRESH_BYTE);
    record.fill(byteLength, capacity, CANARY_BYTE);
    this.records.push(record);
    ledger.add(record);
    context.setGuarded(address, true);
    return address;
  }

  /** Errors name what the program asked for: `byteLength`. */
  #allocWithCanary(byteLength: number, askedBytes: number, alignment: number): Address {
    const ledger = this.#ledger;
    ledger.guardBytes = askedBytes - byteLength;
    try {
      return this.#context.plainAlloc(askedBytes, alignment);
    } finally {
      ledger.guardBytes = 0;
    }
  }

  /** A deferred object has the cell of a freed one, until a commit frees it again. */
  guardsObjectAt(address: Address): boolean {
    const record = this.find(address);
    return record !== undefined && (record.state !== "deferred" || this.#ledger.isCommitting);
  }

  free(address: Address): void {
    this.#free(this.find(address)!, "free");
  }

  /** Gives the guarded object at an address another length: in its slot in a slab, else in new memory. */
  realloc(address: Address, byteLength: number, alignment: number): Address {
    const record = this.find(address)!;
    this.#checkLive(record, "realloc");
    this.#checkCanary(record);
    const context = this.#context;
    if (context.options.kind === "slab") {
      this.#resize(record, byteLength);
      return address;
    }
    const step = Math.max(alignment, notedAlignment(context, address), MIN_ALIGNMENT);
    return this.#move(record, byteLength, step, "realloc");
  }

  /** @throws DoubleFreeError for a guarded object that was freed */
  checkReallocated(address: Address): void {
    const record = this.find(address);
    // Without a record the cell is damaged: the realloc itself finds that.
    if (record !== undefined) this.#checkLive(record, "realloc");
  }

  #free(record: GuardRecord, method: string): void {
    const context = this.#context;
    const ledger = this.#ledger;
    const { address, capacity } = record;
    if (!(ledger.isCommitting && record.state === "deferred")) this.#checkLive(record, method);
    this.#checkCanary(record);
    if (context.isSealedAt(address)) {
      context.plainFree(address);
      record.state = "deferred";
      record.markDepth = this.#checkpoints.count;
    } else if (ledger.quarantine.canHold(capacity)) {
      this.#evictFor(capacity);
      record.fill(0, capacity, FREED_BYTE);
      ledger.enterQuarantine(record);
    } else {
      this.forget(record);
      record.state = "gone";
      context.plainFree(address);
    }
    endWatch(context, address);
    // Also of one that is gone: a view of the object asks its record.
    if (record.allocatedAt !== undefined) record.freedAt = captureSite(context, method);
  }

  /** Makes room in the quarantine. @throws what was written to after it was freed */
  #evictFor(capacity: number): void {
    const ledger = this.#ledger;
    if (ledger.quarantine.hasRoom(capacity)) return;
    const start = ledger.pendingCount;
    ledger.evictFor(capacity);
    ledger.throwSince(start);
  }

  /**
   * Moves a guarded object to new memory, always: a program that goes on with the old address is found out. Where there is none, one
   * that becomes shorter stays. On `sample` it becomes a plain one: a buffer that grows is copied once, not each time.
   */
  #move(record: GuardRecord, byteLength: number, alignment: number, method: string): Address {
    const context = this.#context;
    const ledger = this.#ledger;
    const { address, capacity } = record;
    const isDeferred = context.isSealedAt(address);
    if (!isDeferred && ledger.quarantine.canHold(capacity)) this.#evictFor(capacity);
    let target: Address;
    try {
      target = ledger.isDebug
        ? this.alloc(byteLength, alignment, method)
        : context.plainAlloc(byteLength, alignment);
    } catch (error) {
      const canStay = byteLength <= record.byteLength && address % alignment === 0;
      if (!canStay || !(error instanceof OutOfMemoryError)) throw error;
      this.#resize(record, byteLength);
      return address;
    }
    copyBytes(ledger.arena, address, target, Math.min(record.byteLength, byteLength));
    this.#free(record, method);
    return target;
  }

  /** Gives a guarded object another length where it lies, within its capacity. */
  #resize(record: GuardRecord, byteLength: number): void {
    if (this.#context.isSealedAt(record.address)) this.#checkpoints.noteLength(record);
    record.byteLength = byteLength;
    writeCanary(record);
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
      throw this.#context.misused(
        new UseAfterFreeError("PERFLOC_CONTEXT_USE_AFTER_FREE", describeObject(record), -1, fact),
      );
    }
    if (byteLength <= record.byteLength) return;
    throw this.#context.misused(
      new InvalidAddressError(
        "PERFLOC_CONTEXT_INVALID_ADDRESS",
        address,
        `is an object of ${record.byteLength} bytes: ${byteLength} reach outside it (context "${this.name}")`,
        "Ask for no more bytes than were allocated.",
      ),
    );
  }

  evict(record: GuardRecord): void {
    this.noteDamage(record);
    this.forget(record);
    record.state = "gone";
    this.#context.plainFree(record.address);
    this.#ledger.recycle(record);
  }

  /** @throws DoubleFreeError for a freed object, with the places of its life */
  #checkLive(record: GuardRecord, method: string): void {
    if (record.state === "live") return;
    const { address, allocatedAt, freedAt } = describeObject(record);
    const freedAgainAt = captureSite(this.#context, method).frames;
    const sites = { allocatedAt, freedAt, freedAgainAt };
    throw this.#context.misused(new DoubleFreeError(address, this.name, sites));
  }

  /** @throws BufferOverrunError, after it mended the canary; while a commit runs it is only noted */
  #checkCanary(record: GuardRecord): void {
    const damage = damageOf(record);
    if (damage === undefined) return;
    writeCanary(record);
    const start = this.#ledger.pendingCount;
    this.#ledger.note(damage);
    this.#ledger.throwSince(start);
  }

  noteDamage(record: GuardRecord): void {
    const damage = damageOf(record);
    if (damage !== undefined) this.#ledger.note(damage);
  }

  /** Takes a record out of all lists. */
  forget(record: GuardRecord): void {
    this.records.remove(record);
    this.#checkpoints.forgetRecord(record);
    this.#ledger.remove(record);
  }
}

/** Writes the canary again: where the object now ends, or over damage that was reported. */
function writeCanary(record: GuardRecord): void {
  record.fill(record.canaryFrom, record.capacity, CANARY_BYTE);
}
