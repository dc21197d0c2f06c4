/**
 * Gives out tags: each once, in rising order, until the space is used up; then stale cells are swept and the tags that nobody uses any
 * more are given out again.
 *
 *   1 2 3 ... ──► end of the space ──► sweep: tags in use stay, cells with any other tag are cleared ──► 1 2 (3 is in use) 4 ...
 */
import { LimitExceededError } from "@perfloc/arena";
import { NO_TAG, TAG_STEP } from "../slots/cells.js";

/** Tags in the space: all that 24 bits hold, without 0 (cells that were never written) and NO_TAG. */
const ALL_TAGS: number = NO_TAG / TAG_STEP - 1;

/** What has objects with tags: a context. */
export interface TagHolder {
  readonly tag: number;
  /** The heads of its free lists: a view of its record, replaced when the records move. */
  heads: Int32Array;
  /** Live checkpoints, each with the tag of the objects before it. */
  readonly marks: readonly { readonly tag: number }[];
}

/** Clears every cell whose tag is not in use, and returns the tags that are. */
export type TagSweep = () => Iterable<number>;

export class TagSource {
  private readonly sweep: TagSweep;
  private next = TAG_STEP;
  /** Tags from next to here are free. */
  private end: number;
  private limit: number;
  /** Tags in use beyond end, in rising order, since the last sweep. */
  private inUse: readonly number[] = [];
  /** How often the space was used up. */
  sweeps = 0;

  constructor(sweep: TagSweep) {
    this.sweep = sweep;
    this.limit = (ALL_TAGS + 1) * TAG_STEP;
    this.end = this.limit;
  }

  /** A tag that no cell has, shifted into its place in a cell. @throws LimitExceededError when all are in use */
  take(): number {
    const tag = this.next;
    if (tag === this.end) return this.takeSlow();
    this.next = tag + TAG_STEP;
    return tag;
  }

  /** Makes the space smaller, for tests of the sweep. */
  shrinkTo(tagCount: number): void {
    this.limit = (tagCount + 1) * TAG_STEP;
    this.end = Math.min(this.end, this.limit);
    if (this.next > this.end) this.next = this.end;
  }

  private takeSlow(): number {
    if (!this.nextRun()) {
      this.sweeps++;
      this.inUse = [...new Set(this.sweep())].toSorted((a, b) => a - b);
      this.next = TAG_STEP;
      this.end = TAG_STEP;
      if (!this.nextRun()) throw tagsUsedUp(this.limit / TAG_STEP - 1);
    }
    const tag = this.next;
    this.next = tag + TAG_STEP;
    return tag;
  }

  /** Goes on behind the tags in use at end; false at the end of the space. */
  private nextRun(): boolean {
    let position = this.inUse.findIndex((tag) => tag >= this.end);
    let next = this.end;
    if (position < 0) position = this.inUse.length;
    while (this.inUse[position] === next) {
      next += TAG_STEP;
      position++;
    }
    if (next >= this.limit) return false;
    this.next = next;
    this.end = Math.min(this.inUse[position] ?? this.limit, this.limit);
    return true;
  }
}

function tagsUsedUp(tagCount: number): LimitExceededError {
  return new LimitExceededError(
    "PERFLOC_CONTEXT_TAGS",
    `could not tag another context: all ${tagCount} tags of the arena are in use`,
    "Drop contexts or commit checkpoints: each uses one tag. Or use a second arena.",
    { requestedBytes: 0, heldBytes: 0, usedBytes: 0, limitBytes: Infinity },
    "",
  );
}
