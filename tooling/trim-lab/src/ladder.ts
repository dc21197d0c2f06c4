/**
 * The levels of a heap: the places that its top chunks lie in, doubling up to a cap.
 *
 *   level    0     1     2     ...   K          K+1
 *   bytes    S     2S    4S          cap        cap
 *   base     0     S     3S          cap - S    2 cap - S      also what the levels below can hold
 */
export interface Level {
  readonly index: number;
  readonly base: number;
  readonly byteLength: number;
}

export interface LadderOptions {
  /** Length of level 0 in bytes, a power of two. Default 32 KiB, as an arena's. */
  readonly initialBytes?: number;
  /** Where doubling stops, in bytes, a power of two. Default 32 MiB, as an arena's. */
  readonly capBytes?: number;
}

const DEFAULT_INITIAL_BYTES = 32 * 1024;

const DEFAULT_CAP_BYTES = 32 * 1024 * 1024;

/** The levels that a demand of `peakBytes` needs. */
export function ladderFor(peakBytes: number, options: LadderOptions = {}): readonly Level[] {
  const { initialBytes = DEFAULT_INITIAL_BYTES, capBytes = DEFAULT_CAP_BYTES } = options;
  const levels: Level[] = [];
  let base = 0;
  let byteLength = initialBytes;
  while (base < peakBytes) {
    levels.push({ index: levels.length, base, byteLength });
    base += byteLength;
    byteLength = Math.min(byteLength * 2, capBytes);
  }
  return levels;
}
