/**
 * The work of the rows about growth, which all their sides share: a buffer is appended to and resized whenever it is full.
 * `native/growth.c` has the same numbers.
 */

/** `factor` multiplies the length by 1.5 from 16 bytes to 1 MiB; `step` adds 64 bytes up to 64 KiB. */
export type GrowthKind = "factor" | "step";

export const FIRST_BYTES = 16;
const FACTOR_LAST_BYTES = 1024 * 1024;
const STEP_BYTES = 64;
const STEP_LAST_BYTES = 64 * 1024;

/**
 * Appended bytes are not all written, or writing them would be most of the time: the first word is, and each one 64 bytes
 * further on, so that every cache line is touched.
 */
export const WORDS_BETWEEN_WRITES = 16;

/** Buffers that are grown in one pass: some 20,000 resizes, or a few milliseconds of large ones. */
export function buffersPerPass(kind: GrowthKind): number {
  return kind === "factor" ? 10 : 20;
}

/** The lengths that a buffer gets after its first one, in bytes. */
export function lengthsOf(kind: GrowthKind): Uint32Array {
  const lengths: number[] = [];
  const last = kind === "factor" ? FACTOR_LAST_BYTES : STEP_LAST_BYTES;
  for (let length = FIRST_BYTES; length < last;) {
    const next = kind === "factor" ? ((length * 3) / 2 + 7) & ~7 : length + STEP_BYTES;
    length = Math.min(next, last);
    lengths.push(length);
  }
  return Uint32Array.from(lengths);
}

/** An operation is one resize, with what is appended after it. */
export function resizesPerPass(kind: GrowthKind): number {
  return buffersPerPass(kind) * lengthsOf(kind).length;
}
