/**
 * The process that measures bumps in WebAssembly:
 *
 *     node bump-process.js OBJECTS PASSES STUB-MODULE
 */
import { timePasses } from "../perfloc/passes.js";
import { makeStubFill } from "./assemblyscript-stub.js";

const [, , objectCount, passCount, module = ""] = process.argv;
console.log(
  JSON.stringify(timePasses(makeStubFill(module, Number(objectCount)), Number(passCount))),
);
