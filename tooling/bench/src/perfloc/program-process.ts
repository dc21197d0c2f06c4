/**
 * The process that measures a program with structs:
 *
 *     node program-process.js orders|search|parse|evaluate|packets PASSES
 */
import type { ProgramPart } from "../program-rows.js";
import { timePasses } from "./passes.js";
import { programs } from "./programs.js";

const [, , part, passCount] = process.argv;
console.log(JSON.stringify(timePasses(programs[part as ProgramPart](), Number(passCount))));
