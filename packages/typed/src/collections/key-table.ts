/**
 * The keys of a HashMap: open addressing with linear probing in a table of a power of two, at most three quarters full.
 *
 *   | key A | key B | ----- | ----- | key C | ... |      slots 0 to capacity - 1; A and B have the same home
 *     home(A) ^--- probing goes on until a free slot
 *
 * A free slot is one whose word is 0. Where 0 is a key of its own, it has no place in the table but the slot behind the last
 * one, and a flag. There are no tombstones: a delete moves later keys of the run back, so that a map that is used for long is as
 * fast as a new one.
 *
 * The upper bits of the hash are the slot, so that a table twice as long has the keys in the same order: growing reads and
 * writes from one end to the other, which the CPU foresees.
 */
import type { TopChunk } from "@perfloc/trim";
import type { Slots } from "./slots.js";

/** 2^32 divided by the golden ratio, odd: neighbouring keys land far apart. */
export const HASH_MULTIPLIER: number = 0x9e3779b1 | 0;

/** Capacity of the first table. */
export const LEAST_CAPACITY = 8;

/**
 * What a table without memory reads: free slots, so that look-ups need no test of their own. Never written. Twice the least
 * capacity, for keys of two words.
 */
export const NO_KEYS: Uint32Array = new Uint32Array(2 * LEAST_CAPACITY);

/** The table grows beyond this share. Higher: misses probe long; 3/4 is 8 slots of 4 bytes for a miss, within a cache line. */
const MAX_LOAD = 0.75;

export abstract class KeyTable<Key = any> {
  /** Bytes of a slot of the table. */
  abstract readonly keyBytes: number;
  /** What keys are, for errors. */
  abstract readonly expected: string;
  /** Whether keys are JavaScript numbers. */
  abstract readonly hasNumbers: boolean;
  /** Slots; 0 before the first key. */
  capacity = 0;
  /** capacity - 1; before the first key it stands for NO_KEYS, as `shift` does. */
  mask: number = LEAST_CAPACITY - 1;
  /** 32 - log2(capacity): leaves the upper bits of a hash. */
  shift: number = Math.clz32(LEAST_CAPACITY) + 1;
  size = 0;
  /** The size from which on one more key needs a longer table. */
  growAt = 0;
  /** The flag of the key that the table marks free slots with. */
  hasZero = false;

  /** The slot of a key; when it is not there, and for what is no key, `~slot` of the free slot that it would be put into. */
  abstract find(key: Key): number;

  /** Puts the key that `find` was just asked for into the free slot that it answered. */
  abstract put(slot: number, key: Key): void;

  /** Whether a key can be stored. */
  abstract isKey(key: unknown): boolean;

  abstract keyAt(slot: number): Key;

  /** Whether a slot of the table has no key. */
  abstract isFree(slot: number): boolean;

  /** Where probing for the key in a slot begins. */
  protected abstract homeOf(slot: number): number;

  protected abstract moveKey(from: number, to: number): void;

  protected abstract freeSlot(slot: number): void;

  /** Takes the arrays of the chunk that the table lies in now. */
  moveTo(_chunk: TopChunk, _offset: number, capacity: number): void {
    this.capacity = capacity;
    this.mask = capacity - 1;
    this.shift = Math.clz32(capacity) + 1;
    this.growAt = capacity * MAX_LOAD;
  }

  /** The first slot from `slot` on that has a key; -1 when none has. */
  nextSlot(slot: number): number {
    const { capacity } = this;
    for (let next = slot; next < capacity; next++) if (!this.isFree(next)) return next;
    return slot <= capacity && this.hasZero ? capacity : -1;
  }

  /** Moves the keys and values of another table of as many keys into this one, which is free and longer. */
  abstract refill(source: this, values: Slots, valueSource: Slots): void;

  /** Takes the key of a slot out, and its value. */
  remove(slot: number, values: Slots): void {
    this.size--;
    if (slot === this.capacity) this.hasZero = false;
    else this.#closeGap(slot, values);
  }

  /** Takes out all keys. */
  clear(): void {
    this.size = 0;
    this.hasZero = false;
    this.eraseTable();
  }

  /** Marks every slot of the table as free. */
  abstract eraseTable(): void;

  /** Moves back what probing would not find behind a free slot. */
  #closeGap(slot: number, values: Slots): void {
    const { mask } = this;
    let gap = slot;
    for (let next = (slot + 1) & mask; !this.isFree(next); next = (next + 1) & mask) {
      if (((next - this.homeOf(next)) & mask) >= ((next - gap) & mask)) {
        this.moveKey(next, gap);
        values.move(next, gap);
        gap = next;
      }
    }
    this.freeSlot(gap);
  }
}

/** How many slots so many keys need. */
export function capacityFor(keyCount: number): number {
  let capacity = LEAST_CAPACITY;
  while (capacity * MAX_LOAD < keyCount) capacity *= 2;
  return capacity;
}
