/**
 * Keys of 64 bits, themselves the table: two words each, the lower one first. u64 are bigints, i53 are safe integers, stored in
 * two's complement.
 */
import type { TopChunk } from "@perfloc/trim";
import { HASH_MULTIPLIER, KeyTable, NO_KEYS } from "./key-table.js";
import type { Slots } from "./slots.js";

/** The module's own copy: V8 folds it into the hot paths, while an imported binding is a load from memory each time. */
const MULTIPLIER = HASH_MULTIPLIER;

/** Brings the upper word down before the two are mixed; odd, from MurmurHash3's finalizer. */
const HIGH_MULTIPLIER = 0x85ebca6b | 0;

const WORD = 0x1_0000_0000;

abstract class PairKeys<Key> extends KeyTable<Key> {
  override readonly keyBytes = 8;
  words: Uint32Array = NO_KEYS;
  /** Index of slot 0 in the array. */
  first = 0;

  /** Hot path. Nothing may be added here. */
  protected findPair(low: number, high: number): number {
    if ((low | high) === 0) return this.hasZero ? this.capacity : ~this.capacity;
    const { words, first, mask } = this;
    let slot = hashOf(low, high) >>> this.shift;
    for (;;) {
      const at = first + slot * 2;
      const foundLow = words[at]!;
      const foundHigh = words[at + 1]!;
      if (foundLow === low && foundHigh === high) return slot;
      if ((foundLow | foundHigh) === 0) return ~slot;
      slot = (slot + 1) & mask;
    }
  }

  protected putPair(slot: number, low: number, high: number): void {
    this.size++;
    if ((low | high) === 0) {
      this.hasZero = true;
      return;
    }
    const at = this.first + slot * 2;
    this.words[at] = low;
    this.words[at + 1] = high;
  }

  override isFree(slot: number): boolean {
    const at = this.first + slot * 2;
    return (this.words[at]! | this.words[at + 1]!) === 0;
  }

  override refill(source: this, values: Slots, valueSource: Slots): void {
    this.size = 0;
    this.hasZero = false;
    for (let from = source.nextSlot(0); from >= 0; from = source.nextSlot(from + 1)) {
      const isZero = from === source.capacity;
      const at = source.first + from * 2;
      const low = isZero ? 0 : source.words[at]!;
      const high = isZero ? 0 : source.words[at + 1]!;
      const to = ~this.findPair(low, high);
      this.putPair(to, low, high);
      values.copyFrom(valueSource, from, to);
    }
  }

  override moveTo(chunk: TopChunk, offset: number, capacity: number): void {
    super.moveTo(chunk, offset, capacity);
    this.words = chunk.u32;
    this.first = offset >>> 2;
  }

  override eraseTable(): void {
    this.words.fill(0, this.first, this.first + this.capacity * 2);
  }

  protected override homeOf(slot: number): number {
    const at = this.first + slot * 2;
    return hashOf(this.words[at]!, this.words[at + 1]!) >>> this.shift;
  }

  protected override moveKey(from: number, to: number): void {
    const { words, first } = this;
    words[first + to * 2] = words[first + from * 2]!;
    words[first + to * 2 + 1] = words[first + from * 2 + 1]!;
  }

  protected override freeSlot(slot: number): void {
    const at = this.first + slot * 2;
    this.words[at] = 0;
    this.words[at + 1] = 0;
  }
}

export class I53Keys extends PairKeys<number> {
  override readonly expected = "a safe integer";
  override readonly hasNumbers = true;

  override find(key: number): number {
    return Number.isSafeInteger(key) ? this.findPair(key >>> 0, highOf(key)) : -1;
  }

  override put(slot: number, key: number): void {
    this.putPair(slot, key >>> 0, highOf(key));
  }

  override isKey(key: unknown): boolean {
    return Number.isSafeInteger(key);
  }

  override keyAt(slot: number): number {
    if (slot === this.capacity) return 0;
    const at = this.first + slot * 2;
    return this.words[at]! + (this.words[at + 1]! | 0) * WORD;
  }
}

export class U64Keys extends PairKeys<bigint> {
  override readonly expected = "a bigint from 0 to 2^64 - 1";
  override readonly hasNumbers = false;
  /** Turns a bigint into two words without making others. */
  readonly #wide: BigUint64Array = new BigUint64Array(1);
  readonly #pair: Uint32Array = new Uint32Array(this.#wide.buffer);

  override find(key: bigint): number {
    if (!this.isKey(key)) return -1;
    this.#wide[0] = key;
    return this.findPair(this.#pair[0]!, this.#pair[1]!);
  }

  override put(slot: number, key: bigint): void {
    this.#wide[0] = key;
    this.putPair(slot, this.#pair[0]!, this.#pair[1]!);
  }

  override isKey(key: unknown): boolean {
    if (typeof key !== "bigint") return false;
    this.#wide[0] = key;
    return this.#wide[0] === key;
  }

  override keyAt(slot: number): bigint {
    if (slot === this.capacity) return 0n;
    const at = this.first + slot * 2;
    this.#pair[0] = this.words[at]!;
    this.#pair[1] = this.words[at + 1]!;
    return this.#wide[0]!;
  }
}

function highOf(key: number): number {
  return Math.floor(key / WORD) >>> 0;
}

function hashOf(low: number, high: number): number {
  const mixed = low ^ Math.imul(high, HIGH_MULTIPLIER);
  return Math.imul(mixed ^ (mixed >>> 15), MULTIPLIER);
}
