/** Per process. Keeps the timed part near 0.2 s, long enough for the median of its passes to settle. */
const TARGET_OPERATIONS = 20_000_000;

/** Fewer, and one interrupted pass moves the median; more, and a tiny trace prints pages of figures. */
const MIN_PASSES = 11;
const MAX_PASSES = 2001;

/**
 * How often a process repeats its work. Odd, so that the median is one of the passes, and the same for all sides of a row: the
 * fastest of many passes is faster than the fastest of few.
 */
export function passCountFor(operationsPerPass: number): number {
  const wanted = Math.ceil(TARGET_OPERATIONS / Math.max(1, operationsPerPass));
  return Math.min(MAX_PASSES, Math.max(MIN_PASSES, wanted)) | 1;
}
