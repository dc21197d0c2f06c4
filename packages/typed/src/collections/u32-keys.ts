/** Keys of 32 bits, themselves the table. */
import type { TopChunk } from "@perfloc/trim";
import type { Slots } from "./slots.js";
import { HASH_MULTIPLIER, KeyTable, NO_KEYS } from "./key-table.js";

/** The module's own copy: V8 folds it into the hot paths, while an imported binding is a load from memory each time. */
const MULTIPLIER = HASH_MULTIPLIER;

export class U32Keys extends KeyTable<number> {
  override readonly keyBytes = 4;
  override readonly expected = "an integer from 0 to 2^32 - 1";
  override readonly hasNumbers = true;
  words: Uint32Array = NO_KEYS;
  /** Index of slot 0 in the array. */
  first = 0;

  /** Hot path. Nothing may be added here. */
  override find(key: number): number {
    if (typeof key !== "number") return -1;
    if (key === 0) return this.hasZero ? this.capacity : ~this.capacity;
    const { words, first, mask } = this;
    let slot = Math.imul(key ^ (key >>> 15), MULTIPLIER) >>> this.shift;
    for (;;) {
      const found = words[first + slot]!;
      if (found === key) return slot;
      if (found === 0) return ~slot;
      slot = (slot + 1) & mask;
    }
  }

  /** Hot path. Nothing may be added here. */
  override put(slot: number, key: number): void {
    this.size++;
    if (key === 0) this.hasZero = true;
    else this.words[this.first + slot] = key;
  }

  override isKey(key: unknown): boolean {
    return typeof key === "number" && key >>> 0 === key;
  }

  override keyAt(slot: number): number {
    return slot === this.capacity ? 0 : this.words[this.first + slot]!;
  }

  override isFree(slot: number): boolean {
    return this.words[this.first + slot] === 0;
  }

  /** Hot path of iterations. */
  override nextSlot(slot: number): number {
    const { words, first, capacity } = this;
    for (let next = slot; next < capacity; next++) if (words[first + next] !== 0) return next;
    return slot <= capacity && this.hasZero ? capacity : -1;
  }

  /** Hot path: every key is moved one and a half times on the average, so that the general way would take a third of all. */
  override refill(source: this, values: Slots, valueSource: Slots): void {
    const { words, first, mask, shift } = this;
    const { words: oldWords, first: oldFirst, capacity } = source;
    for (let from = 0; from < capacity; from++) {
      const key = oldWords[oldFirst + from]!;
      if (key === 0) continue;
      let to = Math.imul(key ^ (key >>> 15), MULTIPLIER) >>> shift;
      while (words[first + to] !== 0) to = (to + 1) & mask;
      words[first + to] = key;
      values.copyFrom(valueSource, from, to);
    }
    if (source.hasZero) values.copyFrom(valueSource, capacity, this.capacity);
    this.hasZero = source.hasZero;
  }

  override moveTo(chunk: TopChunk, offset: number, capacity: number): void {
    super.moveTo(chunk, offset, capacity);
    this.words = chunk.u32;
    this.first = offset >>> 2;
  }

  override eraseTable(): void {
    this.words.fill(0, this.first, this.first + this.capacity);
  }

  protected override homeOf(slot: number): number {
    const key = this.words[this.first + slot]!;
    return Math.imul(key ^ (key >>> 15), MULTIPLIER) >>> this.shift;
  }

  protected override moveKey(from: number, to: number): void {
    this.words[this.first + to] = this.words[this.first + from]!;
  }

  protected override freeSlot(slot: number): void {
    this.words[this.first + slot] = 0;
  }
}
