/** The policies that need no history: what they answer follows from the chunks of this moment alone. */
import { InvalidSizeError } from "@perfloc/context";
import type { ChunkFacts, TrimFacts } from "./trim-facts.js";
import type { TrimDecision, TrimPolicy } from "./trim-policy.js";

/** Most bytes that an arena can hold: its address space. */
const MAX_RETAINED_BYTES = 2 ** 32;

/**
 * Keeps every top chunk: what was held once stays held. For measuring, and for programs whose next peak is certain.
 * @public
 */
export function keepAll(): TrimPolicy {
  return {
    name: "keepAll()",
    decide: ({ releasable }) =>
      releasable.map(({ chunkIndex }) => keep(chunkIndex, "keepAll() keeps every chunk")),
  };
}

/**
 * Releases every empty top chunk. The least memory at rest; the next peak pays for taking it from the OS again.
 * @public
 */
export function immediate(): TrimPolicy {
  return {
    name: "immediate()",
    decide: ({ releasable }) => releasable.map(({ chunkIndex }) => release(chunkIndex, "empty")),
  };
}

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
  const { bytes } = options;
  if (!Number.isInteger(bytes) || bytes < 0 || bytes > MAX_RETAINED_BYTES) {
    throw new InvalidSizeError(
      "PERFLOC_TRIM_INVALID_OPTION",
      "bytes",
      bytes,
      0,
      MAX_RETAINED_BYTES,
    );
  }
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
function largestFirst(a: ChunkFacts, b: ChunkFacts): number {
  return b.byteLength - a.byteLength || b.base - a.base;
}

function keep(chunkIndex: number, reason: string): TrimDecision {
  return { chunkIndex, action: "keep", reason };
}

function release(chunkIndex: number, reason: string): TrimDecision {
  return { chunkIndex, action: "release", reason };
}
