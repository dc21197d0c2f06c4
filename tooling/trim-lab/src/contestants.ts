/** The policies that are compared. */
import {
  type TrimPolicy,
  allOf,
  anyOf,
  decay,
  defaultPolicy,
  immediate,
  keepAll,
  limit,
  patientDecay,
  peakWindow,
  retain,
  threshold,
  thrashGuard,
} from "@perfloc/trim";
import type { Scale } from "./demand-shape.js";

export interface Contestant {
  /** Short, for the head of a column. */
  readonly name: string;
  readonly policy: TrimPolicy;
}

/** Makes every policy anew. */
export function contestants({ peakBytes }: Scale): readonly Contestant[] {
  return [
    contestant("keepAll", keepAll()),
    contestant("immediate", immediate()),
    contestant("retain", retain({ bytes: Math.floor(peakBytes / 8) })),
    contestant("window", peakWindow()),
    contestant("smooth", decay({ curve: "smootherstep", horizonMs: 13_000 })),
    contestant("exp", decay({ curve: "exponential", horizonMs: 10_000 })),
    contestant("patient", patientDecay()),
    contestant("threshold", threshold()),
    contestant("guard", thrashGuard()),
    contestant("window+guard", allOf(peakWindow(), thrashGuard())),
    contestant("default+limit", anyOf(defaultPolicy(), limit({ soft: Math.floor(peakBytes / 2) }))),
    contestant("default", defaultPolicy()),
  ];
}

function contestant(name: string, policy: TrimPolicy): Contestant {
  return { name, policy };
}
