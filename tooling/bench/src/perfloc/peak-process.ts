/**
 * The process that measures Perfloc's memory on a trace:
 *
 *     node --expose-gc peak-process.js TRACE
 */
import { Heap } from "@perfloc/context";
import { watchBuffers } from "./buffer-watch.js";
import { measurePeak, measureWritten } from "./peak-memory.js";
import { readAnyTrace } from "./read-binary-trace.js";

const [, , path = ""] = process.argv;
const trace = readAnyTrace(path);
watchBuffers();
const makeHeap = () => new Heap();
const writtenBytes = await measureWritten(makeHeap, trace);
console.log(JSON.stringify({ ...measurePeak(makeHeap(), trace), writtenBytes }));
