/**
 * Functions that a build step wrote to a module, for hosts that forbid `new Function`:
 *
 *   perfloc-typed made structs.js --out structs.made.js      at build time: the texts of all structs that structs.js exports
 *   import "./structs.made.js"                               at run time: provideFunctions([[hash, function (...) { ... }], ...])
 *
 * A function is found by the hash of its text: one that was written for another layout, or by another version of this package, is not
 * found, and closures are used instead.
 */
import { hashOfText } from "../layout/hash-text.js";

/**
 * Makes the functions of one text. Its arguments are what the text refers to.
 * @public
 */
export type MakeFunctions = (...scope: any[]) => unknown;

const provided = new Map<string, MakeFunctions>();

/** The texts so far by their hashes, for a build step to write; `undefined` unless `collectTexts` was called. */
let texts: Map<string, string> | undefined;

/**
 * Registers functions that `perfloc-typed made` wrote to a module. The module calls this; programs import the module.
 * @param functions - pairs of the hash of a text, and what makes its functions
 * @public
 */
export function provideFunctions(
  functions: readonly (readonly [hash: string, make: MakeFunctions])[],
): void {
  for (const [hash, make] of functions) provided.set(hash, make);
}

export function providedFor(names: readonly string[], body: string): MakeFunctions | undefined {
  return provided.size === 0 ? undefined : provided.get(keyOf(names, body));
}

/** Begins to collect texts. @returns the source of each function by its hash; the map fills as structs are used */
export function collectTexts(): ReadonlyMap<string, string> {
  texts = new Map();
  return texts;
}

export function noteText(names: readonly string[], body: string): void {
  texts?.set(keyOf(names, body), `function (${names.join(", ")}) {\n"use strict";\n${body}\n}`);
}

function keyOf(names: readonly string[], body: string): string {
  return hashOfText(`${names.join()}|${body}`);
}
