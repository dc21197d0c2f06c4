/** Of a process. Long enough for the median of its passes to settle. */
const TARGET_NS = 200_000_000;

/** Of an operation of most rows, on machines of today. */
const USUAL_NS = 10;

/** Fewer, and one interrupted pass moves the median; more, and a tiny trace prints pages of figures. */
const MIN_PASSES = 11;
const MAX_PASSES = 2001;

/**
 * How often a process repeats its work. Odd, so that the median is one of the passes, and the same for all sides of a row that
 * are about as fast: the fastest of many passes is faster than the fastest of few.
 *
 * @param expectedNs - how long an operation takes, roughly
 * @param minPasses - fewer for what is too slow to be measured well anyway
 */
export function passCountFor(
  operationsPerPass: number,
  expectedNs = USUAL_NS,
  minPasses = MIN_PASSES,
): number {
  const wanted = Math.ceil(TARGET_NS / (Math.max(1, operationsPerPass) * expectedNs));
  return Math.min(MAX_PASSES, Math.max(minPasses, wanted)) | 1;
}
