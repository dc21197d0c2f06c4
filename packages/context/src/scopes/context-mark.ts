/**
 * A checkpoint: a moment of a context that can be gone back to.
 *
 *   objects before it   keep the tag that the context had; the hot paths take none of them while the checkpoint lives
 *   objects after it    have a tag of their own
 *   freed since then    if older than the checkpoint: only noted, so that a rollback brings them back
 */
import type { Address } from "@perfloc/arena";

/** The lists of a moment, as a checkpoint keeps them. */
export interface SavedLists {
  readonly heads: Int32Array;
  readonly freeMask: number;
  readonly largerMask: number;
}

/**
 * What `checkpoint` returns and `rollback` and `commit` take. Opaque; it dies with the next reset or drop of its context.
 * @public
 */
export class ContextMark {
  /** The newest process chunk of the chain at that moment; 0 for none. @internal */
  readonly newestChunk: Address;
  /** The process chunk that objects were cut from, and how far; 0 for none. @internal */
  readonly currentChunk: Address;
  /** @internal */
  readonly cursor: Address;
  /** Tag of the objects before it. @internal */
  readonly tag: number;
  /** The free lists of that moment; `undefined` in a context without. @internal */
  readonly lists: SavedLists | undefined;
  /** Granules of objects from before that were freed since, each with its cell: they come back at a rollback. @internal */
  readonly deferred: Map<number, number> = new Map<number, number>();

  /** @internal */
  constructor(
    newestChunk: Address,
    currentChunk: Address,
    cursor: Address,
    tag: number,
    lists: SavedLists | undefined,
  ) {
    this.newestChunk = newestChunk;
    this.currentChunk = currentChunk;
    this.cursor = cursor;
    this.tag = tag;
    this.lists = lists;
  }
}
