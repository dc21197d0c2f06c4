/** Enough for the peak of the last seconds: the classic rule, and the optimal timer for each chunk. */
import { type TrimFacts, capacitiesBelow } from "../trim-facts.js";
import { type TrimDecision, type TrimPolicy, keepForDemand, releaseAt } from "../trim-policy.js";
import { type DemandWindow, NO_DEMAND, fallsBelowAt, observeDemand } from "./demand.js";
import { checkFraction, checkMs, checkOptions } from "./options.js";

/** Ten seconds: the decay time of jemalloc, and the break-even time of DESIGN's prices for memory and page faults. */
const DEFAULT_WINDOW_MS = 10_000;

const DEFAULT_HEADROOM = 0.1;

/**
 * What {@link peakWindow} looks at.
 * @public
 */
export interface PeakWindowOptions {
  /** How long a peak counts, in milliseconds: 1 to 2^31 - 1. Default 10,000. */
  readonly windowMs?: number | undefined;
  /** How much more than the peak is kept, as a part of it: 0 to 16. Default 0.1. */
  readonly headroom?: number | undefined;
}

/**
 * Keeps what the highest demand of the last `windowMs` needed, and `headroom` more; releases the empty chunks above.
 *
 * A chunk goes `windowMs` after it was last needed. When that is how long holding it costs as much as taking it again, it
 * never costs more than twice the optimum.
 * @throws InvalidOptionError `PERFLOC_TRIM_INVALID_OPTION`
 * @public
 */
export function peakWindow(options: PeakWindowOptions = {}): TrimPolicy {
  checkOptions(options);
  const { windowMs = DEFAULT_WINDOW_MS, headroom = DEFAULT_HEADROOM } = options;
  checkMs("windowMs", windowMs, 1);
  checkFraction("headroom", headroom, 0, 16);
  const policy: TrimPolicy<DemandWindow> = {
    name: `peakWindow({ windowMs: ${windowMs}, headroom: ${headroom} })`,
    initialState: NO_DEMAND,
    observe: (state, facts) => observeDemand(state, facts, windowMs),
    decide: (facts, state) => decideByPeak(facts, state, windowMs, 1 + headroom),
  };
  return policy;
}

function decideByPeak(
  facts: TrimFacts,
  demand: DemandWindow,
  windowMs: number,
  factor: number,
): TrimDecision[] {
  const below = capacitiesBelow(facts.chunks);
  return facts.releasable.map(({ chunkIndex }) => {
    const capacity = below.get(chunkIndex)!;
    const dueAt = fallsBelowAt(demand, capacity / factor, windowMs);
    if (dueAt === Infinity) {
      const reason = `the ${capacity} bytes below it leave too little room above demand`;
      return keepForDemand(chunkIndex, facts, reason);
    }
    const reason = `not needed for ${windowMs} ms: ${capacity} bytes below it are enough for the peak`;
    return releaseAt(chunkIndex, dueAt, facts, reason);
  });
}
