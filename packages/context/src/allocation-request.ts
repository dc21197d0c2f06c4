/** Which requests a context accepts: lengths and alignments. */
import { GRANULE_BYTES, InvalidSizeError } from "@perfloc/arena";

/**
 * Longest object, in bytes: 1 GiB.
 * @public
 */
export const MAX_ALLOC_BYTES: number = 2 ** 30;

/** Every object is aligned to this, in bytes. */
export const MIN_ALIGNMENT: number = GRANULE_BYTES;

/** Largest alignment that can be asked for, in bytes: a page. */
const MAX_ALIGNMENT = 4096;

/** @throws InvalidSizeError for anything but a whole number from 0 to MAX_ALLOC_BYTES */
export function checkByteLength(byteLength: number): void {
  if (Number.isInteger(byteLength) && byteLength >= 0 && byteLength <= MAX_ALLOC_BYTES) return;
  throw new InvalidSizeError(
    "PERFLOC_CONTEXT_INVALID_SIZE",
    "byteLength",
    byteLength,
    0,
    MAX_ALLOC_BYTES,
  );
}

/** @throws InvalidAlignmentError for anything but a power of two from 1 to 4096 */
export function checkAlignment(alignment: number): void {
  const isPowerOfTwo = Number.isInteger(alignment) && (alignment & (alignment - 1)) === 0;
  if (isPowerOfTwo && alignment >= 1 && alignment <= MAX_ALIGNMENT) return;
  throw new InvalidAlignmentError(alignment);
}

/**
 * An alignment is not a power of two from 1 to 4096.
 * @public
 */
export class InvalidAlignmentError extends InvalidSizeError {
  constructor(requested: unknown, largest: number = MAX_ALIGNMENT) {
    super(
      "PERFLOC_CONTEXT_INVALID_ALIGNMENT",
      "alignment",
      requested,
      1,
      largest,
      "a power of two",
    );
  }
}

/** `value` rounded up to a multiple of `alignment`, a power of two; exact also where the result is 2^32, the end of the space. */
export function alignUp(value: number, alignment: number): number {
  const past = value & (alignment - 1);
  return past === 0 ? value : value + (alignment - past);
}
