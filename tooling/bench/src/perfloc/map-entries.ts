/** A million entries in Perfloc's HashMap. */
import { HashMap, type Heap, u32, utf8 } from "@perfloc/typed";
import type { MapKeys, MapWork } from "../map-shape.js";
import { makeMapWork } from "../map-work.js";
import type { Work } from "./passes.js";

export function makeMapEntries(heap: Heap, work: MapWork, keyKind: MapKeys): Work {
  const context = heap.open("maps");
  return makeMapWork(work, keyKind, {
    u32: () => new HashMap(context, u32, u32),
    string: () => new HashMap(context, utf8, u32),
  });
}
