/**
 * The process that measures growing buffers in Perfloc:
 *
 *     node growth-process.js factor|step PASSES
 */
import { Heap } from "@perfloc/context";
import { makeGrowth } from "./growth.js";
import { timePasses } from "./passes.js";

const [, , kind, passCount] = process.argv;
const growth = makeGrowth(new Heap(), kind === "step" ? "step" : "factor");
console.log(JSON.stringify(timePasses(growth, Number(passCount))));
