/**
 * The process that measures what programs have without Perfloc's collections:
 *
 *     node collection-process.js map insert|get u32|string PASSES
 *     node collection-process.js vec fixed|filled|pushed PASSES
 */
import { timePasses, type Work } from "../perfloc/passes.js";
import { makeFilledArray, makeFixedVec, makePushedArray } from "./array-push.js";
import { makeMapOfJavaScript } from "./map-entries.js";

const [, , collection, way, keys] = process.argv;
console.log(JSON.stringify(timePasses(make(), Number(process.argv.at(-1)))));

function make(): Work {
  if (collection === "map") {
    return makeMapOfJavaScript(
      way === "get" ? "get" : "insert",
      keys === "string" ? "string" : "u32",
    );
  }
  if (way === "fixed") return makeFixedVec();
  return way === "filled" ? makeFilledArray() : makePushedArray();
}
