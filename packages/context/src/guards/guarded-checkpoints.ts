/**
 * What the guards of a context know about its checkpoints: which objects are younger than each, and which lengths come back.
 *
 *   serials   | 4 | 9 |            objects up to serial 4 are older than checkpoint 0, those up to 9 older than checkpoint 1
 */
import type { GuardRecord } from "./guard-record.js";
import { ObjectLengths } from "./object-lengths.js";
import type { RecordList } from "./record-list.js";

/** Of contexts without checkpoints. Never written. */
const NO_SERIALS: number[] = [];

export class GuardedCheckpoints {
  /** The newest serial number when each live checkpoint was made. */
  #serials: number[] = NO_SERIALS;
  /** Made when an object older than a checkpoint gets another length where it lies. */
  #lengths: ObjectLengths | undefined = undefined;

  /** @param count - checkpoints from before there were guards: every guarded object is younger */
  constructor(count: number, serial: number) {
    if (count > 0) this.#serials = Array.from({ length: count }, () => serial);
  }

  get count(): number {
    return this.#serials.length;
  }

  push(serial: number): void {
    if (this.#serials === NO_SERIALS) this.#serials = [];
    this.#serials.push(serial);
  }

  /** Serial number of the newest object that is older than the checkpoint at `position`. */
  serialAt(position: number): number {
    return this.#serials[position]!;
  }

  /** Before an object that is older than a checkpoint gets another length. */
  noteLength(record: GuardRecord): void {
    this.#lengths ??= new ObjectLengths();
    this.#lengths.note(record, this.count);
  }

  /** A record leaves its context. */
  forgetRecord(record: GuardRecord): void {
    this.#lengths?.forget(record);
  }

  /** Makes those of `records` live that were freed since the checkpoint at `position`, with their lengths of then. */
  restore(position: number, records: RecordList): void {
    for (let record = records.newest; record !== undefined; record = record.older) {
      if (record.state !== "deferred" || record.markDepth <= position) continue;
      record.state = "live";
      record.freedAt = undefined;
    }
    this.#lengths?.restore(position);
  }

  /** Forgets the checkpoints from `position` on, before a commit frees their deferred objects again. */
  truncate(position: number): void {
    this.#serials.length = position;
  }

  /** Forgets the checkpoints from `position` on, and the lengths of then. */
  forgetFrom(position: number): void {
    this.truncate(position);
    this.#lengths?.join(position, this.#serials.at(-1) ?? 0);
  }

  /** The context was reset or dropped. */
  clear(): void {
    this.#serials = NO_SERIALS;
  }
}
