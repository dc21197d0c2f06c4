/** Which lengths a span can have. */
import { PAGE_BYTES } from "./address.js";
import { InvalidSizeError } from "../errors.js";

/**
 * Longest span in bytes: the largest object (1 GiB), a page for its header and one for its alignment. One buffer of this length stays
 * below the 2 GiB that every engine allows.
 * @public
 */
export const MAX_SPAN_BYTES: number = 2 ** 30 + 2 * PAGE_BYTES;

/** @throws InvalidSizeError for anything but a whole number from 1 to MAX_SPAN_BYTES */
export function checkSpanBytes(byteLength: number): void {
  if (Number.isInteger(byteLength) && byteLength >= 1 && byteLength <= MAX_SPAN_BYTES) return;
  throw new InvalidSizeError(
    "PERFLOC_ARENA_INVALID_SIZE",
    "byteLength",
    byteLength,
    1,
    MAX_SPAN_BYTES,
  );
}
