/** The shape of a policy: a pure function from facts to decisions. Mechanism (what may go at all) is not its business. */
import type { TrimFacts } from "./trim-facts.js";

/**
 * What a policy wants done with one releasable top chunk.
 * @public
 */
export interface TrimDecision {
  /** Position in `heap.arena.chunks`. */
  readonly chunkIndex: number;
  /** Whether the chunk goes back to the OS. */
  readonly action: "release" | "keep";
  /** Why, for people: one clause. */
  readonly reason: string;
}

/**
 * Decides which of the releasable top chunks go back.
 *
 * `decide` is pure: the same facts give the same decisions, and it neither allocates nor frees. A decision about a chunk
 * that is not in `facts.releasable` has no effect, and a releasable chunk without a decision is kept.
 * @public
 */
export interface TrimPolicy {
  /** Short name for reports, as the policy is written: `immediate()`. */
  readonly name: string;
  /** Answers one decision for each chunk of `facts.releasable`, in any order. */
  decide(facts: TrimFacts): readonly TrimDecision[];
}
