/** The whole run: timed replay, typed rows, checked replay, burst, last check. */
import { Heap } from "@perfloc/context";
import type { Trace } from "@perfloc-tooling/traces";
import { runBurstStage } from "./burst-stage.js";
import { ContentCheck } from "./content-check.js";
import { contextTree } from "./context-tree.js";
import { platform } from "./platform.js";
import type { Progress } from "./progress.js";
import { nanoseconds } from "./quantity.js";
import { runReplayStage } from "./replay-stage.js";
import type { ReportData } from "./report-data.js";
import { runPlainRowStage, runRowStage } from "./row-stage.js";
import { Survivors } from "./survivors.js";
import { timeReplay } from "./timed-replay.js";

const MIB = 1024 * 1024;
/**
 * Taken by process chunks at the top of the burst. Top chunks come in steps, so 512 MiB are then held (64 in a quick run);
 * closer to that, a process chunk that finds no run of pages long enough would take one top chunk too many.
 */
const BURST_BYTES = 480 * MIB;
const QUICK_BURST_BYTES = 56 * MIB;
/** The policy's own, and one that a quick run can wait for. */
const BREAK_EVEN_MS = 10_000;
const QUICK_BREAK_EVEN_MS = 1000;
/** Live when the burst is over; more if the trace itself leaves more. */
const LASTING_BYTES = 2 * MIB;

export async function runDemo(
  trace: Trace,
  isQuick: boolean,
  progress: Progress,
): Promise<ReportData> {
  progress.begin("timing the replay");
  const timing = await timeReplay(trace, (share) => progress.at(share, ""));
  progress.done(`timed the replay: ${nanoseconds(timing.medianNs)} per operation`);

  const rows = await runRowStage(progress);

  using heap = new Heap();
  const content = new ContentCheck(heap.arena);
  const { replay, peakStats, endStats, ...replayed } = await runReplayStage(
    heap,
    trace,
    content,
    progress,
  );

  const survivors = new Survivors(
    heap,
    content,
    LASTING_BYTES - replay.liveBytes,
    trace.objectCount,
  );
  const lastingBytes = replay.liveBytes + survivors.liveBytes;
  const burst = await runBurstStage(heap, content, progress, {
    usedBytes: isQuick ? QUICK_BURST_BYTES : BURST_BYTES,
    lastingBytes,
    firstId: trace.objectCount + survivors.objectCount,
    breakEvenMs: isQuick ? QUICK_BREAK_EVEN_MS : BREAK_EVEN_MS,
  });

  progress.begin("last check");
  replay.checkLiveObjects();
  survivors.checkLiveObjects();
  heap.verify();
  progress.done("checked what is still live, and every record of the heap");
  const after = heap.arena.stats();
  // Last, so that these objects are in no figure of resident memory.
  const plainRows = await runPlainRowStage(progress);
  return {
    platform: platform(),
    madeAt: new Date().toISOString(),
    contexts: contextTree(peakStats.children),
    rows: { ...rows, ...plainRows },
    charts: {
      replay: replayed.timeline,
      replayMap: replayed.peakMap,
      burst: burst.timeline,
      burstPhases: burst.phases,
      burstMap: burst.peak.map,
    },
    figures: {
      traceName: trace.name,
      traceKind: trace.kind,
      operations: trace.operationCount,
      objects: trace.objectCount,
      medianNs: timing.medianNs,
      fastestNs: timing.fastestNs,
      timedRounds: timing.rounds,
      checkedObjects: content.checkedObjects,
      corruptObjects: content.corruptObjects,
      contextsOpened: endStats.contextsOpened,
      forwards: endStats.forwards,
      resets: endStats.resets,
      replayTopChunks: replayed.arena.heldChunks,
      replayPeakLiveBytes: trace.peakLiveBytes,
      replayPeakUsedBytes: replayed.arena.peakUsedBytes,
      replayPeakHeldBytes: replayed.arena.peakHeldBytes,
      burstObjects: burst.objectCount,
      burstContexts: burst.requestCount,
      burstTopChunks: burst.peak.arena.heldChunks,
      burstPeakLiveBytes: burst.peak.liveBytes,
      burstPeakUsedBytes: burst.peak.arena.usedBytes,
      burstPeakHeldBytes: burst.peak.arena.heldBytes,
      releasedChunks: burst.releasedChunks,
      liveBytesAfter: lastingBytes,
      usedBytesAfter: after.usedBytes,
      heldBytesAfter: after.heldBytes,
      rssBytesBefore: burst.rssBytesBefore,
      rssBytesPeak: burst.rssBytesPeak,
      rssBytesAfter: burst.rssBytesAfter,
      idleMs: burst.idleMs,
    },
  };
}
