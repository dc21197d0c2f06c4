/**
 * What is known of one guarded object, outside its bytes. Records hang in two lists: all of a context, by age, and all that wait
 * in the quarantine of the heap.
 *
 *   live ──free──► quarantined ──its turn comes──► gone               reset and drop forget records as they are
 *    ▲ └──free of an object older than a mark──► sealed ──commit──► live, and freed for good
 *    └─────────────────────rollback──────────────────┘
 */
import type { Address, TopChunk } from "@perfloc/arena";
import { fillBytes, findOverwritten } from "./fill-bytes.js";
import type { ContextGuards } from "./context-guards.js";
import type { Site } from "./site.js";

/** `sealed`: freed, but a rollback may bring it back, so its bytes stay as they are. `gone`: freed, and its memory is used again. */
export type GuardState = "live" | "quarantined" | "sealed" | "gone";

/** How long an object was before it got another length under a mark. */
export interface LengthAtMark {
  /** How many marks there were. */
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
  /** What the object has with its canary. */
  capacity = 0;
  guards!: ContextGuards;
  /** Rises from object to object of a heap: decides which rollbacks it survives. */
  birth = 0;
  state: GuardState = "live";
  /** While sealed: how many marks its context had when it was freed. */
  markDepth = 0;
  /** Lengths that it had when marks were made, oldest first. See ObjectLengths. */
  lengths: LengthAtMark[] = NO_LENGTHS;
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
    const end = Math.min(to, from + this.guards.ledger.fillBytes);
    fillBytes(this.top, start + from, start + end, byte);
  }

  /** The first of those bytes that is not `byte`; -1 when all are. */
  findOverwritten(from: number, to: number, byte: number): number {
    const start = this.address - this.top.base;
    const end = Math.min(to, from + this.guards.ledger.fillBytes);
    const at = findOverwritten(this.top, start + from, start + end, byte);
    return at < 0 ? -1 : at - start;
  }
}
