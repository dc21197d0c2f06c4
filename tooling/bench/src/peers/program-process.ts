/**
 * The process that measures a program in plain JavaScript:
 *
 *     node program-process.js orders|search|parse|evaluate|packets PASSES
 */
import { timePasses } from "../perfloc/passes.js";
import type { ProgramPart } from "../program-rows.js";
import { plainPrograms } from "./plain-programs.js";

const [, , part, passCount] = process.argv;
console.log(JSON.stringify(timePasses(plainPrograms[part as ProgramPart](), Number(passCount))));
