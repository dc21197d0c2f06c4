/** The two policies without a question: their costs are the ends between which every other one lies. */
import { type TrimPolicy, keep, release } from "../trim-policy.js";

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
