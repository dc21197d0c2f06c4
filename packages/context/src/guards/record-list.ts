/** The records of one context, by age: a list that records leave from anywhere. */
import type { GuardRecord } from "./guard-record.js";

export class RecordList {
  newest: GuardRecord | undefined = undefined;

  push(record: GuardRecord): void {
    const { newest } = this;
    record.older = newest;
    if (newest !== undefined) newest.newer = record;
    this.newest = record;
  }

  /** O(1). */
  remove(record: GuardRecord): void {
    const { newer, older } = record;
    if (newer === undefined) this.newest = older;
    else newer.older = older;
    if (older !== undefined) older.newer = newer;
    // A view may keep the record, but not the others through it.
    record.newer = undefined;
    record.older = undefined;
  }
}
