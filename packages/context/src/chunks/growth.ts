/** How long the next process chunk is: pure decisions. */
import { PAGE_BYTES } from "@perfloc/arena";

/** First process chunk of a context unless it asks otherwise: one page. */
export const DEFAULT_INITIAL_BYTES: number = PAGE_BYTES;

/**
 * Where the doubling of process chunks stops: 256 KiB. Higher: a context that just outgrew its chunk holds up to twice what
 * it needs; lower: more forwards.
 */
export const DEFAULT_MAX_CHUNK_BYTES: number = 256 * 1024;

/** Whole pages, in bytes; an integer to the engine too. */
export function roundUpToPages(byteLength: number): number {
  return (byteLength + PAGE_BYTES - 1) & -PAGE_BYTES;
}

/**
 * `plannedBytes`, doubled until `neededBytes` fit, but beyond the cap no more than they need: one step, however large the
 * need.
 */
export function doubledUntilFits(
  plannedBytes: number,
  neededBytes: number,
  maxBytes: number,
): number {
  let byteLength = plannedBytes;
  while (byteLength < neededBytes) byteLength *= 2;
  if (byteLength <= maxBytes) return byteLength;
  return Math.max(neededBytes, maxBytes);
}

/** What to try after `byteLength` could not be had: half of it, but never less than `leastBytes`. */
export function halved(byteLength: number, leastBytes: number): number {
  return Math.max(roundUpToPages(byteLength >>> 1), leastBytes);
}
