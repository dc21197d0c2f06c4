/**
 * The lengths of objects that are older than a mark and stay where they are at a realloc: in a slab, or where there was no memory.
 * A rollback gives one that got shorter the length and the bytes that it had at the mark, so no canary may lie on them; one that
 * grew stays as it is, for its new bytes are the program's.
 *
 *   checkpoint, realloc 32 ──► 8     | 8 in use | 24 that a rollback brings back | canary |
 *                                               + byteLength                     + canaryFrom
 */
import { CANARY_BYTE } from "./fill-bytes.js";
import { type GuardRecord, NO_LENGTHS } from "./guard-record.js";

export class ObjectLengths {
  readonly #changed = new Set<GuardRecord>();

  /** Remembers the length of an object before it changes, while there are `markDepth` marks. */
  note(record: GuardRecord, markDepth: number): void {
    if (record.lengths === NO_LENGTHS) record.lengths = [];
    if (record.lengths.at(-1)?.markDepth === markDepth) return;
    record.lengths.push({ markDepth, byteLength: record.byteLength });
    this.#changed.add(record);
  }

  forget(record: GuardRecord): void {
    this.#changed.delete(record);
  }

  /** The marks from `position` on are rolled back. */
  restore(position: number): void {
    for (const record of this.#changed) {
      const first = record.lengths.findIndex(({ markDepth }) => markDepth > position);
      if (first < 0) continue;
      const { canaryFrom, lengths } = record;
      record.byteLength = Math.max(record.byteLength, lengths[first]!.byteLength);
      lengths.length = first;
      record.fill(record.canaryFrom, canaryFrom, CANARY_BYTE);
      if (first === 0) this.#changed.delete(record);
    }
  }

  /** The marks from `position` on are committed; objects up to `serial` are older than the newest one that is left. */
  join(position: number, serial: number): void {
    for (const record of this.#changed) {
      const first = record.lengths.findIndex(({ markDepth }) => markDepth > position);
      if (first < 0) continue;
      const { canaryFrom, lengths } = record;
      const isOlder = position > 0 && record.serial <= serial;
      const staysAs =
        isOlder && lengths[first - 1]?.markDepth !== position ? lengths[first] : undefined;
      lengths.length = first;
      if (staysAs !== undefined)
        lengths.push({ markDepth: position, byteLength: staysAs.byteLength });
      if (record.state !== "quarantined") record.fill(record.canaryFrom, canaryFrom, CANARY_BYTE);
      if (lengths.length === 0) this.#changed.delete(record);
    }
  }
}
