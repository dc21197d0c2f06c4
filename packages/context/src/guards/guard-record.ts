/**
 * What is known about one guarded object, outside its bytes. Records hang in two lists: all of a context, by age, and all in the quarantine
 * of the heap.
 *
 *   live ──free──► quarantined ──evicted──► gone                              reset and drop forget records as they are
 *    ▲ └──free of an object older than a checkpoint──► deferred ──commit──► live, and freed for good
 *    └────────────────────────rollback───────────────────┘
 */
import type { Address, TopChunk } from "@perfloc/arena";
import { fillBytes, findOverwritten } from "./fill-bytes.js";
import type { Site } from "./site.js";

/**
 * `deferred`: freed, but a rollback may bring it back, so its bytes stay as they are. `gone`: freed, and its memory may hold another object.
 */
export type GuardState = "live" | "quarantined" | "deferred" | "gone";

/** The port to the guards of a context, as its records and the ledger use them. */
export interface RecordOwner {
  /** Name of the context. */
  readonly name: string;
  /** How many bytes of an object are overwritten and compared, and how many its canary has, at most. */
  readonly fillBytes: number;
  /** Its objects in the quarantine. */
  quarantinedBytes: number;
  quarantinedObjects: number;
  /** The record of the object that begins at an address; `undefined` for plain ones and mistakes. */
  find(address: Address): GuardRecord | undefined;
  /** Takes a record out of the quarantine: notes whether its object was written to, and frees it for good. */
  evict(record: GuardRecord): void;
}

/** How long an object was before a realloc under a checkpoint. */
export interface LengthAtMark {
  /** How many checkpoints there were. */
  markDepth: number;
  readonly byteLength: number;
}

/** Of nearly all objects. Never written. */
export const NO_LENGTHS: LengthAtMark[] = [];

/** Made without facts, so that it can be recycled: see `GuardLedger.newRecord`. */
export class GuardRecord {
  address: Address = 0;
  /** Where its bytes are. */
  top!: TopChunk;
  /** What the program asked for. */
  byteLength = 0;
  /** Bytes of the object and its canary together. */
  capacity = 0;
  owner!: RecordOwner;
  /** Rises from object to object of a heap: decides which rollbacks it survives. */
  serial = 0;
  state: GuardState = "live";
  /** While deferred: how many checkpoints its context had when it was freed. */
  markDepth = 0;
  /** Lengths that it had at checkpoints, oldest first. See ObjectLengths. */
  lengths: LengthAtMark[] = NO_LENGTHS;
  /** What the layer above says that it is. */
  kind: unknown = undefined;
  allocatedAt: Site | undefined = undefined;
  freedAt: Site | undefined = undefined;
  /** Of the same context. */
  older: GuardRecord | undefined = undefined;
  newer: GuardRecord | undefined = undefined;
  /** In the ledger: the next one in the same bucket. */
  nextInBucket: GuardRecord | undefined = undefined;
  /** In the quarantine. */
  nextOut: GuardRecord | undefined = undefined;
  previousOut: GuardRecord | undefined = undefined;

  /** Where its canary begins: behind every length that it may have again. */
  get canaryFrom(): number {
    if (this.lengths === NO_LENGTHS) return this.byteLength;
    return this.lengths.reduce((longest, at) => Math.max(longest, at.byteLength), this.byteLength);
  }

  /** Fills the bytes from `from` on, up to `to`, with one value: no more than the level fills. */
  fill(from: number, to: number, byte: number): void {
    const start = this.address - this.top.base;
    const end = Math.min(to, from + this.owner.fillBytes);
    fillBytes(this.top, start + from, start + end, byte);
  }

  /** The first of those bytes that is not `byte`; -1 when all are. */
  findOverwritten(from: number, to: number, byte: number): number {
    const start = this.address - this.top.base;
    const end = Math.min(to, from + this.owner.fillBytes);
    const at = findOverwritten(this.top, start + from, start + end, byte);
    return at < 0 ? -1 : at - start;
  }
}
