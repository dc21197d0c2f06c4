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
  type Address,
  type Arena,
  InvalidOptionError,
  InvalidSizeError,
  type Lifetime,
  type MemoryContext,
  type TopChunk,
  UseAfterDropError,
} from "@perfloc/trim";
import { FieldType } from "../fields/field-type.js";
import { mistakenType } from "../fields/no-type.js";
import { checkContext } from "../views/place.js";

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
  /** Each call asks it first. @internal */
  readonly $guard: Guard;
  /** @internal */
  readonly $arena: Arena;
  /** As errors and `heap.describe()` call it. */
  readonly name: string;

  /** @internal */
  constructor(context: MemoryContext, name: string) {
    this.name = name;
    checkContext(context);
    this.$home = context.open(name);
    this.$arena = this.$home.arena;
    this.$guard = guardOf(context, this.$home);
  }

  /** The context of its own that its bytes are in: `stats()`, `setLimit()`. Leave its objects alone. */
  get context(): MemoryContext {
    return this.$home;
  }

  /** Whether it was dropped, itself or with the context that it was made in. */
  get isDropped(): boolean {
    return this.$guard.isDropped;
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
    if (!this.$guard.isDropped) this.$home.drop();
  }

  /** @throws UseAfterDropError when the memory is gone @internal */
  $checkAlive(): void {
    if (this.$guard.isDropped) this.$refuseDropped();
  }

  /** Cold: apart, so that the test above is inlined. @internal */
  $refuseDropped(): never {
    throw new UseAfterDropError(
      "PERFLOC_TYPED_COLLECTION_DROPPED",
      this.name,
      `cannot use ${this.name}: it was dropped`,
      "It went with its own drop(), or with a reset, drop or rollback of the context that it was made in. Make a new one.",
    );
  }
}

/** Most elements that a collection is made for: an object of a context has at most 2^30 bytes. */
const MAX_COUNT = 2 ** 30;

/** A number of elements that is to have room. @throws InvalidSizeError `PERFLOC_TYPED_INVALID_SIZE` */
export function checkCount(name: string, count: unknown): asserts count is number {
  const isCount = typeof count === "number" && Number.isInteger(count);
  if (isCount && count >= 0 && count <= MAX_COUNT) return;
  throw new InvalidSizeError("PERFLOC_TYPED_INVALID_SIZE", name, count, 0, MAX_COUNT);
}

/**
 * @param known - the one option that there is
 * @throws InvalidOptionError for what is no object, and for other options
 */
export function checkOptions(options: unknown, known: string): void {
  const code = "PERFLOC_TYPED_INVALID_OPTION";
  if (typeof options !== "object" || options === null)
    throw new InvalidOptionError(code, "options", options, "they must be an object");
  for (const [option, value] of Object.entries(options)) {
    if (option === known) continue;
    throw new InvalidOptionError(code, option, value, `the only option is ${known}`);
  }
}

/** A part of a constructor: when it throws, the context that the collection opened for itself goes again. */
export function orDrop<T>(home: MemoryContext, make: () => T): T {
  try {
    return make();
  } catch (error) {
    home.drop();
    throw error;
  }
}

/**
 * The name of a type that a program passed.
 * @throws InvalidOptionError for what is no type
 */
export function nameOfType(option: string, type: unknown): string {
  if (type instanceof FieldType) return type.name;
  const mistake = mistakenType(type);
  throw new InvalidOptionError(
    "PERFLOC_TYPED_INVALID_OPTION",
    option,
    type,
    `it must be a field type or a struct${mistake === undefined ? "" : `, not ${mistake.what}`}`,
    mistake?.hint ?? "Pass one of i8 to u64, utf8, a struct, or another type of this package.",
  );
}

/**
 * Frees the block that a collection moved out of. On the level `debug` that may find damage and throw; the collection is then to stay where
 * it was, and what it was to move into is freed instead.
 * @throws what `free` throws
 */
export function freeMoved(home: MemoryContext, before: Address, after: Address): void {
  try {
    home.free(before);
  } catch (error) {
    freeSurely(home, after);
    throw error;
  }
}

/** On `debug` a free tells what it found, once, and is not done: the next one is. Found may be an overrun, and what leaves the quarantine. */
const FREE_ATTEMPTS = 3;

/** Frees an object whatever is found meanwhile. @returns the first of it */
export function freeSurely(home: MemoryContext, address: Address): unknown {
  let finding: unknown;
  for (let attempt = 0; attempt < FREE_ATTEMPTS; attempt++) {
    try {
      home.free(address);
      return finding;
    } catch (error) {
      finding ??= error;
    }
  }
  return finding;
}

/**
 * The top chunk that a part of the collection lies in.
 * @throws UseAfterDropError when somebody disposed the arena below it
 */
export function chunkOf(collection: Collection, address: number): TopChunk {
  const chunk = collection.$arena.findChunk(address);
  return chunk ?? collection.$refuseDropped();
}

/**
 * What tells whether a collection is gone: its own context, unless a mark of the program's context may be rolled back to. A
 * rollback leaves child contexts alone; then the lifetime of what the program's context allocates is asked, too.
 */
export interface Guard {
  readonly isDropped: boolean;
}

class MarkedGuard implements Guard {
  readonly #home: MemoryContext;
  readonly #lifetime: Lifetime;

  constructor(context: MemoryContext, home: MemoryContext) {
    this.#home = home;
    this.#lifetime = context.lifetime;
  }

  get isDropped(): boolean {
    if (!this.#home.isDropped && this.#lifetime.isOver) this.#home.drop();
    return this.#home.isDropped;
  }
}

function guardOf(context: MemoryContext, home: MemoryContext): Guard {
  return context.hasMarks ? new MarkedGuard(context, home) : home;
}
