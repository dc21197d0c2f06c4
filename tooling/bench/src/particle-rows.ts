/** Rows of loops over structs. */
import { fileURLToPath } from "node:url";
import type { Row, ScriptPeer } from "./row.js";

const STRUCTS = fileURLToPath(new URL("./perfloc/particle-process.js", import.meta.url));
const OTHERS = fileURLToPath(new URL("./peers/particle-process.js", import.meta.url));

/** A pass takes a millisecond or less. */
const PASSES = 201;

/** Libraries take up to a thousand times as long. */
const LIBRARY_PASSES = 3;

/** A way to go through structs, and what it competes with. */
export type ParticleWay = "cursor" | "array" | "at" | "fresh" | "columns";

const ways: { readonly [Way in ParticleWay]: string } = {
  cursor: "one cursor is pointed at each address",
  array: "for ... of an array of structs",
  at: "an array of structs by index",
  fresh: "a cursor of its own for each",
  columns: "the fields are typed arrays",
};

/** @param withLibraries - whether libraries for structs in an ArrayBuffer take part */
export function particleRow(way: ParticleWay, withLibraries: boolean): Row {
  const byHand = way === "columns" ? "columns" : "array";
  const peers = [
    other(byHand === "columns" ? "columns by hand" : "typed array by hand", byHand, PASSES),
    other("class instances", "objects", PASSES),
    ...(withLibraries
      ? ["structurae", "typed-struct", "buffer-backed-object", "memium"].map(library)
      : []),
  ];
  return {
    name: `struct-${way}`,
    summary: `262,144 particles of six f64 move: six reads and three writes each; ${ways[way]}; an operation is one particle`,
    question: "structs",
    isAlsoDetached: true,
    ...(withLibraries && { maxRounds: 3 }),
    prepare: () => ({ perfloc: { path: STRUCTS, args: [way, `${PASSES}`] }, peers }),
  };
}

function other(label: string, way: string, passes: number): ScriptPeer {
  return { label, path: OTHERS, args: [way, `${passes}`] };
}

function library(name: string): ScriptPeer {
  return { ...other(name, name, LIBRARY_PASSES), isOnFirstRuntimeOnly: true };
}
