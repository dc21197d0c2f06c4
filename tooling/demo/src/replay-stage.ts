/** First stage: the recorded session, replayed with its contents checked. */
import type { ArenaStats, Heap, HeapStats } from "@perfloc/context";
import type { Trace } from "@perfloc-tooling/traces";
import { CheckedReplay } from "./checked-replay.js";
import { readChunkMap } from "./chunk-map.js";
import type { ContentCheck } from "./content-check.js";
import type { Progress } from "./progress.js";
import { count } from "./quantity.js";
import type { ChunkMap, TimelineData } from "./report-data.js";
import { Timeline } from "./timeline.js";

/** More than a chart shows side by side, few enough that samples cost little. */
const SAMPLES = 400;

export interface ReplayStage {
  readonly replay: CheckedReplay;
  readonly timeline: TimelineData;
  /** At the peak of live bytes. */
  readonly peakMap: ChunkMap;
  readonly peakStats: HeapStats;
  /** After the last operation. */
  readonly endStats: HeapStats;
  /** The highest so far. */
  readonly arena: ArenaStats;
}

export async function runReplayStage(
  heap: Heap,
  trace: Trace,
  content: ContentCheck,
  progress: Progress,
): Promise<ReplayStage> {
  let peakMap: ChunkMap | undefined;
  let peakStats: HeapStats | undefined;
  const takePicture = (): void => {
    peakMap = readChunkMap(heap.arena);
    peakStats = heap.stats();
  };
  const replay = new CheckedReplay(heap, trace, content, takePicture);
  const timeline = new Timeline(heap.arena);
  const slice = Math.ceil(replay.length / SAMPLES);
  progress.begin(`replaying ${trace.name}`);
  timeline.sample(replay.liveBytes);
  while (replay.position < replay.length) {
    replay.run(slice);
    timeline.sample(replay.liveBytes);
    // oxlint-disable-next-line no-await-in-loop -- the replay goes on when the bar is drawn
    await progress.at(replay.position / replay.length, `${count(replay.position)} operations`);
  }
  // A trace that never allocates has no peak.
  if (peakMap === undefined) takePicture();
  progress.done(`replayed ${trace.name}: ${count(trace.operationCount)} operations`);
  return {
    replay,
    timeline: timeline.data,
    peakMap: peakMap!,
    peakStats: peakStats!,
    endStats: heap.stats(),
    arena: heap.arena.stats(),
  };
}
