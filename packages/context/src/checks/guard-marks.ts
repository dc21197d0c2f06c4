/** The marks of guarded objects: both bits, so that no hot path of the plain kinds takes them. See marks.ts. */
import type { Address } from "@perfloc/arena";
import { CLASS_MASK, GUARDED, LIVE } from "../marks.js";
import type { ProcessChunk } from "../process-chunk.js";

/** Marks a live object as guarded. */
export function setGuardMark({ marks, topBase }: ProcessChunk, address: Address): void {
  const granule = (address - topBase) >>> 3;
  marks[granule] = marks[granule]! | GUARDED;
}

/** Marks a guarded object as a plain one, which it is from now on. */
export function clearGuardMark({ marks, topBase }: ProcessChunk, address: Address): void {
  const granule = (address - topBase) >>> 3;
  marks[granule] = LIVE | (marks[granule]! & CLASS_MASK);
}
