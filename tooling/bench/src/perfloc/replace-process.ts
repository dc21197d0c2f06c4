/**
 * The process that measures Perfloc on a replace row:
 *
 *     node replace-process.js COMMANDS PASSES
 */
import { Heap } from "@perfloc/context";
import { readReplaceCommands } from "../replace-commands.js";
import { timePasses } from "./passes.js";
import { makeReplace } from "./replace.js";

const [, , path = "", passCount] = process.argv;
const replace = makeReplace(new Heap(), readReplaceCommands(path));
console.log(JSON.stringify(timePasses(replace, Number(passCount))));
