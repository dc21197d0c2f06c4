/** The few figures that sum up repeated measurements. All take at least one value. */

/** How values lie; `spreadPercent` is the distance from the lowest to the highest, in percent of the median. */
export interface Distribution {
  readonly min: number;
  readonly median: number;
  readonly max: number;
  readonly spreadPercent: number;
}

/** The middle one, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export function distribution(values: readonly number[]): Distribution {
  const min = Math.min(...values);
  const max = Math.max(...values);
  const middle = median(values);
  return { min, median: middle, max, spreadPercent: ((max - min) / middle) * 100 };
}

/** The mean of ratios: a factor of 2 and one of 1/2 cancel out. */
export function geometricMean(values: readonly number[]): number {
  const logarithms = values.map((value) => Math.log(value));
  return Math.exp(logarithms.reduce((sum, value) => sum + value, 0) / values.length);
}

/**
 * The ratio of each pair of one round. The two of a pair ran one after the other, so that a slow minute of the machine slows both
 * and leaves their ratio alone.
 */
export function pairwiseRatios(values: readonly number[], others: readonly number[]): number[] {
  return values.map((value, round) => value / others[round]!);
}
