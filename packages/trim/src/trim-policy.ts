/** The shape of a policy: pure functions over facts. Mechanism (what may go at all) is not its business. */
import type { TrimFacts } from "./trim-facts.js";

/**
 * What a policy wants done with one releasable top chunk: `release` it now, `wait` until `dueAt`, or `keep` it for as long
 * as the facts stay as they are.
 * @public
 */
export interface TrimDecision {
  /** Position in `heap.arena.chunks`. */
  readonly chunkIndex: number;
  /** What becomes of it. */
  readonly action: "release" | "wait" | "keep";
  /**
   * For `wait`: when it goes, unless it is needed before. For `keep`: when the policy wants to see facts again, because what it
   * rests on can change without anybody telling; default never. In the clock's milliseconds.
   */
  readonly dueAt?: number | undefined;
  /** Why, for people: one clause. */
  readonly reason: string;
}

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

/** How soon demand is looked at again, in milliseconds: it falls without ringing. */
const LOOK_AGAIN_MS = 1000;

/** The chunk stays because of demand, which can fall without anybody telling. */
export function keepForDemand(chunkIndex: number, facts: TrimFacts, reason: string): TrimDecision {
  return { chunkIndex, action: "keep", dueAt: facts.now + LOOK_AGAIN_MS, reason };
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
