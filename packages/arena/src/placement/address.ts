/**
 * Addresses and pages: the two units in which memory is named and handed out.
 *
 * One heap has one virtual space of 2^32 bytes. An address is a plain number in it, so that it can be stored in 32 bits
 * of the memory itself (links, references, forward pointers). Page 0 is never handed out: 0 is NULL.
 */

/**
 * A byte position in the virtual space of one arena: an unsigned 32-bit integer, 0 meaning NULL.
 *
 * Stable for as long as the span (or the context) that it points into lives.
 * @public
 */
export type Address = number;

/**
 * The address that points nowhere. No arena ever hands it out.
 * @public
 */
export const NULL_ADDRESS = 0;

/**
 * Unit in which top chunks are cut, in bytes. 4 KiB is what the CPU and the OS use: a smaller page could not be told
 * apart in resident memory, a larger one would waste most of a small context's first process chunk.
 * @public
 */
export const PAGE_BYTES = 4096;

/** `log2(PAGE_BYTES)`. */
export const PAGE_SHIFT = 12;

/** First byte past the virtual space. */
export const ADDRESS_SPACE_BYTES = 0x1_0000_0000;

/**
 * Unit in which objects are placed, in bytes: every object is aligned to it, and has one cell in the planes for it. 8 bytes would
 * take twice as many cells, 32 waste half of a small object.
 * @public
 */
export const GRANULE_BYTES = 16;

/** `log2(GRANULE_BYTES)`. */
export const GRANULE_SHIFT = 4;

/** Whether a value can be an address. The type first: a bigint or a symbol would throw at the shift. */
export function isAddress(value: unknown): value is Address {
  return typeof value === "number" && value >>> 0 === value;
}

/**
 * The same number, held as an integer by the engine. Arithmetic with `**` or `/` leaves a number that V8 keeps as a double;
 * one such value in a field makes it a boxed double for all objects of the class, and every hot path that reads it slow.
 */
export function asAddress(value: number): number {
  return value >>> 0;
}
