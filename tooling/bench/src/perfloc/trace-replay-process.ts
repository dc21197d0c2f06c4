/**
 * The process that measures Perfloc on a trace:
 *
 *     node trace-replay-process.js TRACE PASSES LEVEL
 *
 * Both kinds of trace, one per process: a second replay in the same process would find V8's code made for the first.
 */
import { type CheckLevel, Heap } from "@perfloc/context";
import { readTrace } from "@perfloc-tooling/traces";
import { makeContextReplay } from "./context-replay.js";
import { makeMallocReplay } from "./malloc-replay.js";
import { timePasses } from "./passes.js";
import { measurePeak } from "./peak-memory.js";

const [, , path = "", passCount, check] = process.argv;
const options = { check: (check ?? "check") as CheckLevel };
const trace = readTrace(path);
const heap = new Heap(options);
if (trace.kind === "contexts") {
  console.log(JSON.stringify(timePasses(makeContextReplay(heap, trace), Number(passCount))));
} else {
  const report = timePasses(makeMallocReplay(heap, trace), Number(passCount));
  console.log(JSON.stringify({ ...report, peak: measurePeak(new Heap(options), trace) }));
}
