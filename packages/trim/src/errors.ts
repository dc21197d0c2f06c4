/** Errors of this layer. */
import { PerflocError } from "@perfloc/context";

/**
 * A trim was asked for inside a trim: by a source's `release`, or by a clock.
 * @public
 */
export class TrimInProgressError extends PerflocError {
  constructor() {
    super(
      "PERFLOC_TRIM_IN_PROGRESS",
      "cannot trim: a trim of this trimmer is running",
      "Let the running trim end; it does all that is due.",
    );
  }
}
