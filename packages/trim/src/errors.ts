/** Errors of this layer. */
import { PerflocError } from "@perfloc/context";

/**
 * A trim was asked for inside a trim: by a source's `release`, by a policy, or by what tells the memory pressure.
 * @public
 */
export class TrimInProgressError extends PerflocError {
  constructor() {
    super(
      "PERFLOC_TRIM_IN_PROGRESS",
      "cannot trim: a trim of this trimmer is running",
      "Let the running trim end, then call trim() again.",
    );
  }
}
