/**
 * What all collections share: a context of their own, which holds their bytes and nothing else.
 *
 *   frame ──► Vec of f64          the context that a program names, and the allocset below it that the collection opens
 *         ──► HashMap of u32
 *
 * So a collection grows in place where pages are free behind it, also below a bump context; it shows in `heap.describe()` with
 * its bytes; and whether it still lives is one flag, which is never reused: its context goes with a reset or drop of the one
 * above. (PostgreSQL's dynahash does the same.) Rejected: allocating in the program's context, where what died at a reset or
 * rollback cannot be told from what lies there now. The price is a page of 4 KiB for the smallest collection.
 */
import {
  type Arena,
  InvalidOptionError,
  MemoryContext,
  type TopChunk,
  UseAfterDropError,
} from "@perfloc/trim";

/**
 * Something that keeps its elements in the memory of a context.
 * @public
 */
export abstract class Collection implements Disposable {
  /*
   * Fields of the hot paths. Names begin with `$` as those of cursors do: private names would cost a check in each access.
   */
  /** The context that holds the bytes. @internal */
  readonly $home: MemoryContext;
  /** @internal */
  readonly $arena: Arena;
  /** As errors and `heap.describe()` call it. */
  readonly name: string;

  /** @internal */
  constructor(context: MemoryContext, name: string) {
    this.name = name;
    this.$home = openHome(context, name);
    this.$arena = this.$home.arena;
  }

  /** The context of its own that its bytes are in: `stats()`, `setLimit()`. Leave its objects alone. */
  get context(): MemoryContext {
    return this.$home;
  }

  /** Whether it was dropped, itself or with the context that it was made in. */
  get isDropped(): boolean {
    return this.$home.isDropped;
  }

  /**
   * Gives its memory back now, instead of with the context that it was made in. Every later call throws.
   * @throws UseAfterDropError `PERFLOC_TYPED_COLLECTION_DROPPED` when it was dropped before
   */
  drop(): void {
    this.$checkAlive();
    this.$home.drop();
  }

  /** Drops it unless that has happened: the end of a `using` block. */
  [Symbol.dispose](): void {
    if (!this.$home.isDropped) this.$home.drop();
  }

  /** @throws UseAfterDropError when the memory is gone @internal */
  $checkAlive(): void {
    if (this.$home.isDropped) this.$refuseDropped();
  }

  /** Cold: apart, so that the test above is inlined. @internal */
  $refuseDropped(): never {
    throw new UseAfterDropError(
      "PERFLOC_TYPED_COLLECTION_DROPPED",
      this.name,
      `cannot use ${this.name}: it was dropped`,
      "It went with its own drop(), or with a reset or drop of the context that it was made in. Make a new one.",
    );
  }
}

/**
 * The top chunk that a part of the collection lies in.
 * @throws UseAfterDropError when somebody disposed the arena below it
 */
export function chunkOf(collection: Collection, address: number): TopChunk {
  const chunk = collection.$arena.findChunk(address);
  return chunk ?? collection.$refuseDropped();
}

function openHome(context: unknown, name: string): MemoryContext {
  if (!(context instanceof MemoryContext)) {
    throw new InvalidOptionError(
      "PERFLOC_TYPED_INVALID_OPTION",
      "context",
      context,
      "collections are made in a MemoryContext",
      "Pass what heap.open() answered.",
    );
  }
  if (context.isDropped) {
    throw new UseAfterDropError(
      "PERFLOC_TYPED_CONTEXT_DROPPED",
      `context "${context.name}"`,
      `cannot make ${name} in context "${context.name}": it was dropped`,
      "Use a context that is alive.",
    );
  }
  return context.open(name);
}
