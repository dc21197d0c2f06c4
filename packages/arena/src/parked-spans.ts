/**
 * The parked spans of one top chunk: free to everybody, but still in one piece and with the record of their last owner.
 *
 *   heads[0] ──► owner of 1 page  ──► owner of 1 page ──► undefined     (linked through `nextParked` of the owners, newest first)
 *   heads[1] ──► owner of 2 pages ──► undefined
 *   ...
 *
 * Scopes that open and end again and again ask for the same spans each time: merging them and cutting them anew, and making
 * the owner's record anew, took half of the time of a scope of 100 objects (ADR 8). The buddy of the chunk takes a parked span for
 * occupied; `TopChunk.mergeParked` gives all of them to it as soon as something else needs the room. (Stacks in arrays took 10
 * to 30 ns more for each span.)
 */
import type { Address } from "./address.js";

/**
 * Who can be named as the owner of a parked span.
 * @public
 */
export interface ParkingOwner {
  /** Where the span begins. */
  readonly base: Address;
  /** The next one of its list; only the arena writes it. */
  nextParked: ParkingOwner | undefined;
}

/** Longest span that is parked: 2^6 pages, 256 KiB. Longer ones come seldom, and using them costs more than cutting them. */
export const MAX_PARKED_ORDER = 6;

/** How many spans a chunk parks: a program nests fewer scopes. More only put off the merging. */
const MAX_PARKED_SPANS = 64;

export class ParkedSpans {
  readonly #heads: (ParkingOwner | undefined)[] = [];
  #spanCount = 0;

  constructor() {
    for (let order = 0; order <= MAX_PARKED_ORDER; order++) this.#heads.push(undefined);
  }

  get isEmpty(): boolean {
    return this.#spanCount === 0;
  }

  /** The owner of the newest span of `order`. */
  newest(order: number): ParkingOwner | undefined {
    return this.#heads[order];
  }

  /** Parks a span; false when there are enough. */
  push(order: number, owner: ParkingOwner): boolean {
    if (this.#spanCount === MAX_PARKED_SPANS) return false;
    owner.nextParked = this.#heads[order];
    this.#heads[order] = owner;
    this.#spanCount++;
    return true;
  }

  /** Takes the newest span of `order` off, which is that of `owner`. */
  pop(order: number, owner: ParkingOwner): void {
    this.#heads[order] = owner.nextParked;
    owner.nextParked = undefined;
    this.#spanCount--;
  }
}
