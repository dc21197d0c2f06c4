/** Samples of one run: what the heap held, used and had live, and what the process had in memory, over time. */
import type { Arena } from "@perfloc/context";
import type { TimelineData } from "./report-data.js";

/** The kernel is asked for the resident set no more often than this: it is the dearest part of a sample. */
const RSS_INTERVAL_MS = 1;

export class Timeline {
  readonly data: TimelineData = {
    ms: [],
    heldBytes: [],
    usedBytes: [],
    liveBytes: [],
    rssBytes: [],
  };
  readonly #arena: Arena;
  readonly #beganMs = performance.now();
  #rssBytes = 0;
  #rssMs = -Infinity;

  constructor(arena: Arena) {
    this.#arena = arena;
  }

  /** Time since the timeline began. */
  get nowMs(): number {
    return performance.now() - this.#beganMs;
  }

  /** @returns the resident set of the process in bytes */
  sample(liveBytes: number): number {
    const { data } = this;
    const { heldBytes, usedBytes } = this.#arena.stats();
    const ms = this.nowMs;
    if (ms - this.#rssMs >= RSS_INTERVAL_MS) {
      this.#rssBytes = process.memoryUsage.rss();
      this.#rssMs = ms;
    }
    data.ms.push(Math.round(ms * 100) / 100);
    data.heldBytes.push(heldBytes);
    data.usedBytes.push(usedBytes);
    data.liveBytes.push(liveBytes);
    data.rssBytes.push(this.#rssBytes);
    return this.#rssBytes;
  }
}
