/**
 * Keys that are strings: the table has the hash and the address of each, the bytes are objects of the map's context.
 *
 *   | hash, address | 0, 0 | hash, address | ... |       address 0: free
 *
 * Two strings are compared only where their hashes are the same, and nothing is decoded for it.
 */
import type { Address, MemoryContext, TopChunk } from "@perfloc/trim";
import { freeSurely } from "./collection.js";
import { HASH_MULTIPLIER, KeyTable, NO_KEYS } from "./key-table.js";
import { allocText, isText, isWellFormed, readText } from "./stored-text.js";
import { type TextCoder, makeTextCoder } from "./text-coder.js";
import type { Slots } from "./slots.js";

/** The module's own copy: V8 folds it into the hot paths, while an imported binding is a load from memory each time. */
const MULTIPLIER = HASH_MULTIPLIER;

export class TextKeys extends KeyTable<string> {
  override readonly keyBytes = 8;
  override readonly expected = "a well-formed string";
  override readonly hasNumbers = false;
  words: Uint32Array = NO_KEYS;
  /** Index of slot 0 in the array. */
  first = 0;
  /** Of the key that was last looked for. */
  #lastHash = 0;
  readonly #context: MemoryContext;
  readonly #coder: TextCoder = makeTextCoder();

  constructor(context: MemoryContext) {
    super();
    this.#context = context;
  }

  override find(key: string): number {
    if (typeof key !== "string") return -1;
    const { words, first, mask } = this;
    const hash = hashOf(key);
    this.#lastHash = hash;
    let slot = hash >>> this.shift;
    for (;;) {
      const at = first + slot * 2;
      const address = words[at + 1]!;
      if (address === 0) return ~slot;
      if (words[at] === hash && this.#isKeyAt(address, key)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  override put(slot: number, key: string): void {
    // First, because it can fail.
    const address = allocText(this.#context, key, this.#coder);
    this.size++;
    this.#store(slot, this.#lastHash, address);
  }

  override isKey(key: unknown): boolean {
    return typeof key === "string" && isWellFormed(key);
  }

  override keyAt(slot: number): string {
    const address = this.words[this.first + slot * 2 + 1]!;
    return readText(this.#context.arena.chunkAt(address), address, this.#coder);
  }

  override isFree(slot: number): boolean {
    return this.words[this.first + slot * 2 + 1] === 0;
  }

  override refill(source: this, values: Slots, valueSource: Slots): void {
    for (let from = source.nextSlot(0); from >= 0; from = source.nextSlot(from + 1)) {
      const at = source.first + from * 2;
      const hash = source.words[at]!;
      let to = hash >>> this.shift;
      while (!this.isFree(to)) to = (to + 1) & this.mask;
      this.#store(to, hash, source.words[at + 1]!);
      values.copyFrom(valueSource, from, to);
    }
  }

  override remove(slot: number, values: Slots): void {
    this.#context.free(this.words[this.first + slot * 2 + 1]!);
    super.remove(slot, values);
  }

  override moveTo(chunk: TopChunk, offset: number, capacity: number): void {
    super.moveTo(chunk, offset, capacity);
    this.words = chunk.u32;
    this.first = offset >>> 2;
  }

  /** Is done all the same when a free finds damage, which is thrown afterwards. */
  override clear(): void {
    let finding: unknown;
    for (let slot = this.nextSlot(0); slot >= 0; slot = this.nextSlot(slot + 1))
      finding ??= freeSurely(this.#context, this.words[this.first + slot * 2 + 1]!);
    super.clear();
    // oxlint-disable-next-line typescript/only-throw-error -- what free() threw
    if (finding !== undefined) throw finding;
  }

  override eraseTable(): void {
    this.words.fill(0, this.first, this.first + this.capacity * 2);
  }

  protected override homeOf(slot: number): number {
    return this.words[this.first + slot * 2]! >>> this.shift;
  }

  protected override moveKey(from: number, to: number): void {
    const { words, first } = this;
    words[first + to * 2] = words[first + from * 2]!;
    words[first + to * 2 + 1] = words[first + from * 2 + 1]!;
  }

  protected override freeSlot(slot: number): void {
    this.words[this.first + slot * 2 + 1] = 0;
  }

  #store(slot: number, hash: number, address: Address): void {
    const at = this.first + slot * 2;
    this.words[at] = hash;
    this.words[at + 1] = address;
  }

  #isKeyAt(address: Address, key: string): boolean {
    return isText(this.#context.arena.chunkAt(address), address, key);
  }
}

/** Of the UTF-16 units: the same whatever the string has in UTF-8. All 32 bits, since the upper ones are used first. */
function hashOf(text: string): number {
  let hash = text.length;
  for (let index = 0; index < text.length; index++)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  return Math.imul(hash ^ (hash >>> 13), MULTIPLIER) >>> 0;
}
