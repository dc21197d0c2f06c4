/**
 * The plan: what a trim would do with each held top chunk, and why.
 *
 *   in use, or from a source that cannot give back ──► blocked     mechanism: no policy can overrule it
 *   else what the policy decides                   ──► release or keep
 *
 *   heldBytes = releasedBytes + keptBytes + blockedBytes            every held chunk has exactly one action
 */
import type { ChunkFacts, TrimFacts } from "./trim-facts.js";
import type { TrimDecision, TrimPolicy } from "./trim-policy.js";

/**
 * What happens to one held top chunk.
 * @public
 */
export interface TrimAction {
  /** Position in `heap.arena.chunks`. */
  readonly chunkIndex: number;
  /** Its length in bytes. */
  readonly byteLength: number;
  /** `blocked`: it cannot go now, whatever the policy says. */
  readonly action: "release" | "keep" | "blocked";
  /** Why, for people: one clause. */
  readonly reason: string;
}

/**
 * What a trim would do. `heldBytes = releasedBytes + keptBytes + blockedBytes`.
 * @public
 */
export interface TrimPlan {
  /** Name of the policy that decided. */
  readonly policy: string;
  /** Bytes held when the plan was made. */
  readonly heldBytes: number;
  /** Bytes in chunks that go back. */
  readonly releasedBytes: number;
  /** Bytes in chunks that could go and that the policy keeps. */
  readonly keptBytes: number;
  /** Bytes in chunks that cannot go now. */
  readonly blockedBytes: number;
  /** One entry for each held chunk, in the order of `heap.arena.chunks`. */
  readonly actions: readonly TrimAction[];
}

/** Pure as long as the policy is. O(top chunks), plus what the policy takes. */
export function planTrim(facts: TrimFacts, policy: TrimPolicy): TrimPlan {
  const decisions = new Map<number, TrimDecision>();
  for (const decision of policy.decide(facts)) decisions.set(decision.chunkIndex, decision);
  const sums = { release: 0, keep: 0, blocked: 0 };
  const actions = facts.chunks.map((chunk) => {
    const action = actionFor(chunk, facts, policy, decisions.get(chunk.chunkIndex));
    sums[action.action] += chunk.byteLength;
    return action;
  });
  return {
    policy: policy.name,
    heldBytes: facts.heldBytes,
    releasedBytes: sums.release,
    keptBytes: sums.keep,
    blockedBytes: sums.blocked,
    actions,
  };
}

function actionFor(
  { chunkIndex, byteLength, usedBytes }: ChunkFacts,
  { canRelease, sourceName }: TrimFacts,
  policy: TrimPolicy,
  decision: TrimDecision | undefined,
): TrimAction {
  const blockedBy =
    usedBytes > 0
      ? `${usedBytes} bytes of it are in use`
      : canRelease
        ? undefined
        : `the ${sourceName} source cannot give memory back`;
  if (blockedBy !== undefined) {
    return { chunkIndex, byteLength, action: "blocked", reason: blockedBy };
  }
  const { action, reason } = decision ?? {
    action: "keep",
    reason: `${policy.name} did not decide about it`,
  };
  return { chunkIndex, byteLength, action, reason };
}
