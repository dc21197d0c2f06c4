/** The memory that a malloc trace takes in a heap when most of its bytes are live. A pass of its own, so that no timed one is disturbed. */
import type { Heap } from "@perfloc/context";
import { type MallocTrace, OP_ALLOC, OP_REALLOC, RECORD_LENGTH } from "@perfloc-tooling/traces";
import type { PeakMemory } from "../process-report.js";
import { replayUntimed } from "./replay-untimed.js";

/** @param heap - a new one */
export function measurePeak(heap: Heap, trace: MallocTrace): PeakMemory {
  const addresses = new Uint32Array(trace.objectCount);
  replayUntimed(heap, heap.open(trace.name), trace.ops.subarray(0, findPeak(trace)), addresses);
  const { usedBytes, heldBytes } = heap.stats();
  return { liveBytes: trace.peakLiveBytes, usedBytes, heldBytes };
}

/** How many integers of the trace lead up to where the sizes of the live objects add up to the most. */
function findPeak({ ops, objectCount, peakLiveBytes }: MallocTrace): number {
  const sizes = new Int32Array(objectCount);
  let liveBytes = 0;
  for (let at = 0; at < ops.length; at += RECORD_LENGTH) {
    if (liveBytes === peakLiveBytes) return at;
    const id = ops[at + 2]!;
    const hasSize = ops[at] === OP_ALLOC || ops[at] === OP_REALLOC;
    const bytes = hasSize ? ops[at + 3]! : 0;
    liveBytes += bytes - sizes[id]!;
    sizes[id] = bytes;
  }
  return ops.length;
}
