/**
 * Lifetimes: whether what was allocated at some moment still lives, told in O(1), also after its addresses serve again.
 *
 *   depth 0   since the last reset         ─┐ ended by reset and drop
 *   depth 1   since the oldest live mark    │ ended by its rollback too; a commit makes it part of depth 0
 *   depth 2   since the next one            ┘ ...
 *
 * One object for each depth, made when somebody asks: a context whose lifetime nobody watches pays a comparison at a reset.
 */

/**
 * The lifetime of what is allocated in a context at one moment: see {@link MemoryContext.lifetime}.
 * @public
 */
export class Lifetime {
  #isOver = false;
  #heir: Lifetime | undefined = undefined;
  #wasFreed = false;

  /** Whether everything that was allocated in it is gone. Never false again. */
  get isOver(): boolean {
    return this.#heir === undefined ? this.#isOver : this.#heir.isOver;
  }

  /** @internal */
  end(): void {
    this.#isOver = true;
  }

  /** Whether it was that of one object, which was freed. @internal */
  get wasFreed(): boolean {
    return this.#wasFreed;
  }

  /** The one object that it is the lifetime of was freed. @internal */
  free(): void {
    this.#wasFreed = true;
    this.#isOver = true;
  }

  /** From now on it lasts as long as an older one. @internal */
  joins(older: Lifetime): void {
    this.#heir = older;
  }
}

/** The lifetime at a depth. */
export function lifetimeAt(lifetimes: (Lifetime | undefined)[], depth: number): Lifetime {
  return (lifetimes[depth] ??= new Lifetime());
}

/** Ends the lifetimes from `depth` on. */
export function endLifetimes(lifetimes: (Lifetime | undefined)[], depth: number): void {
  for (const lifetime of lifetimes.splice(depth)) lifetime?.end();
}

/** Makes the lifetimes behind `depth` part of the one there. */
export function joinLifetimes(lifetimes: (Lifetime | undefined)[], depth: number): void {
  for (const lifetime of lifetimes.splice(depth + 1)) lifetime?.joins(lifetimeAt(lifetimes, depth));
}
