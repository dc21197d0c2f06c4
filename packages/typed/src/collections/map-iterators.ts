/**
 * Iterations over the entries, keys and values of a map, in the order of its table. The classes whose names begin with Number are
 * for what is a number: see `value` of SlotIterator.
 */
import { MapChangedError } from "./errors.js";
import type { KeyTable } from "./key-table.js";
import type { Slots } from "./slots.js";
import { SlotIterator } from "./slot-iterator.js";

/** The map, as far as its iterations know it. */
interface IteratedMap {
  readonly name: string;
  readonly $keys: KeyTable;
  readonly $values: Slots;
  readonly $changes: number;
  $checkAlive(): void;
}

abstract class MapIterator<Item> extends SlotIterator<Item> {
  protected readonly map: IteratedMap;
  readonly #changes: number;

  constructor(map: IteratedMap) {
    super();
    map.$checkAlive();
    this.map = map;
    this.#changes = map.$changes;
  }

  /** The next slot with a key; -1 at the end, and from then on. */
  protected advance(): number {
    const { map } = this;
    map.$checkAlive();
    if (map.$changes !== this.#changes) throw new MapChangedError(map.name);
    const slot = this.done ? -1 : map.$keys.nextSlot(this.slot);
    if (slot < 0) this.done = true;
    else this.slot = slot + 1;
    return slot;
  }
}

class NumberKeyIterator extends MapIterator<number> {
  override value = Number.NaN;

  override next(): this {
    const slot = this.advance();
    if (slot >= 0) this.value = this.map.$keys.keyAt(slot);
    return this;
  }
}

class OtherKeyIterator extends MapIterator<unknown> {
  override value: unknown = undefined;

  override next(): this {
    const slot = this.advance();
    if (slot >= 0) this.value = this.map.$keys.keyAt(slot);
    return this;
  }
}

class NumberValueIterator extends MapIterator<number> {
  override value = Number.NaN;

  override next(): this {
    const slot = this.advance();
    if (slot >= 0) this.value = this.map.$values.read(slot);
    return this;
  }
}

class OtherValueIterator extends MapIterator<unknown> {
  override value: unknown = undefined;

  override next(): this {
    const slot = this.advance();
    if (slot >= 0) this.value = this.map.$values.read(slot);
    return this;
  }
}

/** One entry. Four classes: V8 remembers for each whether a field is a double. */
interface Entry {
  key: unknown;
  value: unknown;
}

class NumberToNumber implements Entry {
  key = Number.NaN;
  value = Number.NaN;
}

class NumberToOther implements Entry {
  key = Number.NaN;
  value: unknown = undefined;
}

class OtherToNumber implements Entry {
  key: unknown = undefined;
  value = Number.NaN;
}

class OtherToOther implements Entry {
  key: unknown = undefined;
  value: unknown = undefined;
}

class EntryIterator extends MapIterator<Entry> {
  override value: Entry;

  constructor(map: IteratedMap) {
    super(map);
    this.value = makeEntry(map.$keys.hasNumbers, map.$values.hasNumbers);
  }

  override next(): this {
    const slot = this.advance();
    if (slot < 0) return this;
    const { map, value: entry } = this;
    entry.key = map.$keys.keyAt(slot);
    entry.value = map.$values.read(slot);
    return this;
  }
}

function makeEntry(hasNumberKeys: boolean, hasNumberValues: boolean): Entry {
  if (hasNumberKeys) return hasNumberValues ? new NumberToNumber() : new NumberToOther();
  return hasNumberValues ? new OtherToNumber() : new OtherToOther();
}

export function iterateKeys(map: IteratedMap): IterableIterator<unknown> {
  return map.$keys.hasNumbers ? new NumberKeyIterator(map) : new OtherKeyIterator(map);
}

export function iterateValues(map: IteratedMap): IterableIterator<unknown> {
  return map.$values.hasNumbers ? new NumberValueIterator(map) : new OtherValueIterator(map);
}

export function iterateEntries(map: IteratedMap): IterableIterator<Entry> {
  return new EntryIterator(map);
}
