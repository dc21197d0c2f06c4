/** What a trimmer does when it is told nothing else. */
import type { TrimPolicy } from "../trim-policy.js";
import { allOf } from "./compose.js";
import { type PatientDecayOptions, patientDecay } from "./patient-decay.js";
import { retain } from "./retain.js";
import { thrashGuard } from "./thrash-guard.js";

/** One first top chunk: giving that back would save nothing, and the next scope would take it again. */
const FLOOR_BYTES = 32 * 1024;

/**
 * The policy of a trimmer that was given none: empty chunks go within 13 seconds, sooner or later where their past says so;
 * they come back for at most twice what demand rose by; and the first one stays.
 * @throws InvalidSizeError, InvalidOptionError `PERFLOC_TRIM_INVALID_OPTION`
 * @public
 */
export function defaultPolicy(options: PatientDecayOptions = {}): TrimPolicy {
  return allOf(patientDecay(options), thrashGuard(), retain({ bytes: FLOOR_BYTES }));
}
