/** The memory that a malloc trace takes in a heap when most of its bytes are live. A pass of its own, so that no timed one is disturbed. */
import type { Heap } from "@perfloc/context";
import { OP_ALLOC, OP_REALLOC, RECORD_LENGTH } from "@perfloc-tooling/traces";
import type { PeakMemory } from "../process-report.js";
import type { MallocCalls } from "./malloc-replay.js";
import { replayUntimed } from "./replay-untimed.js";

/** @param heap - a new one */
export function measurePeak(heap: Heap, calls: MallocCalls): PeakMemory {
  const { liveBytes, end } = findPeak(calls);
  const context = heap.open(calls.name);
  replayUntimed(heap, context, calls.ops.subarray(0, end), new Uint32Array(calls.objectCount));
  const { usedBytes, heldBytes } = heap.stats();
  return { liveBytes, usedBytes, heldBytes };
}

/** The most bytes that the live objects were asked for with, and how many integers lead up to there. */
function findPeak({ ops, objectCount }: MallocCalls): { liveBytes: number; end: number } {
  const sizes = new Int32Array(objectCount);
  const peak = { liveBytes: 0, end: 0 };
  let liveBytes = 0;
  for (let at = 0; at < ops.length; at += RECORD_LENGTH) {
    const id = ops[at + 2]!;
    const hasSize = ops[at] === OP_ALLOC || ops[at] === OP_REALLOC;
    const bytes = hasSize ? ops[at + 3]! : 0;
    liveBytes += bytes - sizes[id]!;
    sizes[id] = bytes;
    if (liveBytes > peak.liveBytes) Object.assign(peak, { liveBytes, end: at + RECORD_LENGTH });
  }
  return peak;
}
