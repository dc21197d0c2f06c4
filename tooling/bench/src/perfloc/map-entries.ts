/** A million entries in Perfloc's HashMap: the counterparts of `peers/map-entries.ts`. */
import { HashMap, type Heap, u32, utf8 } from "@perfloc/typed";
import { ENTRIES, type MapKeys, type MapWork, numberKeys, shuffled, textOf } from "../map-shape.js";
import type { Work } from "./passes.js";

export function makeMapEntries(heap: Heap, work: MapWork, keyKind: MapKeys): Work {
  const context = heap.open("maps");
  return keyKind === "u32"
    ? entriesOf(work, numberKeys(), shuffled(numberKeys()), () => new HashMap(context, u32, u32))
    : entriesOf(
        work,
        Array.from(numberKeys(), textOf),
        Array.from(shuffled(numberKeys()), textOf),
        () => new HashMap(context, utf8, u32),
      );
}

interface Entries<Key> {
  get(key: Key): number | undefined;
  set(key: Key, value: number): unknown;
  drop(): void;
}

function entriesOf<Key>(
  work: MapWork,
  keys: ArrayLike<Key>,
  order: ArrayLike<Key>,
  make: () => Entries<Key>,
): Work {
  const count = ENTRIES;
  let map = make();
  const insert = (): number => {
    for (let index = 0; index < count; index++) map.set(keys[index]!, index);
    return 0;
  };
  const get = (): number => {
    let sum = 0;
    for (let index = 0; index < count; index++) sum += map.get(order[index]!)!;
    return sum;
  };
  if (work === "get") insert();
  return {
    operations: count,
    runsPerPass: 1,
    run: work === "get" ? get : insert,
    cleanUp() {
      if (work === "get") return;
      map.drop();
      map = make();
    },
  };
}
