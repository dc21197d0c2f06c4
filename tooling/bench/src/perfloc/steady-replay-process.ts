/**
 * The process that measures Perfloc on the end of a malloc trace, after the rest of it was replayed once:
 *
 *     node steady-replay-process.js BINARY-TRACE PASSES FROM
 */
import { Heap } from "@perfloc/context";
import { makeMallocReplay } from "./malloc-replay.js";
import { timePasses } from "./passes.js";
import { readBinaryTrace } from "./read-binary-trace.js";

const [, , path = "", passCount, timedFrom] = process.argv;
const trace = readBinaryTrace(path);
const replay = makeMallocReplay(new Heap(), trace, Number(timedFrom));
console.log(JSON.stringify(timePasses(replay, Number(passCount))));
