/**
 * Second stage: a burst that takes the heap to its target, then an idle time.
 *
 *   grow ──► hold ──► drop the requests ──► idle, while the trimmer gives the empty top chunks back
 *
 * What is live before the burst lies in low top chunks, because a span goes to the lowest chunk with room: so the large
 * late ones are empty when the burst is over. A context that is opened within the burst and outlives it would pin one.
 */
/* oxlint-disable no-await-in-loop -- one step after the other: what is awaited is the drawing, or the time itself */
import { setTimeout } from "node:timers/promises";
import { type ArenaStats, type Heap, Trimmer, defaultPolicy } from "@perfloc/trim";
import { Burst } from "./burst.js";
import { readChunkMap } from "./chunk-map.js";
import type { ContentCheck } from "./content-check.js";
import type { Progress } from "./progress.js";
import { bytes, seconds } from "./quantity.js";
import type { ChunkMap, Phase, TimelineData } from "./report-data.js";
import { Timeline } from "./timeline.js";

/** Grown between two samples. */
const STEP_BYTES = 2 * 1024 * 1024;
/**
 * Share of the target that process chunks take. Top chunks come in powers of two, so the target is then held; closer to 1,
 * a process chunk that finds no run of pages long enough would take one top chunk too many.
 */
const USED_SHARE = 7 / 8;
const HOLD_MS = 300;
/** In break-even times: the policy takes 1.3, and Node 20 frees a buffer some turns of the event loop after its release. */
const IDLE_SHARE = 1.5;
/** Between two samples while nothing happens. */
const REST_MS = 20;

export interface BurstStage {
  readonly timeline: TimelineData;
  readonly phases: readonly Phase[];
  readonly peak: BurstPeak;
  readonly requestCount: number;
  readonly objectCount: number;
  readonly releasedChunks: number;
  readonly rssBytesBefore: number;
  readonly rssBytesPeak: number;
  readonly rssBytesAfter: number;
  readonly idleMs: number;
}

/** The moment when the burst has grown to its full size. */
interface BurstPeak {
  readonly map: ChunkMap;
  readonly arena: ArenaStats;
  readonly liveBytes: number;
}

export interface BurstOptions {
  /** To be held at the peak. */
  readonly targetBytes: number;
  /** Live before the burst, and after it. */
  readonly lastingBytes: number;
  /** Ids below it belong to other objects. */
  readonly firstId: number;
  /** Of the policy: how long it pays to wait for the next burst. */
  readonly breakEvenMs: number;
}

export async function runBurstStage(
  heap: Heap,
  content: ContentCheck,
  progress: Progress,
  options: BurstOptions,
): Promise<BurstStage> {
  const { breakEvenMs } = options;
  using trimmer = new Trimmer(heap, defaultPolicy({ breakEvenMs })).start();
  const run = new BurstRun(heap, content, progress, options);
  const rssBytesBefore = run.sample();
  await run.grow(options.targetBytes * USED_SHARE);
  const peak = run.takePeak();
  await run.hold();
  await run.dropRequests();
  const idleMs = await run.idle(breakEvenMs * IDLE_SHARE);
  return {
    timeline: run.timeline.data,
    phases: run.phases,
    peak,
    requestCount: run.burst.requestCount,
    objectCount: run.burst.objectCount,
    releasedChunks: trimmer.stats().releasedChunks,
    rssBytesBefore,
    rssBytesPeak: Math.max(...run.timeline.data.rssBytes),
    rssBytesAfter: run.sample(),
    idleMs,
  };
}

class BurstRun {
  readonly timeline: Timeline;
  readonly phases: Phase[] = [];
  readonly burst: Burst;
  readonly #heap: Heap;
  readonly #progress: Progress;
  readonly #lastingBytes: number;

  constructor(heap: Heap, content: ContentCheck, progress: Progress, options: BurstOptions) {
    this.timeline = new Timeline(heap.arena);
    this.burst = new Burst(heap, content, options.firstId);
    this.#heap = heap;
    this.#progress = progress;
    this.#lastingBytes = options.lastingBytes;
  }

  /** @returns the resident set in bytes */
  sample(): number {
    return this.timeline.sample(this.#liveBytes);
  }

  async grow(usedBytes: number): Promise<void> {
    const { arena } = this.#heap;
    this.#progress.begin("burst");
    for (let used = 0; used < usedBytes; used = arena.stats().usedBytes) {
      this.burst.grow(STEP_BYTES);
      this.sample();
      await this.#progress.at(used / usedBytes, `${this.#held()} held`);
    }
    this.#endPhase("grow");
  }

  takePeak(): BurstPeak {
    const { arena } = this.#heap;
    return { map: readChunkMap(arena), arena: arena.stats(), liveBytes: this.#liveBytes };
  }

  async hold(): Promise<void> {
    await this.#rest("hold", HOLD_MS);
    this.#endPhase("hold");
    const { requestCount } = this.burst;
    this.#progress.done(
      `burst: ${this.#held()} held, ${requestCount} contexts, RSS ${bytes(this.sample())}`,
    );
  }

  async dropRequests(): Promise<void> {
    this.#progress.begin("load falls");
    for (let dropped = 1; this.burst.hasOpenRequests; dropped++) {
      this.burst.dropOldest();
      this.sample();
      await this.#progress.at(dropped / this.burst.requestCount, `${dropped} contexts dropped`);
    }
    this.#endPhase("drop");
  }

  /** @returns how long it took, in milliseconds */
  async idle(durationMs: number): Promise<number> {
    const fromMs = this.timeline.nowMs;
    await this.#rest("idle", durationMs);
    this.#endPhase("idle");
    const idleMs = this.timeline.nowMs - fromMs;
    this.#progress.done(
      `load fell: ${this.#held()} held, RSS ${bytes(this.sample())} after ${seconds(idleMs)} idle`,
    );
    return idleMs;
  }

  async #rest(label: string, durationMs: number): Promise<void> {
    this.#progress.begin(label);
    const began = performance.now();
    for (let passed = 0; passed < durationMs; passed = performance.now() - began) {
      this.sample();
      await this.#progress.at(passed / durationMs, `${this.#held()} held`);
      await setTimeout(REST_MS);
    }
  }

  #endPhase(name: string): void {
    this.phases.push({ name, fromMs: this.phases.at(-1)?.toMs ?? 0, toMs: this.timeline.nowMs });
  }

  #held(): string {
    return bytes(this.#heap.arena.stats().heldBytes);
  }

  get #liveBytes(): number {
    return this.#lastingBytes + this.burst.liveBytes;
  }
}
