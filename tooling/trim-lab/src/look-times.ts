/** When the policy sees facts. */
import type { HeapChange } from "./simulated-heap.js";

/**
 * `ticks`: at each one. `trimmer`: when a started trimmer does, a moment after a chunk ran empty and when something is due.
 * `returns`: the same, and a moment after a released chunk was taken again. `Trimmer` does not hear of that yet, so it learns of
 * a return late, or never how soon it was.
 */
export type Watch = "ticks" | "trimmer" | "returns";

/** As in the trimmer: how soon after a chunk ran empty the policy looks at it, in milliseconds. */
const SETTLE_MS = 100;

export class LookTimes {
  readonly #watch: Watch;
  #dueAt = -Infinity;
  #hasRung = false;

  constructor(watch: Watch) {
    this.#watch = watch;
  }

  /** What the heap did since the last call: a chunk that runs empty or returns brings the next look near. */
  note({ hasRunEmpty, hasReturned }: HeapChange, now: number): void {
    const isHeard = hasRunEmpty || (hasReturned && this.#watch === "returns");
    if (!isHeard || this.#hasRung) return;
    this.#hasRung = true;
    this.#dueAt = Math.min(this.#dueAt, now + SETTLE_MS);
  }

  isDue(now: number): boolean {
    return this.#watch === "ticks" || now >= this.#dueAt;
  }

  /** The policy has looked; what it wants next is due at `nextDueAt`. */
  looked(nextDueAt: number): void {
    this.#hasRung = false;
    this.#dueAt = nextDueAt;
  }
}
