/** Memory pressure: when the system runs short, nothing empty is kept. */
import { availableMemory } from "./host.js";
import { checkBytes, checkOptions, refuse } from "./policies/options.js";

/**
 * When memory counts as short.
 * @public
 */
export interface MemoryPressure {
  /** It is short while fewer bytes are available: 0 to 2^32. Default 256 MiB. */
  readonly belowBytes?: number | undefined;
  /** Tells how many bytes are available; undefined when nobody knows. Default `process.availableMemory`, where it is there. */
  readonly availableBytes?: (() => number | undefined) | undefined;
}

const DEFAULT_BELOW_BYTES = 256 * 1024 * 1024;

/** Makes the question "is memory short?"; undefined when nobody asks it. */
export function pressureTest(pressure: MemoryPressure | undefined): (() => boolean) | undefined {
  if (pressure === undefined) return undefined;
  checkOptions(pressure, "pressure");
  const { belowBytes = DEFAULT_BELOW_BYTES, availableBytes = availableMemory } = pressure;
  checkBytes("belowBytes", belowBytes, 0);
  if (typeof availableBytes !== "function")
    refuse("availableBytes", availableBytes, "it must be a function that returns bytes");
  return () => (availableBytes() ?? Infinity) < belowBytes;
}
