/** A million entries in JavaScript's Map: the counterparts of `perfloc/map-entries.ts`. */
import { ENTRIES, type MapKeys, type MapWork, numberKeys, shuffled, textOf } from "../map-shape.js";
import type { Work } from "../perfloc/passes.js";

export function makeMapOfJavaScript(work: MapWork, keyKind: MapKeys): Work {
  return keyKind === "u32"
    ? entriesOf(work, numberKeys(), shuffled(numberKeys()))
    : entriesOf(work, Array.from(numberKeys(), textOf), Array.from(shuffled(numberKeys()), textOf));
}

function entriesOf<Key>(work: MapWork, keys: ArrayLike<Key>, order: ArrayLike<Key>): Work {
  const count = ENTRIES;
  let map = new Map<Key, number>();
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
      if (work === "insert") map = new Map();
    },
  };
}
