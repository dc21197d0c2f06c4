/** The shape of a policy: pure functions over facts. Mechanism (what may go at all) is not its business. */
import type { TrimFacts } from "./trim-facts.js";

/**
 * What a policy wants done with one releasable top chunk: `release` it now, `wait` until `dueAt`, or `keep` it for as long
 * as the facts stay as they are.
 * @public
 */
export type TrimDecision =
  | {
      /** Position in `heap.arena.chunks`. */
      readonly chunkIndex: number;
      /** Whether the chunk goes back to the OS. */
      readonly action: "release" | "keep";
      /** Why, for people: one clause. */
      readonly reason: string;
    }
  | {
      /** Position in `heap.arena.chunks`. */
      readonly chunkIndex: number;
      /** It goes later, or is judged again later, unless it is needed before. */
      readonly action: "wait";
      /** When that is, in the clock's milliseconds: later than `facts.now`. */
      readonly dueAt: number;
      /** Why, for people: one clause. */
      readonly reason: string;
    };

/**
 * Decides which of the releasable top chunks go back, and when.
 *
 * All of it is pure: the same facts and state give the same answer, nothing is changed, allocated or freed. So the same
 * policy runs live and in a simulation. A policy that needs no past leaves `initialState` and `observe` out.
 * @public
 */
export interface TrimPolicy<State = unknown> {
  /** Short name for reports, as the policy is written: `immediate()`. */
  readonly name: string;
  /** What it remembers before it has seen anything. */
  readonly initialState?: State;
  /** Bytes that the arena may hold at most; the trimmer sets it with `arena.setLimit`. */
  readonly hardLimitBytes?: number | undefined;
  /**
   * Answers what to remember now that these facts were seen. Called before `decide`, with the same facts. It answers
   * `state` itself when there is nothing new to remember.
   */
  observe?(state: State, facts: TrimFacts): State;
  /**
   * Answers one decision for each chunk of `facts.releasable`, in any order. A decision about another chunk has no effect,
   * and a releasable chunk without one is kept.
   */
  decide(facts: TrimFacts, state: State): readonly TrimDecision[];
}

/** The chunk stays as long as the facts stay as they are. */
export function keep(chunkIndex: number, reason: string): TrimDecision {
  return { chunkIndex, action: "keep", reason };
}

/**
 * The chunk stays because of demand, which can fall without anybody telling: the policy wants to see facts again after `ms`.
 */
export function lookAgain(
  chunkIndex: number,
  facts: TrimFacts,
  ms: number,
  reason: string,
): TrimDecision {
  return { chunkIndex, action: "wait", dueAt: facts.now + ms, reason };
}

/** The chunk goes now. */
export function release(chunkIndex: number, reason: string): TrimDecision {
  return { chunkIndex, action: "release", reason };
}

/** The chunk goes at `dueAt`, or now when that has come. */
export function releaseAt(
  chunkIndex: number,
  dueAt: number,
  facts: TrimFacts,
  reason: string,
): TrimDecision {
  if (dueAt <= facts.now) return { chunkIndex, action: "release", reason };
  return { chunkIndex, action: "wait", dueAt, reason };
}
