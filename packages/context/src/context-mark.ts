/** A moment of a context that can be gone back to. */
import type { Address } from "@perfloc/arena";
import type { SavedLists } from "./free-lists.js";
import type { ProcessChunk } from "./process-chunk.js";

/**
 * What `checkpoint` answers and `rollback` and `commit` take. Opaque; it dies with the next reset or drop of its context.
 * @public
 */
export class ContextMark {
  /** The newest chunk of the chain at that moment, as its order; 0 for none. @internal */
  readonly order: number;
  /** @internal */
  readonly nextBytes: number;
  /** The chunk that objects were cut from, and how far. @internal */
  readonly current: ProcessChunk | undefined;
  /** @internal */
  readonly cursor: Address;
  /** The free lists of that moment; `undefined` in a context without. @internal */
  readonly lists: SavedLists | undefined;
  /** Objects from before that were freed since: they come back at a rollback. @internal */
  readonly deferred: Address[] = [];

  /** @internal */
  constructor(
    order: number,
    nextBytes: number,
    current: ProcessChunk | undefined,
    cursor: Address,
    lists: SavedLists | undefined,
  ) {
    this.order = order;
    this.nextBytes = nextBytes;
    this.current = current;
    this.cursor = cursor;
    this.lists = lists;
  }
}
