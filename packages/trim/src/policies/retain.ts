/** A floor: some bytes stay held, whatever is empty. */
import type { ChunkFacts, TrimFacts } from "../trim-facts.js";
import { type TrimDecision, type TrimPolicy, keep, release } from "../trim-policy.js";
import { checkBytes, checkOptions } from "./options.js";

/**
 * What {@link retain} keeps.
 * @public
 */
export interface RetainOptions {
  /** Bytes that stay held in total, used ones included: 0 to 2^32. */
  readonly bytes: number;
}

/**
 * Releases empty top chunks, the largest first, each if at least `bytes` stay held without it.
 *
 * What stays held is at least `bytes` (or all there was), and no chunk that was kept could still go.
 * @throws InvalidSizeError `PERFLOC_TRIM_INVALID_OPTION` for bytes out of range
 * @public
 */
export function retain(options: RetainOptions): TrimPolicy {
  checkOptions(options);
  const { bytes } = options;
  checkBytes("bytes", bytes, 0);
  return { name: `retain({ bytes: ${bytes} })`, decide: (facts) => decideRetain(facts, bytes) };
}

function decideRetain({ heldBytes, releasable }: TrimFacts, bytes: number): TrimDecision[] {
  let leftBytes = heldBytes;
  return releasable.toSorted(largestFirst).map(({ chunkIndex, byteLength }) => {
    const withoutBytes = leftBytes - byteLength;
    if (withoutBytes < bytes) {
      return keep(chunkIndex, `without it ${withoutBytes} bytes are held, fewer than ${bytes}`);
    }
    leftBytes = withoutBytes;
    return release(chunkIndex, `empty, and ${withoutBytes} bytes stay held`);
  });
}

/** Of two equally long chunks the higher goes first: spans are placed low, so that it is the one needed later. */
export function largestFirst(a: ChunkFacts, b: ChunkFacts): number {
  return b.byteLength - a.byteLength || b.base - a.base;
}
