/**
 * Whether the memory of a view is still what it was when the view was made: O(1).
 *
 * A context owns its process chunks by objects that are never used twice, so the owner of the first page tells a drop, a
 * release and a reset that gave the chunk up; the end of what was cut off the chunk tells a rollback and a reset that kept it.
 */
import { type Address, type Arena, type MemoryContext, UseAfterDropError } from "@perfloc/trim";

const PAGE_SHIFT = 12;

/** A process chunk, as far as a tenure needs it. */
type ProcessChunk = Parameters<MemoryContext["highWaterOf"]>[0];

export class Tenure {
  /** Number of the first page. */
  readonly page: number;
  readonly #owners: readonly (object | undefined)[];
  readonly #owner: object | undefined;
  readonly #context: MemoryContext;
  readonly #end: Address;

  /** The object at `address`, which lives now. */
  constructor(context: MemoryContext, arena: Arena, address: Address, byteLength: number) {
    this.#owners = arena.pageOwners;
    this.page = address >>> PAGE_SHIFT;
    this.#owner = this.#owners[this.page];
    this.#context = context;
    this.#end = address + byteLength;
  }

  /** Whether the object is gone. */
  get isOver(): boolean {
    const owner = this.#owners[this.page];
    if (owner === undefined || owner !== this.#owner) return true;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- pages of contexts are owned by their process chunks
    return this.#end > this.#context.highWaterOf(owner as ProcessChunk);
  }

  /** @throws UseAfterDropError when the object is gone */
  check(what: string): void {
    if (!this.isOver) return;
    const { name, isDropped } = this.#context;
    throw new UseAfterDropError(
      "PERFLOC_TYPED_CONTEXT_DROPPED",
      `context "${name}"`,
      `cannot use ${what} of context "${name}": the context was ${isDropped ? "dropped" : "reset or rolled back"}`,
      "The view died with its memory. Make a new one.",
    );
  }
}
