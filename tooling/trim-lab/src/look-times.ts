/** When the policy sees facts. */

/** `ticks`: at each one. `trimmer`: when a started trimmer does, a moment after the doorbell rang and when something is due. */
export type Watch = "ticks" | "trimmer";

/** As in the trimmer: how soon after the doorbell rang the policy looks at it, in milliseconds. */
const SETTLE_MS = 100;

export class LookTimes {
  readonly #watch: Watch;
  #dueAt = -Infinity;
  #hasRung = false;

  constructor(watch: Watch) {
    this.#watch = watch;
  }

  /** The doorbell: a chunk has run empty, or come back. */
  ring(now: number): void {
    if (this.#hasRung) return;
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
