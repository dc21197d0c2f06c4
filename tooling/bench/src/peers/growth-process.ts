/**
 * The process that measures growing buffers without an allocator:
 *
 *     node growth-process.js pushed|doubled factor|step PASSES
 */
import { timePasses } from "../perfloc/passes.js";
import { makeDoubledArrays, makePushedArrays } from "./collected-growth.js";

const [, , way, kindName, passCount] = process.argv;
const kind = kindName === "step" ? "step" : "factor";
const growth = way === "pushed" ? makePushedArrays(kind) : makeDoubledArrays(kind);
console.log(JSON.stringify(timePasses(growth, Number(passCount))));
