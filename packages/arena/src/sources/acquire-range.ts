/** Asks a source for the memory of a top chunk, within what it declares that it can do. */
import type { BufferRange, BufferSource } from "./buffer-source.js";

/**
 * When the source refuses a chunk longer than this, shorter ones are tried, by halves: fragmented address spaces often
 * have room for those. Below 1 MiB a refusal means that memory is really gone.
 */
const HALVE_ABOVE_BYTES = 1024 * 1024;

/** What the source gave, and how much of it is used. */
export interface AcquiredRange {
  readonly range: BufferRange;
  readonly byteLength: number;
}

/** The source refused `byteLength` bytes, and everything longer. */
export interface Refusal {
  readonly byteLength: number;
  readonly cause: unknown;
}

/** Acquires `wantedBytes`, or half of them and so on down to `leastBytes`. */
export function acquireOrHalve(
  source: BufferSource,
  wantedBytes: number,
  leastBytes: number,
): AcquiredRange | Refusal {
  for (let byteLength = wantedBytes; ; byteLength /= 2) {
    try {
      return { range: acquireRange(source, byteLength), byteLength };
    } catch (cause) {
      if (byteLength / 2 < Math.max(leastBytes, HALVE_ABOVE_BYTES)) return { byteLength, cause };
    }
  }
}

/**
 * Gives back a range that nothing was made of. A source that refuses keeps it: there is no chunk to show for it, and the call that asked
 * for memory goes on.
 */
export function giveBackUnused(source: BufferSource, range: BufferRange): void {
  if (!source.capabilities.canRelease) return;
  try {
    source.release(range);
  } catch {
    // As above.
  }
}

/** @throws RangeError when a range is too short, or begins where typed arrays cannot */
export function checkRange({ buffer, byteOffset }: BufferRange, byteLength: number): void {
  const isAligned = byteOffset >= 0 && byteOffset % SOURCE_ALIGNMENT === 0;
  if (isAligned && byteOffset + byteLength <= buffer.byteLength) return;
  throw new RangeError(
    `the source returned a range at ${byteOffset} of a buffer of ${buffer.byteLength} bytes when asked for ${byteLength}`,
  );
}

/** Keeps the source's precondition: it is never asked for more than it says that it can give. */
function acquireRange(source: BufferSource, byteLength: number): BufferRange {
  const { maxByteLength } = source.capabilities;
  if (byteLength > maxByteLength) {
    throw new RangeError(
      `${byteLength} bytes are more than the ${maxByteLength} that the source gives at once`,
    );
  }
  const range = source.acquire(byteLength);
  try {
    checkRange(range, byteLength);
    return range;
  } catch (error) {
    giveBackUnused(source, range);
    throw error;
  }
}

/** What every typed array over a range needs. */
const SOURCE_ALIGNMENT = 8;
