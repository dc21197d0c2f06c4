/**
 * The plan: what a trim would do with each held top chunk, when, and why.
 *
 *   in use, or from a source that cannot give back ──► blocked      mechanism: no policy can overrule it
 *   else what the policy decides                   ──► keep, or release at a time
 *   a release that the pace leaves no room for     ──► scheduled, as one whose time has not come
 *
 *   heldBytes = releasedBytes + scheduledBytes + keptBytes + blockedBytes     every held chunk has exactly one action
 */
import { largestFirst } from "./policies/retain.js";
import type { ReleasePace } from "./release-pace.js";
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
  /** `scheduled`: it goes at `dueAt`, unless it is needed before. `blocked`: it cannot go, whatever the policy says. */
  readonly action: "release" | "scheduled" | "keep" | "blocked";
  /**
   * When, in the clock's milliseconds: the time of the plan for `release`. For `keep` the time at which the policy looks again,
   * Infinity for never, as for `blocked`.
   */
  readonly dueAt: number;
  /** Why, for people: one clause. */
  readonly reason: string;
}

/**
 * What a trim would do. `heldBytes = releasedBytes + scheduledBytes + keptBytes + blockedBytes`.
 * @public
 */
export interface TrimPlan {
  /** Name of the policy that decided. */
  readonly policy: string;
  /** The clock's time, in milliseconds. */
  readonly now: number;
  /** Bytes held when the plan was made. */
  readonly heldBytes: number;
  /** Bytes in chunks that go back now. */
  readonly releasedBytes: number;
  /** Bytes in chunks that go back later, if nothing happens before. */
  readonly scheduledBytes: number;
  /** Bytes in chunks that could go and that the policy keeps. */
  readonly keptBytes: number;
  /** Bytes in chunks that cannot go now. */
  readonly blockedBytes: number;
  /** When the first chunk is due or looked at again, in the clock's milliseconds; Infinity when nothing is. */
  readonly nextDueAt: number;
  /** One entry for each held chunk, in the order of `heap.arena.chunks`. */
  readonly actions: readonly TrimAction[];
}

/** What a plan is made from. */
export interface Planning {
  readonly facts: TrimFacts;
  readonly policy: TrimPolicy;
  /** The policy's, after it has observed the facts. */
  readonly state: unknown;
  readonly pace: ReleasePace;
  /** No more than this goes now, but at least one chunk. */
  readonly stepBytes: number;
  /** Tells, for people, who uses a chunk. */
  readonly nameUsers: (chunkIndex: number) => string;
}

/** Pure as long as the policy is. O(top chunks), plus what the policy takes. */
export function planTrim(planning: Planning): TrimPlan {
  const { facts, policy } = planning;
  const wanted = new Map<number, TrimAction>();
  for (const decision of policy.decide(facts, planning.state)) {
    const chunk = facts.releasable.find(({ chunkIndex }) => chunkIndex === decision.chunkIndex);
    if (chunk !== undefined) wanted.set(chunk.chunkIndex, wantedAction(chunk, decision, facts.now));
  }
  holdBack(wanted, planning);
  const sums = { release: 0, scheduled: 0, keep: 0, blocked: 0 };
  let nextDueAt = Infinity;
  const actions = facts.chunks.map((chunk) => {
    const action =
      blockedAction(chunk, planning) ?? wanted.get(chunk.chunkIndex) ?? undecided(chunk, policy);
    sums[action.action] += chunk.byteLength;
    if (action.action !== "release" && action.dueAt < nextDueAt) nextDueAt = action.dueAt;
    return action;
  });
  return {
    policy: policy.name,
    now: facts.now,
    heldBytes: facts.heldBytes,
    releasedBytes: sums.release,
    scheduledBytes: sums.scheduled,
    keptBytes: sums.keep,
    blockedBytes: sums.blocked,
    nextDueAt,
    actions,
  };
}

/** The order in which chunks go: what makes the most difference first. */
export function inReleaseOrder(plan: TrimPlan, { chunks }: TrimFacts): readonly ChunkFacts[] {
  const going = new Set<number>();
  for (const { chunkIndex, action } of plan.actions)
    if (action === "release") going.add(chunkIndex);
  return chunks.filter(({ chunkIndex }) => going.has(chunkIndex)).toSorted(largestFirst);
}

/** Turns releases that the pace or the step leaves no room for into scheduled ones. */
function holdBack(wanted: Map<number, TrimAction>, { facts, pace, stepBytes }: Planning): void {
  const { now } = facts;
  let releasedBytes = 0;
  let heldBackBytes = 0;
  for (const { chunkIndex, byteLength } of facts.releasable.toSorted(largestFirst)) {
    const action = wanted.get(chunkIndex);
    if (action?.action !== "release") continue;
    const isOverStep = releasedBytes > 0 && releasedBytes + byteLength > stepBytes;
    const dueAt = pace.nextAt(now, releasedBytes + heldBackBytes);
    if (!isOverStep && heldBackBytes === 0 && dueAt <= now) releasedBytes += byteLength;
    else {
      heldBackBytes += byteLength;
      const reason = `${action.reason}; held back: ${isOverStep ? "one step" : "the pace"} allows no more now`;
      wanted.set(chunkIndex, { ...action, action: "scheduled", dueAt, reason });
    }
  }
}

/** Takes a decision as somebody's own policy may have made it: what is no action keeps, what is due goes. */
function wantedAction(
  { chunkIndex, byteLength }: ChunkFacts,
  { action, dueAt = Infinity, reason }: TrimDecision,
  now: number,
): TrimAction {
  const chunk = { chunkIndex, byteLength, reason };
  if (action === "release" || (action === "wait" && dueAt <= now))
    return { ...chunk, action: "release", dueAt: now };
  if (action === "wait" && dueAt < Infinity) return { ...chunk, action: "scheduled", dueAt };
  return { ...chunk, action: "keep", dueAt: dueAt > now ? dueAt : Infinity };
}

function blockedAction(
  { chunkIndex, byteLength, usedBytes }: ChunkFacts,
  { facts, nameUsers }: Planning,
): TrimAction | undefined {
  if (usedBytes === 0 && facts.canRelease) return undefined;
  const reason =
    usedBytes > 0
      ? `${usedBytes} bytes of it are in use${nameUsers(chunkIndex)}`
      : `the ${facts.sourceName} source cannot give memory back`;
  return { chunkIndex, byteLength, action: "blocked", dueAt: Infinity, reason };
}

function undecided({ chunkIndex, byteLength }: ChunkFacts, { name }: TrimPolicy): TrimAction {
  const reason = `${name} did not decide about it`;
  return { chunkIndex, byteLength, action: "keep", dueAt: Infinity, reason };
}
