/**
 * The process that measures Perfloc's collections:
 *
 *     node collection-process.js map insert|get u32|string PASSES
 *     node collection-process.js vec new|cleared PASSES
 */
import { Heap } from "@perfloc/typed";
import { makeMapEntries } from "./map-entries.js";
import { timePasses } from "./passes.js";
import { makeVecPush } from "./vec-push.js";

const [, , collection, way, keys] = process.argv;
const work =
  collection === "vec"
    ? makeVecPush(new Heap(), way === "new")
    : makeMapEntries(
        new Heap(),
        way === "get" ? "get" : "insert",
        keys === "string" ? "string" : "u32",
      );
console.log(JSON.stringify(timePasses(work, Number(process.argv.at(-1)))));
