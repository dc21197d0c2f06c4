/** Policies that say what a test wants said. */
import type { TrimDecision, TrimPolicy } from "@perfloc/trim";

/** A policy that always answers these decisions. */
export function says(...decisions: readonly TrimDecision[]): TrimPolicy {
  return { name: "says", decide: () => decisions };
}

/** Three decisions about the first chunk; the reason tells them apart. */
export function goes(reason: string, dueAt?: number): TrimDecision {
  return { chunkIndex: 0, action: "release", dueAt, reason };
}

export function waits(reason: string, dueAt?: number): TrimDecision {
  return { chunkIndex: 0, action: "wait", dueAt, reason };
}

export function stays(reason: string, dueAt?: number): TrimDecision {
  return { chunkIndex: 0, action: "keep", dueAt, reason };
}
