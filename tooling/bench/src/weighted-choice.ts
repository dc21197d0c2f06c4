/**
 * Chooses among numbered things by weights that change: a binary indexed tree (Fenwick 1994), in which entry `i` holds the sum
 * of as many weights up to and with `i` as the lowest bit of `i` says. Choosing and changing take O(log things).
 *
 *     entry   1    2    3    4    5    6    7    8
 *     holds   1   1-2   3   1-4   5   5-6   7   1-8
 */
export class WeightedChoice {
  readonly #sums: Float64Array;
  readonly #highestBit: number;
  #total = 0;

  /** @param weights - by number of the thing; at least one, none negative */
  constructor(weights: readonly number[]) {
    this.#sums = new Float64Array(weights.length + 1);
    this.#highestBit = 1 << (31 - Math.clz32(weights.length));
    for (const [index, weight] of weights.entries()) this.add(index, weight);
  }

  /** Changes a weight by this much. */
  add(index: number, change: number): void {
    this.#total += change;
    for (let at = index + 1; at < this.#sums.length; at += at & -at) {
      this.#sums[at] = this.#sums[at]! + change;
    }
  }

  /**
   * @param position - from 0 to below 1, on a line where each thing is as long as its weight
   * @returns the thing that lies there. Rounding may hit one whose weight has come back to 0
   */
  at(position: number): number {
    let rest = position * this.#total;
    let index = 0;
    for (let bit = this.#highestBit; bit > 0; bit >>>= 1) {
      const next = index + bit;
      if (next < this.#sums.length && this.#sums[next]! <= rest) {
        rest -= this.#sums[next]!;
        index = next;
      }
    }
    return Math.min(index, this.#sums.length - 2);
  }
}
