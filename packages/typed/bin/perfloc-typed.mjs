#!/usr/bin/env node
/**
 * perfloc-typed made MODULE... --out FILE
 *
 * Writes the functions that are made for the structs which the modules export to a module of its own. Hosts that make no functions of text
 * (a Content-Security-Policy without `unsafe-eval`, Workers of edge clouds) import it before they use the structs.
 */
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { Struct } from "../dist/index.js";
import { collectTexts } from "../dist/made/provided-functions.js";
import { madeAccess } from "../dist/made/made-access.js";
import { scalarPush } from "../dist/made/scalar-push.js";

const USAGE = "usage: perfloc-typed made MODULE... --out FILE";
const INTEGERS = ["i8", "u8", "i16", "u16", "i32", "u32", "i64", "u64"];

/** Has every function made that the struct can have, whatever the heap checks and wherever a buffer begins. */
function makeAll(struct) {
  for (const isChecked of [true, false]) {
    const binding = struct.bindingAlone(isChecked);
    for (let knownAlign = struct.align; knownAlign >= 1; knownAlign /= 2)
      makeOf(struct.bind({ ...binding, knownAlign }));
  }
}

/** Those of a record and of the records in it; bundles without heaps have a text of their own for the views. */
function makeOf(codec) {
  void codec.made?.functions;
  const { elements, members, size } = codec;
  if (elements !== undefined) makeOf(elements.codec);
  if (members === undefined) return;
  madeAccess({ size, align: 1, members });
  for (const member of members) makeOf(member.codec);
}

function moduleText(texts, names) {
  const entries = [...texts].map(([hash, text]) => `["${hash}", ${text}],`);
  return [
    `// Written by perfloc-typed made, for ${names.join(", ")}: write it anew when these structs or @perfloc/typed change.`,
    'import { provideFunctions } from "@perfloc/typed";',
    "provideFunctions([",
    ...entries,
    "]);",
    "",
  ].join("\n");
}

let parsed;
try {
  parsed = parseArgs({ allowPositionals: true, options: { out: { type: "string", short: "o" } } });
} catch (error) {
  console.error(`${error.message}\n${USAGE}`);
  process.exit(2);
}
const [command, ...paths] = parsed.positionals;
const { out } = parsed.values;
if (command !== "made" || paths.length === 0 || out === undefined) {
  console.error(USAGE);
  process.exit(2);
}
const modules = await Promise.all(paths.map((path) => import(pathToFileURL(resolve(path)).href)));
const structs = modules.flatMap((exported) =>
  Object.values(exported).filter((value) => value instanceof Struct),
);
if (structs.length === 0) {
  console.error(
    `${paths.join(", ")}: no struct is exported, or they are of another copy of @perfloc/typed`,
  );
  process.exit(1);
}
const texts = collectTexts();
for (const integer of INTEGERS) scalarPush(integer);
for (const struct of structs) makeAll(struct);
writeFileSync(
  out,
  moduleText(
    texts,
    structs.map(({ name }) => name),
  ),
);
console.log(`${out}: ${texts.size} sets of functions for ${structs.length} structs`);
