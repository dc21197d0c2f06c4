/** Policies made of policies: each has its own state, and their decisions about a chunk become one. */
import type { TrimFacts } from "../trim-facts.js";
import { type TrimDecision, type TrimPolicy, keep } from "../trim-policy.js";
import { refuse } from "./options.js";

type Merge = (decisions: readonly TrimDecision[]) => TrimDecision;

/**
 * Releases a chunk when all of the policies would, and at the latest of their due times. For guards and floors:
 * `allOf(decay(), thrashGuard(), retain({ bytes }))`.
 * @throws InvalidOptionError `PERFLOC_TRIM_INVALID_OPTION` without a policy
 * @public
 */
export function allOf(...policies: readonly TrimPolicy[]): TrimPolicy {
  return compose("allOf", policies, (decisions) => {
    const kept = decisions.filter(({ action }) => action === "keep");
    const candidates = kept.length > 0 ? kept : decisions;
    // Of those that keep the one that looks again first, of the others the one that lets go last.
    return candidates.reduce((a, b) => (isLater(b, a) ? b : a));
  });
}

/**
 * Releases a chunk when any of the policies would, at the earliest of their due times. For limits:
 * `anyOf(decay(), limit({ soft }))`.
 * @throws InvalidOptionError `PERFLOC_TRIM_INVALID_OPTION` without a policy
 * @public
 */
export function anyOf(...policies: readonly TrimPolicy[]): TrimPolicy {
  return compose("anyOf", policies, (decisions) =>
    decisions.reduce((a, b) => (isSooner(b, a) ? b : a)),
  );
}

function compose(word: string, policies: readonly TrimPolicy[], merge: Merge): TrimPolicy {
  if (policies.length === 0) refuse("policies", policies, "there must be at least one");
  for (const policy of policies as readonly (Partial<TrimPolicy> | null | undefined)[]) {
    if (typeof policy?.decide !== "function")
      refuse("policy", policy, "it must be a policy, such as immediate()");
  }
  const hardLimits = policies.flatMap(({ hardLimitBytes }) => hardLimitBytes ?? []);
  return {
    name: `${word}(${policies.map(({ name }) => name).join(", ")})`,
    hardLimitBytes: hardLimits.length === 0 ? undefined : Math.min(...hardLimits),
    initialState: policies.map(({ initialState }) => initialState),
    observe: (state, facts) =>
      policies.map((policy, at) =>
        policy.observe === undefined ? states(state)[at] : policy.observe(states(state)[at], facts),
      ),
    decide: (facts, state) => {
      const answers = policies.map((policy, at) => byChunk(policy, facts, states(state)[at]));
      return facts.releasable.map(({ chunkIndex }) =>
        merge(
          answers.map(
            (answer, at) =>
              answer.get(chunkIndex) ??
              keep(chunkIndex, `${policies[at]!.name} did not decide about it`),
          ),
        ),
      );
    },
  };
}

/** The states of the parts: what `initialState` and `observe` below made. */
function states(state: unknown): readonly unknown[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nobody else makes states of this policy
  return state as readonly unknown[];
}

function byChunk(
  policy: TrimPolicy,
  facts: TrimFacts,
  state: unknown,
): ReadonlyMap<number, TrimDecision> {
  return new Map(policy.decide(facts, state).map((decision) => [decision.chunkIndex, decision]));
}

/** Whether `a` goes before `b`; of two that keep, whether it is looked at before. */
function isSooner(a: TrimDecision, b: TrimDecision): boolean {
  return goesAt(a) < goesAt(b) || (goesAt(a) === goesAt(b) && looksAt(a) < looksAt(b));
}

/** Whether `a` goes after `b`; of two that keep, whether it is looked at before. */
function isLater(a: TrimDecision, b: TrimDecision): boolean {
  return goesAt(a) > goesAt(b) || (goesAt(a) === goesAt(b) && looksAt(a) < looksAt(b));
}

/** When a chunk goes, on one scale: at once, at a time, never. */
function goesAt({ action, dueAt }: TrimDecision): number {
  if (action === "release") return -Infinity;
  return action === "wait" ? (dueAt ?? Infinity) : Infinity;
}

/** When a kept chunk is looked at again; for the others never, so that only kept ones are compared by it. */
function looksAt({ action, dueAt }: TrimDecision): number {
  return action === "keep" ? (dueAt ?? Infinity) : Infinity;
}
