/**
 * Which allocations are guarded: each with the chance 1 / `every`, whatever came before, so that a program with a rhythm
 * of its own does not hide the same objects each time. All contexts of a heap count down together: those that live for a few objects are
 * sampled as often as those that live for many. Decided by the seed alone: a run can be repeated.
 *
 *   distance   1, 2, 3, ... with chances p, p (1 - p), p (1 - p)^2, ...     p = 1 / every, mean: every
 */

/** Odd, so that only one seed is taken to 0, which xorshift never leaves. */
const DEFAULT_SEED = 0x9e3779b9 | 0;

export class Sampler {
  /** 1 / ln(1 - p). */
  readonly #scale: number;
  #random: number;
  /** Allocations of the heap until the next guarded one, which counts: guarded contexts count it down. */
  left: number;

  constructor(every: number, seed: number) {
    this.#scale = 1 / Math.log1p(-1 / every);
    // Multiplied, since from neighbouring numbers xorshift comes to neighbouring ones at first.
    this.#random = Math.imul(seed ^ DEFAULT_SEED, DEFAULT_SEED) || DEFAULT_SEED;
    this.left = this.nextDistance();
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
}
