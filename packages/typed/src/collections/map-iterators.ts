/**
 * Iterations over the entries, keys and values of a map, in the order of its table. The classes whose names begin with Number are
 * for what is a number: see `value` of SlotIterator.
 */
import { MapChangedError } from "./errors.js";
import type { HashMap } from "./hash-map.js";
import { SlotIterator } from "./slot-iterator.js";

type AnyMap = HashMap<any, any>;

abstract class MapIterator<Item> extends SlotIterator<Item> {
  protected readonly map: AnyMap;
  readonly #changes: number;

  constructor(map: AnyMap) {
    super();
    map.$checkAlive();
    this.map = map;
    this.#changes = map.$changes;
  }

  protected override nextSlot(slot: number): number {
    const { map } = this;
    map.$checkAlive();
    if (map.$changes !== this.#changes) throw new MapChangedError(map.name);
    return map.$keys.nextSlot(slot);
  }
}

abstract class KeyIterator<Key> extends MapIterator<Key> {
  protected override itemAt(slot: number): Key {
    return this.map.$keys.keyAt(slot);
  }
}

class NumberKeyIterator extends KeyIterator<number> {
  override value = Number.NaN;
}

class OtherKeyIterator extends KeyIterator<unknown> {
  override value: unknown = undefined;
}

abstract class ValueIterator<Live> extends MapIterator<Live> {
  protected override itemAt(slot: number): Live {
    return this.map.$values.read(slot);
  }
}

class NumberValueIterator extends ValueIterator<number> {
  override value = Number.NaN;
}

class OtherValueIterator extends ValueIterator<unknown> {
  override value: unknown = undefined;
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

  constructor(map: AnyMap) {
    super(map);
    this.value = makeEntry(map.$keys.hasNumbers, map.$values.hasNumbers);
  }

  protected override itemAt(slot: number): Entry {
    const entry = this.value;
    entry.key = this.map.$keys.keyAt(slot);
    entry.value = this.map.$values.read(slot);
    return entry;
  }
}

function makeEntry(hasNumberKeys: boolean, hasNumberValues: boolean): Entry {
  if (hasNumberKeys) return hasNumberValues ? new NumberToNumber() : new NumberToOther();
  return hasNumberValues ? new OtherToNumber() : new OtherToOther();
}

export function iterateKeys(map: AnyMap): IterableIterator<unknown> {
  return map.$keys.hasNumbers ? new NumberKeyIterator(map) : new OtherKeyIterator(map);
}

export function iterateValues(map: AnyMap): IterableIterator<unknown> {
  return map.$values.hasNumbers ? new NumberValueIterator(map) : new OtherValueIterator(map);
}

export function iterateEntries(map: AnyMap): IterableIterator<Entry> {
  return new EntryIterator(map);
}
