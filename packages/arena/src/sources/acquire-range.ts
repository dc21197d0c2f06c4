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

/** Keeps the source's precondition: it is never asked for more than it says that it can give. */
function acquireRange(source: BufferSource, byteLength: number): BufferRange {
  const { maxByteLength } = source.capabilities;
  if (byteLength > maxByteLength) {
    throw new RangeError(
      `${byteLength} bytes are more than the ${maxByteLength} that the source gives at once`,
    );
  }
  const range = source.acquire(byteLength);
  const { buffer, byteOffset } = range;
  if (byteOffset % SOURCE_ALIGNMENT === 0 && byteOffset + byteLength <= buffer.byteLength)
    return range;
  throw new RangeError(
    `the source returned a range at ${byteOffset} of a buffer of ${buffer.byteLength} bytes when asked for ${byteLength}`,
  );
}

/** What every typed array over a range needs. */
const SOURCE_ALIGNMENT = 8;
