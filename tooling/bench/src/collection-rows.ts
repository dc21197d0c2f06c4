/** Rows of collections. */
import { fileURLToPath } from "node:url";
import type { MapKeys, MapWork } from "./map-shape.js";
import type { Row, ScriptPeer } from "./row.js";

const COLLECTIONS = fileURLToPath(new URL("./perfloc/collection-process.js", import.meta.url));
const OTHERS = fileURLToPath(new URL("./peers/collection-process.js", import.meta.url));

/** A tenth of a second each. */
const MAP_PASSES = 9;

/** Two milliseconds each. */
const VEC_PASSES = 101;

export function mapRow(work: MapWork, keys: MapKeys): Row {
  const args = ["map", work, keys, `${MAP_PASSES}`];
  const what =
    work === "insert" ? "are added to a map that begins empty" : "are looked up, in another order";
  return {
    name: keys === "u32" ? `map-${work}` : `map-${work}-${keys}`,
    summary: `a million ${keys === "u32" ? "random u32 keys" : "strings"} ${what}, against JavaScript's Map; an operation is one key`,
    question: "collections",
    isAlsoDetached: true,
    prepare: () => ({
      perfloc: { path: COLLECTIONS, args },
      peers: [{ label: "Map", path: OTHERS, args }],
    }),
  };
}

export function pushRow(kind: "new" | "cleared"): Row {
  const peers: ScriptPeer[] = [
    peer("typed array with a length", "fixed"),
    peer("typed array, filled", "filled"),
    peer("array push", "pushed"),
  ];
  return {
    name: kind === "new" ? "vec-push-growing" : "vec-push",
    summary: `a million f64 are pushed to a Vec ${kind === "new" ? "that begins empty" : "that has room for them"}; an operation is one push`,
    question: "collections",
    isAlsoDetached: true,
    prepare: () => ({
      perfloc: { path: COLLECTIONS, args: ["vec", kind, `${VEC_PASSES}`] },
      peers,
    }),
  };
}

function peer(label: string, way: string): ScriptPeer {
  return { label, path: OTHERS, args: ["vec", way, `${VEC_PASSES}`] };
}
