/**
 * The process that measures scopes in Perfloc:
 *
 *     node scope-process.js allocset|bump ALLOCATIONS DEPTH PASSES
 */
import { Heap } from "@perfloc/context";
import { timePasses } from "./passes.js";
import { makeScopes } from "./scopes.js";

const [, , kind, allocationCount, depth, passCount] = process.argv;
const shape = { allocationCount: Number(allocationCount), depth: Number(depth) };
const scopes = makeScopes(new Heap(), kind === "bump" ? "bump" : "allocset", shape);
console.log(JSON.stringify(timePasses(scopes, Number(passCount))));
