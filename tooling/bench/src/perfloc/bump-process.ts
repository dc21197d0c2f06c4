/**
 * The process that measures Perfloc's bump contexts:
 *
 *     node bump-process.js OBJECTS PASSES
 */
import { Heap } from "@perfloc/context";
import { makeBumpFill } from "./bump-fill.js";
import { timePasses } from "./passes.js";

const [, , objectCount, passCount] = process.argv;
const fill = makeBumpFill(new Heap(), Number(objectCount));
console.log(JSON.stringify(timePasses(fill, Number(passCount))));
