/** A shape of traffic: how much is asked of a heap, and when. */
import type { Level } from "./ladder.js";

/** What a heap is asked for at one moment. */
export interface Demand {
  /** Bytes in use. They lie as low as they fit. */
  readonly bytes: number;
  /** Addresses of small things that stay where an earlier peak put them: the levels that they lie in stay needed. */
  readonly pins?: readonly number[];
}

/** What an adversary looks at before it asks. */
export interface HeapView {
  readonly levels: readonly Level[];
  /** Whether each level is held. */
  readonly isHeld: readonly boolean[];
}

/**
 * `ordinary`: traffic, a pure function of time. `adversary`: looks at what is held and asks for what has just gone. `hopeless`:
 * an adversary that no policy of bounded recommits can answer; shown, and in no mean.
 */
export type ShapeKind = "ordinary" | "adversary" | "hopeless";

export interface DemandShape {
  readonly name: string;
  /** For people: one clause. */
  readonly summary: string;
  readonly kind: ShapeKind;
  readonly durationMs: number;
  /** Most bytes that it ever asks for. */
  readonly peakBytes: number;
  /** A fresh run: what is asked for at each tick, in order. */
  start(): (ms: number, heap: HeapView) => Demand;
}

/** How large the peaks are. */
export interface Scale {
  readonly name: string;
  readonly peakBytes: number;
  /** What is in use between peaks. */
  readonly lowBytes: number;
}

/** Ordinary traffic: `bytesAt` is cut to what the scale has. */
export function ordinary(
  { peakBytes, lowBytes }: Scale,
  name: string,
  summary: string,
  durationMs: number,
  bytesAt: (ms: number) => number,
): DemandShape {
  const demandAt = (ms: number): Demand => ({
    bytes: Math.min(peakBytes, Math.max(lowBytes, bytesAt(ms))),
  });
  return { name, summary, kind: "ordinary", durationMs, peakBytes, start: () => demandAt };
}
