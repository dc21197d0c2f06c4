/** A million entries in JavaScript's Map. */
import type { MapKeys, MapWork } from "../map-shape.js";
import { makeMapWork } from "../map-work.js";
import type { Work } from "../perfloc/passes.js";

export function makeMapOfJavaScript(work: MapWork, keyKind: MapKeys): Work {
  return makeMapWork(work, keyKind, { u32: () => new Map(), string: () => new Map() });
}
