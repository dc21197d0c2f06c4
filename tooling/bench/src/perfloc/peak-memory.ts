/** The memory that a heap takes for a trace. In passes of their own, so that no timed one is disturbed. */
import type { Heap } from "@perfloc/context";
import {
  type ContextTrace,
  OP_ALLOC,
  OP_FREE,
  OP_REALLOC,
  RECORD_LENGTH,
} from "@perfloc-tooling/traces";
import type { PeakMemory } from "../memory/peak-memory.js";
import { forgetBuffers, writtenBytes } from "./buffer-watch.js";
import { makeContextReplay } from "./context-replay.js";
import { makeMallocReplay, type MallocCalls } from "./malloc-replay.js";
import type { Work } from "./passes.js";

type AnyTrace = ContextTrace | MallocCalls;

/** Replays the whole trace on a new heap, and counts the pages that it wrote. The process has `--expose-gc`. */
export async function measureWritten(makeHeap: () => Heap, trace: AnyTrace): Promise<number> {
  const addresses = new Uint32Array(trace.objectCount);
  forgetBuffers();
  const heap = makeHeap();
  const work = makeReplay(heap, trace, addresses);
  work.run();
  const bytes = await writtenBytes();
  // Keeps the heap alive until here.
  work.cleanUp();
  heap.verify();
  return bytes;
}

/** Looks at the heap after each operation of a replay. */
export function measurePeak(heap: Heap, trace: AnyTrace): Omit<PeakMemory, "writtenBytes"> {
  const work = makeReplay(heap, trace, new Uint32Array(trace.objectCount));
  const peak = { liveBytes: peakLiveBytes(trace), usedBytes: 0, heldBytes: 0, planeBytes: 0 };
  let checksum = 0;
  for (let at = 0; at < trace.ops.length; at += RECORD_LENGTH) {
    checksum = work.run(at, at + RECORD_LENGTH, checksum);
    if (trace.ops[at] === OP_FREE) continue;
    const stats = heap.arena.stats();
    const planeBytes = planeBytesOf(stats);
    const heldBytes = stats.heldBytes + planeBytes;
    const usedBytes = stats.usedBytes * (1 + planeBytes / stats.heldBytes);
    if (usedBytes > peak.usedBytes) peak.usedBytes = Math.round(usedBytes);
    if (heldBytes > peak.heldBytes) Object.assign(peak, { heldBytes, planeBytes });
  }
  return peak;
}

function makeReplay(heap: Heap, trace: AnyTrace, addresses: Uint32Array): Work {
  return trace.kind === "contexts"
    ? makeContextReplay(heap, trace, addresses)
    : makeMallocReplay(heap, trace, 0, addresses);
}

/** Arenas before the planes kept marks. */
function planeBytesOf(stats: {
  readonly planeBytes?: number;
  readonly markBytes?: number;
}): number {
  return stats.planeBytes ?? stats.markBytes ?? 0;
}

/** The most bytes that the live objects were asked for with. */
function peakLiveBytes(trace: AnyTrace): number {
  if (trace.kind === "contexts") return trace.peakLiveBytes;
  const { ops, objectCount } = trace;
  const sizes = new Int32Array(objectCount);
  let liveBytes = 0;
  let peak = 0;
  for (let at = 0; at < ops.length; at += RECORD_LENGTH) {
    const id = ops[at + 2]!;
    const hasSize = ops[at] === OP_ALLOC || ops[at] === OP_REALLOC;
    const bytes = hasSize ? ops[at + 3]! : 0;
    liveBytes += bytes - sizes[id]!;
    sizes[id] = bytes;
    peak = Math.max(peak, liveBytes);
  }
  return peak;
}
