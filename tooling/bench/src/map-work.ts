/** A million entries in a map, Perfloc's or JavaScript's: each runs this in a process of its own. */
import { ENTRIES, type MapKeys, type MapWork, numberKeys, shuffled, textOf } from "./map-shape.js";
import type { Work } from "./perfloc/passes.js";

/** What the work needs of a map. */
interface WorkMap<Key> {
  get(key: Key): number | undefined;
  set(key: Key, value: number): unknown;
  /** Where maps are not collected. */
  drop?(): void;
}

/** The ways to make a map, one for each kind of keys. */
export interface MapMakers {
  readonly u32: () => WorkMap<number>;
  readonly string: () => WorkMap<string>;
}

export function makeMapWork(work: MapWork, keyKind: MapKeys, make: MapMakers): Work {
  const order = shuffled(numberKeys());
  return keyKind === "u32"
    ? workWith(work, numberKeys(), order, make.u32)
    : workWith(work, Array.from(numberKeys(), textOf), Array.from(order, textOf), make.string);
}

function workWith<Key>(
  work: MapWork,
  keys: ArrayLike<Key>,
  order: ArrayLike<Key>,
  make: () => WorkMap<Key>,
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
      map.drop?.();
      map = make();
    },
  };
}
