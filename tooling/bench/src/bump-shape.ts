/** What the `bump` rows do: as many small objects, then a reset. */

/** The first word (its index) is written into every object. */
export const BUMP_OBJECT_BYTES = 24;

/**
 * Objects per pass at least. A single fill of 1,000 takes about a microsecond, and reading the clock a tenth of that here (in
 * C a fiftieth), so that a pass fills several times.
 */
const MIN_OBJECTS_PER_PASS = 100_000;

/** How often a pass fills a context. */
export function runsPerBumpPass(objectCount: number): number {
  return Math.ceil(MIN_OBJECTS_PER_PASS / objectCount);
}
