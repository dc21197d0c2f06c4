/**
 * Freed objects whose memory is not reused yet, so that a program that still writes to them is found out: first in, first out,
 * and no more bytes than a limit.
 *
 *   oldest ──nextOut──► ... ──nextOut──► newest          bytes = the sum of their capacities
 *   leaves first                         freed last
 */
import type { GuardRecord } from "./guard-record.js";

export class Quarantine {
  /** Bytes that it may hold. */
  readonly maxBytes: number;
  /** Bytes and objects in it. */
  bytes = 0;
  count = 0;
  oldest: GuardRecord | undefined = undefined;
  #newest: GuardRecord | undefined = undefined;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  /** Whether an object of `capacity` bytes fits once others left. */
  canHold(capacity: number): boolean {
    return capacity <= this.maxBytes;
  }

  /** Whether `capacity` more bytes fit as it is now. */
  hasRoom(capacity: number): boolean {
    return this.bytes + capacity <= this.maxBytes;
  }

  push(record: GuardRecord): void {
    const last = this.#newest;
    record.previousOut = last;
    if (last === undefined) this.oldest = record;
    else last.nextOut = record;
    this.#newest = record;
    this.bytes += record.capacity;
    this.count++;
  }

  /** Takes a record out, wherever it stands. O(1). */
  remove(record: GuardRecord): void {
    const { nextOut, previousOut } = record;
    if (previousOut === undefined) this.oldest = nextOut;
    else previousOut.nextOut = nextOut;
    if (nextOut === undefined) this.#newest = previousOut;
    else nextOut.previousOut = previousOut;
    record.nextOut = undefined;
    record.previousOut = undefined;
    this.bytes -= record.capacity;
    this.count--;
  }
}
