/**
 * The process that measures Perfloc on a trace:
 *
 *     node trace-replay-process.js TRACE PASSES LEVEL [SAMPLE-EVERY]
 *
 * Both kinds of trace, one per process: a second replay in the same process would find V8's code made for the first.
 */
import { type CheckLevel, Heap } from "@perfloc/context";
import { readTrace } from "@perfloc-tooling/traces";
import { makeContextReplay } from "./context-replay.js";
import { makeMallocReplay } from "./malloc-replay.js";
import { timePasses } from "./passes.js";

const [, , path = "", passCount, check, sampleEvery] = process.argv;
const heap = new Heap({
  check: (check ?? "check") as CheckLevel,
  ...(sampleEvery === undefined ? {} : { sampleEvery: Number(sampleEvery) }),
});
const trace = readTrace(path);
const work =
  trace.kind === "contexts" ? makeContextReplay(heap, trace) : makeMallocReplay(heap, trace);
console.log(JSON.stringify(timePasses(work, Number(passCount))));
