/**
 * Which allocations are guarded: one in `every`, at distances that vary, so that a program with a rhythm of its own does not
 * hide the same objects each time. Decided by the seed alone: a run can be repeated.
 *
 *   distances   1 ... 2 * every - 1, all as likely       mean: every
 */

/** Any number but 0, from which xorshift never leaves. */
const DEFAULT_SEED = 0x9e3779b9 | 0;

export class Sampler {
  /** Allocations until the next guarded one: 1 means that it is the next. The hot paths count it down. */
  countdown = 1;
  /** One object in so many is guarded. */
  readonly every: number;
  #random: number;

  constructor(every: number, seed: number) {
    this.every = every;
    this.#random = (seed ^ DEFAULT_SEED) | 0 || DEFAULT_SEED;
    this.rearm();
  }

  /** Sets the distance to the next guarded object. */
  rearm(): void {
    if (this.every === 1) {
      this.countdown = 1;
      return;
    }
    // xorshift32 (Marsaglia 2003): three shifts, period 2^32 - 1.
    let random = this.#random;
    random ^= random << 13;
    random ^= random >>> 17;
    random ^= random << 5;
    this.#random = random;
    this.countdown = (1 + ((random >>> 1) % (2 * this.every - 1))) | 0;
  }
}
