/** How the event loop of a service ran. */
import { median } from "./statistics.js";

export interface EventLoopFigures {
  /** The longest turn: for so long nobody was answered. */
  readonly longestPauseMs: number;
  /** All but one turn in a thousand were at most as long. */
  readonly p999PauseMs: number;
  /** Resident set while the service ran: the median of samples. */
  readonly rssBytes: number;
}

/** @param turnMs - how long each turn of the event loop took; at least one, in any order */
export function eventLoopFigures(
  turnMs: readonly number[],
  rssSamples: readonly number[],
): EventLoopFigures {
  const sorted = turnMs.toSorted((a, b) => a - b);
  return {
    longestPauseMs: sorted.at(-1)!,
    p999PauseMs: sorted[Math.ceil(sorted.length * 0.999) - 1]!,
    rssBytes: median(rssSamples),
  };
}
