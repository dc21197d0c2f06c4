/**
 * The process that measures the loop of a replay, over a stub allocator:
 *
 *     node stub-replay-process.js TRACE PASSES [FROM]
 *
 * TRACE is a text trace, or a binary one whose timed part begins with the record FROM.
 */
import { Heap } from "@perfloc/context";
import { RECORD_LENGTH } from "@perfloc-tooling/traces";
import { AddressRecorder } from "./address-recorder.js";
import { makeContextReplay } from "./context-replay.js";
import { makeMallocReplay, type MallocCalls } from "./malloc-replay.js";
import { timePasses, type Work } from "./passes.js";
import { readAnyTrace } from "./read-binary-trace.js";
import { rewindAfterPass, StubHeap } from "./stub-heap.js";

const [, , path = "", passCount, timedFrom = "0"] = process.argv;
const trace = readAnyTrace(path);
const recorder = new AddressRecorder(new Heap());
const addresses = new Uint32Array(trace.objectCount);

/**
 * The replays once more, for the recording: a module that is loaded under another name has functions of its own, which V8 compiles for
 * themselves. The loop that is timed stays the only one of its module, as `makeContextReplay` asks for.
 */
const contextReplay = (await import(nameForRecording("context-replay"))) as {
  makeContextReplay: typeof makeContextReplay;
};
const mallocReplay = (await import(nameForRecording("malloc-replay"))) as {
  makeMallocReplay: typeof makeMallocReplay;
};

const work =
  trace.kind === "contexts"
    ? stubOf(contextReplay.makeContextReplay(recorder, trace, addresses), (stub) =>
        makeContextReplay(stub, trace, addresses),
      )
    : stubOf(mallocReplay.makeMallocReplay(recorder, trace, Number(timedFrom), addresses), (stub) =>
        makeMallocReplay(stub, timedPartOf(trace), 0, addresses),
      );
console.log(JSON.stringify(timePasses(work, Number(passCount))));

/** @param recorded - one pass of it gives the addresses */
function stubOf(recorded: Work, makeTimed: (stub: StubHeap) => Work): Work {
  recorder.take();
  recorded.run();
  const stub = new StubHeap(recorder.arena, recorder.take());
  return rewindAfterPass(stub, makeTimed(stub));
}

function timedPartOf(calls: MallocCalls): MallocCalls {
  return { ...calls, ops: calls.ops.subarray(Number(timedFrom) * RECORD_LENGTH) };
}

function nameForRecording(module: string): string {
  return new URL(`./${module}.js?for=recording`, import.meta.url).href;
}
