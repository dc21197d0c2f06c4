/**
 * Which allocations are guarded: each with the chance 1 / `every`, whatever came before. So contexts can count down by themselves, and
 * those that live for a few objects are sampled as often as those that live for many; and a program with a rhythm of its own does
 * not hide the same objects each time. Decided by the seed alone: a run can be repeated.
 *
 *   distance   1, 2, 3, ... with chances p, p (1 - p), p (1 - p)^2, ...     p = 1 / every, mean: every
 */

/** Odd, so that only one seed is taken to 0, which xorshift never leaves. */
const DEFAULT_SEED = 0x9e3779b9 | 0;

export class Sampler {
  /** 1 / ln(1 - p). */
  readonly #scale: number;
  #random: number;
  /** Of a context that ended before it came so far; 0 when there is none. */
  #left = 0;

  constructor(every: number, seed: number) {
    this.#scale = 1 / Math.log1p(-1 / every);
    // Multiplied, since from neighbouring numbers xorshift comes to neighbouring ones at first.
    this.#random = Math.imul(seed ^ DEFAULT_SEED, DEFAULT_SEED) || DEFAULT_SEED;
  }

  /** How many allocations there are until the next guarded one, which counts: 1 means that it is the next. At most 2^29. */
  nextDistance(): number {
    // xorshift32 (Marsaglia 2003): three shifts, period 2^32 - 1.
    let random = this.#random;
    random ^= random << 13;
    random ^= random >>> 17;
    random ^= random << 5;
    this.#random = random;
    const chance = (random >>> 0) / 2 ** 32;
    return Math.max(1, Math.ceil(Math.log(chance) * this.#scale)) | 0;
  }

  /**
   * The same for a new context: what one that ended had left, if one did. That has the same distribution as a new distance, whatever came
   * before, and costs no logarithm where contexts come and go.
   */
  firstDistance(): number {
    const left = this.#left;
    this.#left = 0;
    return left > 0 ? left : this.nextDistance();
  }

  /** A context ends so many allocations before its next guarded one; 0 or less when that one failed. */
  giveBack(distance: number): void {
    this.#left = distance;
  }
}
