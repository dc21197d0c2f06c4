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
  peakWindow,
  retain,
  threshold,
  thrashGuard,
} from "@perfloc/trim";
import { patientDecay } from "./candidates/patient-decay.js";
import type { Scale } from "./demand-shape.js";

export interface Contestant {
  /** Short, for the head of a column. */
  readonly name: string;
  readonly policy: TrimPolicy;
}

/** What `defaultPolicy()` keeps, whatever is empty: one first top chunk. */
const FLOOR_BYTES = 32 * 1024;

/** Makes every policy anew. */
export function contestants({ peakBytes }: Scale): readonly Contestant[] {
  return [
    contestant("keepAll", keepAll()),
    contestant("immediate", immediate()),
    contestant("retain", retain({ bytes: Math.floor(peakBytes / 8) })),
    contestant("window", peakWindow()),
    contestant("smooth", decay({ curve: "smootherstep", horizonMs: 13_000 })),
    contestant("exp", decay({ curve: "exponential", horizonMs: 10_000 })),
    contestant("threshold", threshold()),
    contestant("guard", thrashGuard()),
    contestant("window+guard", allOf(peakWindow(), thrashGuard())),
    contestant("default+limit", anyOf(defaultPolicy(), limit({ soft: Math.floor(peakBytes / 2) }))),
    contestant("default", defaultPolicy()),
    contestant("patient", candidate()),
  ];
}

/** What the default could be: its guard and floor, around decay that learns. */
export function candidate(): TrimPolicy {
  return allOf(patientDecay(), thrashGuard(), retain({ bytes: FLOOR_BYTES }));
}

function contestant(name: string, policy: TrimPolicy): Contestant {
  return { name, policy };
}
