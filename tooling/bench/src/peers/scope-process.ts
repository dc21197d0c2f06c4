/**
 * The process that measures scopes without an allocator:
 *
 *     node scope-process.js plain-objects|buffers|typed-arrays ALLOCATIONS DEPTH PASSES
 */
import { timePasses, type Work } from "../perfloc/passes.js";
import type { ScopeShape } from "../scope-shape.js";
import { buffers, plainObjects, typedArrays } from "./collected-kinds.js";
import { makeCollectedScopes } from "./collected-scopes.js";

const [, , kind, allocationCount, depth, passCount] = process.argv;
const shape = { allocationCount: Number(allocationCount), depth: Number(depth) };
console.log(JSON.stringify(timePasses(makeScopesOf(kind, shape), Number(passCount))));

function makeScopesOf(name: string | undefined, scopeShape: ScopeShape): Work {
  switch (name) {
    case "buffers":
      return makeCollectedScopes(buffers, scopeShape);
    case "typed-arrays":
      return makeCollectedScopes(typedArrays, scopeShape);
    default:
      return makeCollectedScopes(plainObjects, scopeShape);
  }
}
