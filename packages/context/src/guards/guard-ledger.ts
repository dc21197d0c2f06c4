/**
 * What a heap on the level `debug` or `sample` keeps about its guarded objects, for all its contexts together.
 *
 *   buckets   one for each granule, taken modulo 32768: the list of the records of guarded objects that begin there; an address
 *             has at most one, for its memory is not reused before the record goes.
 *
 * Which objects have a record is said by their cells, too, so that a free of a plain one does not look here.
 */
import type { Address, Arena, PerflocError } from "@perfloc/arena";
import type { ResolvedCheckOptions } from "./check-options.js";
import type { HeapState, LedgerPort } from "../tables/context-node.js";
import { GuardRecord, NO_LENGTHS, type RecordOwner } from "./guard-record.js";
import type { LeakWatch } from "./leak-watch.js";
import { type ObjectIdentity, identityAt } from "./object-identity.js";
import { Quarantine } from "./quarantine.js";
import { Sampler } from "./sampler.js";
import { type Site, captureSite } from "./site.js";

/** 256 KiB. */
const BUCKETS = 32768;

/** On `sample` one guarded object in so many remembers sites: each takes ten times as long as the rest of the guard. */
const SAMPLED_SITE_EVERY = 512;

/** Some 200 KiB: about as many as the quarantine of `sample` holds. */
const MAX_SPARE_RECORDS = 1024;

/** On `sample` no more bytes of an object are overwritten and looked at, be it long: the loop over them is what would take time. */
const SAMPLED_FILL_BYTES = 128;

/** Findings that are kept for the report; later ones are thrown, but not kept. */
const MAX_FINDINGS = 100;

/** Owner of a recycled record: a dropped context may be collected. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it is set before the record is asked for anything
const NO_OWNER = undefined as unknown as RecordOwner;

function bucketOf(address: Address): number {
  return (address >>> 4) & (BUCKETS - 1);
}

export class GuardLedger implements LedgerPort {
  readonly arena: Arena;
  readonly sampler: Sampler;
  readonly quarantine: Quarantine;
  /** The newest record of each bucket; the others hang behind it. */
  readonly #buckets: (GuardRecord | undefined)[] = Array.from({ length: BUCKETS });
  /** Whether every object is guarded: then contexts are verified before they end, and their memory is overwritten. */
  readonly isDebug: boolean;
  /** How many bytes of an object are overwritten, and how many its canary has, at most. */
  readonly fillBytes: number;
  /** Called with each finding, when the call that made it ends. */
  tell: (finding: PerflocError) => void = ignore;
  /** Whose open() makes contexts at the top; not the heap itself, which may be collected before its contexts. */
  opener: object = {};
  /** Notices when the heap is garbage collected: on `debug`. */
  leakWatch: LeakWatch | undefined = undefined;
  /** What was found so far, the first hundred. */
  readonly findings: PerflocError[] = [];
  /** While a commit frees objects again: what is found then waits until it is done. */
  isCommitting = false;
  /** How much more than the program asked for is asked for its guard, while an object is allocated: errors leave it out. */
  guardBytes = 0;
  /** Serial number of the newest guarded object. */
  lastSerial = 0;
  #untilSite = 1;
  /** Recycled records, linked by `older`. */
  #spare: GuardRecord | undefined = undefined;
  #spareCount = 0;
  readonly #pending: PerflocError[] = [];
  /** Messages of what `verify()` threw and no other call has reported yet. */
  readonly #verified = new Set<string>();

  constructor(arena: Arena, isDebug: boolean, options: ResolvedCheckOptions) {
    this.arena = arena;
    this.isDebug = isDebug;
    this.fillBytes = isDebug ? 2 ** 30 : SAMPLED_FILL_BYTES;
    this.sampler = new Sampler(options.sampleEvery, options.sampleSeed);
    this.quarantine = new Quarantine(options.quarantineBytes);
  }

  /**
   * How many findings were not thrown or reported yet. Each call reads it at its beginning, so that it throws its own findings, and none
   * of a call around it.
   */
  get pendingCount(): number {
    return this.#pending.length;
  }

  /** Keeps a finding for the end of the call that made it. */
  note(finding: PerflocError): void {
    if (!this.#verified.delete(finding.message)) this.keep(finding);
    this.#pending.push(finding);
  }

  /** Keeps what a call throws for the report. */
  keep(finding: PerflocError): void {
    if (this.findings.length < MAX_FINDINGS) this.findings.push(finding);
  }

  /** The same for what `verify()` throws: once, however often it is called, and not again when the end of the object reports it. */
  keepVerified(finding: PerflocError): void {
    if (this.#verified.has(finding.message) || this.#verified.size >= MAX_FINDINGS) return;
    this.#verified.add(finding.message);
    this.keep(finding);
  }

  /** Reports what was noted since there were `start`, and throws the first of it; the rest is in the findings. */
  throwSince(start: number): void {
    if (this.#pending.length <= start || this.isCommitting) return;
    const [first] = this.tellSince(start);
    throw first;
  }

  /** Reports what was noted since there were `start`, at the end of a call that throws something else. */
  tellSince(start: number): readonly PerflocError[] {
    const found = this.#pending.splice(start);
    for (const finding of found) this.tell(finding);
    return found;
  }

  /** The place that called a method, for a new object: of every one on `debug`, of some on `sample`. */
  siteFor(context: object, method: string): Site | undefined {
    if (--this.#untilSite > 0) return undefined;
    this.#untilSite = this.isDebug ? 1 : SAMPLED_SITE_EVERY;
    return captureSite(context, method);
  }

  /** The record of the object that begins at an address. */
  find(address: Address): GuardRecord | undefined {
    if (typeof address !== "number") return undefined;
    let record = this.#buckets[bucketOf(address)];
    while (record !== undefined && record.address !== address) record = record.nextInBucket;
    return record;
  }

  add(record: GuardRecord): void {
    const bucket = bucketOf(record.address);
    record.nextInBucket = this.#buckets[bucket];
    this.#buckets[bucket] = record;
  }

  /** A record, a recycled one if there is one: else they are most of the garbage of `sample`, and old when it is found. */
  newRecord(): GuardRecord {
    const spare = this.#spare;
    if (spare === undefined) return new GuardRecord();
    this.#spare = spare.older;
    this.#spareCount--;
    spare.older = undefined;
    return spare;
  }

  /**
   * Keeps a record that is in no list any longer. It may wait for long, so it holds nothing. Not on `debug`: there the errors
   * of views of dead objects name the places that their records keep.
   */
  recycle(record: GuardRecord): void {
    if (this.isDebug || this.#spareCount === MAX_SPARE_RECORDS) return;
    record.state = "live";
    record.owner = NO_OWNER;
    record.lengths = NO_LENGTHS;
    record.kind = undefined;
    record.allocatedAt = undefined;
    record.freedAt = undefined;
    record.newer = undefined;
    record.older = this.#spare;
    this.#spare = record;
    this.#spareCount++;
  }

  /** Forgets a record, wherever it stands; its context does the rest. */
  remove(record: GuardRecord): void {
    const bucket = bucketOf(record.address);
    this.#removeFromBucket(record, bucket);
    if (record.state === "quarantined") this.#leaveQuarantine(record);
  }

  /** Puts a freed object, whose bytes are overwritten already, into the quarantine. */
  enterQuarantine(record: GuardRecord): void {
    record.state = "quarantined";
    this.quarantine.push(record);
    record.owner.quarantinedBytes += record.capacity;
    record.owner.quarantinedObjects++;
  }

  /** Evicts the oldest from the quarantine until `capacity` more bytes fit. Notes which were written to. */
  evictFor(capacity: number): void {
    const { quarantine } = this;
    while (quarantine.oldest !== undefined && !quarantine.hasRoom(capacity))
      quarantine.oldest.owner.evict(quarantine.oldest);
  }

  /**
   * Evicts all, before memory runs out for any object; false when there were none.
   * @throws what was written to after it was freed
   */
  emptyQuarantine(): boolean {
    const { quarantine } = this;
    const { count } = quarantine;
    const start = this.pendingCount;
    while (quarantine.oldest !== undefined) quarantine.oldest.owner.evict(quarantine.oldest);
    this.throwSince(start);
    return count > 0;
  }

  /** What has an address now; `undefined` where no context has memory. The context may belong to another heap of the arena. */
  identityAt(state: HeapState, address: Address): ObjectIdentity | undefined {
    return identityAt(state, address, ({ ledger }) =>
      ledger instanceof GuardLedger ? ledger.find(address) : undefined,
    );
  }

  #removeFromBucket(record: GuardRecord, bucket: number): void {
    let before = this.#buckets[bucket]!;
    if (before === record) {
      this.#buckets[bucket] = record.nextInBucket;
      return;
    }
    while (before.nextInBucket !== record) before = before.nextInBucket!;
    before.nextInBucket = record.nextInBucket;
  }

  #leaveQuarantine(record: GuardRecord): void {
    this.quarantine.remove(record);
    record.owner.quarantinedBytes -= record.capacity;
    record.owner.quarantinedObjects--;
  }
}

function ignore(): void {
  // Until the heap is made, there is nothing to find.
}
