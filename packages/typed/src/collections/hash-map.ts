/**
 * Maps whose keys and values lie in the memory of a context: no object for an entry.
 *
 *   | keys: capacity slots | values: capacity + 1 slots |      one object of the map's context
 *   address
 *
 * Keys apart from values: probing reads keys alone, sixteen of them in a cache line. Rejected: keys and values side by side, one
 * cache miss fewer for a hit; values of 8 bytes would then cost 4 bytes of padding each.
 */
import { type Address, type MemoryContext, NULL_ADDRESS } from "@perfloc/trim";
import type { FieldType } from "../fields/field-type.js";
import { alignUp } from "../layout/layout.js";
import { OBJECT_ALIGN } from "../layout/object-align.js";
import type { FieldInput, FieldLive, FieldValue } from "../fields/struct-fields.js";
import {
  Collection,
  checkCount,
  checkOptions,
  chunkOf,
  freeMoved,
  nameOfType,
  orDrop,
} from "./collection.js";
import { InvalidKeyError } from "./errors.js";
import { type KeyTable, LEAST_CAPACITY, capacityFor } from "./key-table.js";
import { makeKeys } from "./make-keys.js";
import { iterateEntries, iterateKeys, iterateValues } from "./map-iterators.js";
import { makeSlots } from "./make-slots.js";
import type { Slots } from "./slots.js";
import { jsonOf } from "../fields/record.js";
import { Printed, printsAs } from "../prints-as.js";

const NAME = "HashMap";

/**
 * What a map is made with.
 * @public
 */
export interface HashMapOptions {
  /** How many entries it is to have room for from the beginning: it then need not grow on the way there. Default: 0. */
  readonly entries?: number | undefined;
}

/**
 * One entry, as an iteration returns it: the same object each time.
 * @public
 */
export interface HashMapEntry<Key, Live> {
  readonly key: Key;
  readonly value: Live;
}

/**
 * A map from numbers, bigints or strings to scalars or structs, in the memory of a context.
 *
 * @typeParam KeyType - type of the keys: u32, i53, u64 or utf8
 * @typeParam ValueType - type of the values
 * @public
 */
export class HashMap<KeyType extends FieldType, ValueType extends FieldType> extends Collection {
  readonly #keyType: KeyType;
  readonly #valueType: ValueType;
  /** @internal */
  readonly $keys: KeyTable<FieldValue<KeyType>>;
  /** @internal */
  readonly $values: Slots;
  /** How often keys were added or deleted. @internal */
  $changes = 0;
  #address: Address = NULL_ADDRESS;

  /**
   * Makes an empty map. Nothing is reserved before the first key.
   * @param context - what it goes with: its reset or drop ends the map. Any kind
   * @param keyType - `u32`, `i53`, `u64` or `utf8`
   * @param valueType - any field type or struct
   * @throws InvalidOptionError `PERFLOC_TYPED_INVALID_OPTION`, InvalidSizeError `PERFLOC_TYPED_INVALID_SIZE`
   * @throws UseAfterDropError `PERFLOC_TYPED_CONTEXT_DROPPED` when the context was dropped
   * @throws as `set` does when there is no room for `options.entries`
   */
  constructor(
    context: MemoryContext,
    keyType: KeyType,
    valueType: ValueType,
    options: HashMapOptions = {},
  ) {
    super(
      context,
      `HashMap of ${nameOfType("keyType", keyType)} to ${nameOfType("valueType", valueType)}`,
    );
    this.#keyType = keyType;
    this.#valueType = valueType;
    this.$keys = orDrop(this.$home, () => makeKeys(keyType, this.$home));
    this.$values = this.#makeValues();
    orDrop(this.$home, () => {
      checkOptions(options, "entries");
      const { entries = 0 } = options;
      checkCount("entries", entries);
      if (entries > 0) this.#resize(capacityFor(entries));
    });
  }

  /** How many entries it has. */
  get size(): number {
    this.$checkAlive();
    return this.$keys.size;
  }

  /**
   * The value of a key: a number, or the view of a struct, which is the same view each time and is moved by the next call.
   * @returns `undefined` when the key is not there
   * @throws UseAfterDropError `PERFLOC_TYPED_COLLECTION_DROPPED`
   * @remarks Complexity: O(1). Hot path: nothing may be added here.
   */
  get(key: FieldValue<KeyType>): FieldLive<ValueType> | undefined {
    if (this.$guard.isDropped) this.$refuseDropped();
    const slot = this.$keys.find(key);
    return slot < 0 ? undefined : this.$values.read(slot);
  }

  /** Whether a key is there. @throws UseAfterDropError `PERFLOC_TYPED_COLLECTION_DROPPED` */
  has(key: FieldValue<KeyType>): boolean {
    if (this.$guard.isDropped) this.$refuseDropped();
    return this.$keys.find(key) >= 0;
  }

  /**
   * Sets the value of a key, which is added where it is not there.
   * @throws InvalidKeyError `PERFLOC_TYPED_INVALID_KEY`, InvalidValueError `PERFLOC_TYPED_INVALID_VALUE`,
   * InvalidStringError `PERFLOC_TYPED_STRING_TOO_LONG`
   * @throws what `alloc` throws when the map has to grow and there is no room. Whatever it throws, the map is as it was
   * @throws UseAfterDropError `PERFLOC_TYPED_COLLECTION_DROPPED`
   * @remarks Complexity: O(1), amortised over the table, which doubles. Invalidates views and iterations when a key is added.
   */
  set(key: FieldValue<KeyType>, value: FieldInput<ValueType>): this {
    if (this.$guard.isDropped) this.$refuseDropped();
    const settled: unknown = this.$values.settle(value);
    // Settling runs what the program made of its types, which may have dropped the map.
    if (settled !== value) this.$checkAlive();
    const found = this.$keys.find(key);
    const slot = found < 0 ? this.#add(key, ~found) : found;
    if (found < 0 && this.$values.storesTexts) this.#writeAdded(slot, settled);
    else if (!this.$values.write(slot, settled)) this.#refuseValue(found, slot, value);
    return this;
  }

  /**
   * The value of a key, which is added with a zeroed value where it is not there: for structs, whose fields are then set
   * through the view.
   * @throws as `set`
   */
  obtain(key: FieldValue<KeyType>): FieldLive<ValueType> {
    if (this.$guard.isDropped) this.$refuseDropped();
    const found = this.$keys.find(key);
    if (found >= 0) return this.$values.read(found);
    const slot = this.#add(key, ~found);
    this.$values.clear(slot, slot + 1);
    return this.$values.read(slot);
  }

  /**
   * Deletes an entry. The table stays as long as it is, and strings that the value refers to stay until the map ends.
   * @returns whether the key was there
   * @throws UseAfterDropError `PERFLOC_TYPED_COLLECTION_DROPPED`
   * @remarks Complexity: O(1). Invalidates views and iterations.
   */
  delete(key: FieldValue<KeyType>): boolean {
    if (this.$guard.isDropped) this.$refuseDropped();
    const slot = this.$keys.find(key);
    if (slot < 0) return false;
    this.$changes++;
    this.$keys.remove(slot, this.$values);
    return true;
  }

  /** Deletes all entries and keeps the table, and strings that values refer to. @throws UseAfterDropError `PERFLOC_TYPED_COLLECTION_DROPPED` */
  clear(): void {
    this.$checkAlive();
    this.$changes++;
    this.$keys.clear();
  }

  /**
   * Makes room for so many entries: until it has them, it need not grow.
   * @throws InvalidSizeError `PERFLOC_TYPED_INVALID_SIZE` for what is no whole number from 0 to 2^30
   * @throws as `set`
   */
  reserve(entries: number): void {
    this.$checkAlive();
    checkCount("entries", entries);
    const capacity = capacityFor(entries);
    if (capacity > this.$keys.capacity) this.#resize(capacity);
  }

  /**
   * The keys, in the order of the table. Iterations make no garbage; `next` throws MapChangedError
   * `PERFLOC_TYPED_MAP_CHANGED` once a key was added or deleted.
   */
  keys(): IterableIterator<FieldValue<KeyType>> {
    return iterateKeys(this) as IterableIterator<FieldValue<KeyType>>;
  }

  /** The values, in the order of the table, as `get` returns them. @throws as `keys` */
  values(): IterableIterator<FieldLive<ValueType>> {
    return iterateValues(this) as IterableIterator<FieldLive<ValueType>>;
  }

  /** Keys and values, in one object that is the same each time. @throws as `keys` */
  entries(): IterableIterator<HashMapEntry<FieldValue<KeyType>, FieldLive<ValueType>>> {
    return iterateEntries(this) as IterableIterator<
      HashMapEntry<FieldValue<KeyType>, FieldLive<ValueType>>
    >;
  }

  /** As `entries`. */
  [Symbol.iterator](): IterableIterator<HashMapEntry<FieldValue<KeyType>, FieldLive<ValueType>>> {
    return this.entries();
  }

  /** A plain Map with copies of all entries. */
  toMap(): Map<FieldValue<KeyType>, FieldValue<ValueType>> {
    this.$checkAlive();
    const map = new Map<FieldValue<KeyType>, FieldValue<ValueType>>();
    const { $keys: keys, $values: values } = this;
    for (let slot = keys.nextSlot(0); slot >= 0; slot = keys.nextSlot(slot + 1))
      map.set(keys.keyAt(slot), values.readValue(slot));
    return map;
  }

  /** For JSON.stringify: a list of keys with their values, bigints as text; `new Map` takes the list. @throws as `toMap` */
  toJSON(): unknown {
    return jsonOf([...this.toMap()]);
  }

  /** Adds a key that is not there: to a free slot, unless the table has to grow. @returns its slot */
  #add(key: FieldValue<KeyType>, freeSlot: number): number {
    const keys = this.$keys;
    if (!keys.isKey(key)) throw new InvalidKeyError(this.name, key, keys.expected);
    let slot = freeSlot;
    if (keys.size >= keys.growAt) {
      this.#resize(keys.capacity * 2 || LEAST_CAPACITY);
      slot = ~keys.find(key);
    }
    keys.put(slot, key);
    this.$changes++;
    return slot;
  }

  /** Moves everything into a longer table. Fails, if it does, before anything is changed. */
  #resize(capacity: number): void {
    const home = this.$home;
    const { $keys: keys, $values: values } = this;
    const keyBytes = alignUp(keys.keyBytes * capacity, values.align);
    const address = home.alloc(
      keyBytes + values.stride * (capacity + 1),
      Math.max(OBJECT_ALIGN, values.align),
    );
    const oldAddress = this.#address;
    const oldCapacity = keys.capacity;
    const before = this.#tableAsItIs();
    this.#lieAt(address, keys, values, capacity);
    keys.eraseTable();
    if (before !== undefined) {
      keys.refill(before.keys, values, before.values);
      try {
        freeMoved(home, oldAddress, address);
      } catch (error) {
        this.#lieAt(oldAddress, keys, values, oldCapacity);
        throw error;
      }
    }
    this.#address = address;
    this.$changes++;
  }

  /** Has keys and values be those of the table at an address. */
  #lieAt(address: Address, keys: KeyTable, values: Slots, capacity: number): void {
    const chunk = chunkOf(this, address);
    const offset = address - chunk.base;
    keys.moveTo(chunk, offset, capacity);
    values.moveTo(chunk, offset + alignUp(keys.keyBytes * capacity, values.align));
  }

  /** A second pair of table and slots where the map lies now. */
  #tableAsItIs(): { keys: KeyTable; values: Slots } | undefined {
    if (this.#address === NULL_ADDRESS) return undefined;
    const { capacity, hasZero } = this.$keys;
    const keys = makeKeys(this.#keyType, this.$home);
    const values = this.#makeValues();
    this.#lieAt(this.#address, keys, values, capacity);
    keys.hasZero = hasZero;
    return { keys, values };
  }

  #makeValues(): Slots {
    const place = { structName: this.name, fieldName: "value" };
    return makeSlots(this.#valueType, place, this);
  }

  /** The value of a key that was only just added, and that goes again when a string of the value finds no room. */
  #writeAdded(slot: number, value: unknown): void {
    try {
      this.$values.write(slot, value);
    } catch (error) {
      this.$keys.remove(slot, this.$values);
      throw error;
    }
  }

  /** Cold. A key that was only just added goes again. */
  #refuseValue(found: number, slot: number, value: unknown): never {
    if (found < 0) this.$keys.remove(slot, this.$values);
    this.$values.refuse(value);
  }

  /** The first entries, for consoles. */
  #print(limit: number): Printed {
    if (this.isDropped) return new Printed(`${NAME} (dropped)`);
    const { $keys: keys, $values: values } = this;
    const shown = new Map<unknown, unknown>();
    let slot = keys.nextSlot(0);
    for (; slot >= 0 && shown.size < limit; slot = keys.nextSlot(slot + 1))
      shown.set(keys.keyAt(slot), values.printed(slot, limit));
    return new Printed(NAME, shown, keys.size, keys.size - shown.size);
  }

  static {
    printsAs(
      HashMap.prototype,
      () => NAME,
      (map: HashMap<any, any>, limit) => map.#print(limit),
    );
  }
}
