/** Iterations over the entries, keys and values of a map, in the order of its table. */
import { MapChangedError } from "./errors.js";
import type { HashMap, HashMapEntry } from "./hash-map.js";
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

export class KeyIterator<Key> extends MapIterator<Key> {
  protected override itemAt(slot: number): Key {
    return this.map.$keys.keyAt(slot);
  }
}

export class ValueIterator<Live> extends MapIterator<Live> {
  protected override itemAt(slot: number): Live {
    return this.map.$values.read(slot);
  }
}

export class EntryIterator<Key, Live> extends MapIterator<HashMapEntry<Key, Live>> {
  readonly #entry: { key: Key; value: Live } = {
    key: undefined as Key,
    value: undefined as Live,
  };

  protected override itemAt(slot: number): HashMapEntry<Key, Live> {
    const entry = this.#entry;
    entry.key = this.map.$keys.keyAt(slot);
    entry.value = this.map.$values.read(slot);
    return entry;
  }
}
