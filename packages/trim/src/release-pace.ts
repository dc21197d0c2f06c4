/**
 * How fast memory goes back: a bucket of bytes that fills with time.
 *
 * A chunk goes whole, so the bucket may run into debt; the next one waits until the debt is paid. Over any time the rate
 * holds, but for one chunk and one second's worth that was saved up.
 */
import { checkOptions, refuse } from "./policies/options.js";

/** What the bucket holds at most: this long of its rate, in milliseconds. */
const BURST_MS = 1000;

/**
 * How fast a trimmer gives memory back.
 * @public
 */
export interface TrimPace {
  /** On average at most this many bytes a second: 1 upwards. Default: no bound. */
  readonly bytesPerSecond?: number | undefined;
  /** In one `tick` at most this many bytes, but at least one chunk: 1 upwards. Default 32 MiB, one largest chunk. */
  readonly stepBytes?: number | undefined;
}

/** One largest chunk of the default arena: giving that back takes a few milliseconds. */
const DEFAULT_STEP_BYTES = 32 * 1024 * 1024;

export class ReleasePace {
  readonly stepBytes: number;
  readonly #bytesPerMs: number;
  #balance: number;
  #at = -Infinity;

  constructor(pace: TrimPace) {
    checkOptions(pace, "pace");
    const { bytesPerSecond = Infinity, stepBytes = DEFAULT_STEP_BYTES } = pace;
    checkRate("bytesPerSecond", bytesPerSecond);
    checkRate("stepBytes", stepBytes);
    this.stepBytes = stepBytes;
    this.#bytesPerMs = bytesPerSecond / 1000;
    this.#balance = this.#bytesPerMs * BURST_MS;
  }

  /** When a release may follow others of `releasedBytes` at `now`: `now` itself, or later. */
  nextAt(now: number, releasedBytes: number): number {
    const balance = this.#balanceAt(now) - releasedBytes;
    return balance > 0 || this.#bytesPerMs === Infinity
      ? now
      : now + (1 - balance) / this.#bytesPerMs;
  }

  /** Takes what was released at `now` out of the bucket. */
  spend(now: number, releasedBytes: number): void {
    this.#balance = this.#balanceAt(now) - releasedBytes;
    this.#at = now;
  }

  #balanceAt(now: number): number {
    const most = this.#bytesPerMs * BURST_MS;
    if (this.#bytesPerMs === Infinity) return most;
    return Math.min(most, this.#balance + Math.max(0, now - this.#at) * this.#bytesPerMs);
  }
}

function checkRate(name: string, value: number): void {
  if (typeof value !== "number" || !(value >= 1))
    refuse(name, value, "it must be a number of bytes, at least 1");
}
