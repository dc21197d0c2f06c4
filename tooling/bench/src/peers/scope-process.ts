/**
 * The process that measures scopes without an allocator:
 *
 *     node scope-process.js sized-object|node-buffer|protobufjs-pool|float64-array ALLOCATIONS DEPTH PASSES
 */
import { timePasses, type Work } from "../perfloc/passes.js";
import type { ScopeShape } from "../scope-shape.js";
import { makeCollectedScopes } from "./collected-scopes.js";
import { makeFloat64Arrays } from "./float64-array.js";
import { makeNodeBuffer } from "./node-buffer.js";
import { makeProtobufjsPool } from "./protobufjs-pool.js";
import { makeSizedObjects } from "./sized-object.js";

const [, , kind, allocationCount, depth, passCount] = process.argv;
const shape = { allocationCount: Number(allocationCount), depth: Number(depth) };
console.log(JSON.stringify(timePasses(makeScopesOf(kind, shape), Number(passCount))));

function makeScopesOf(name: string | undefined, scopeShape: ScopeShape): Work {
  switch (name) {
    case "node-buffer":
      return makeCollectedScopes(makeNodeBuffer(), scopeShape);
    case "protobufjs-pool":
      return makeCollectedScopes(makeProtobufjsPool(), scopeShape);
    case "float64-array":
      return makeCollectedScopes(makeFloat64Arrays(), scopeShape);
    default:
      return makeCollectedScopes(makeSizedObjects(), scopeShape);
  }
}
