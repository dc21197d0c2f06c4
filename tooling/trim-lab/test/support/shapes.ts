/** Demands for tests. */
import * as fc from "fast-check";
import type { DemandShape } from "../../src/demand-shape.js";

const KIB = 1024;

/** Demand that is what the list says, a tick of 50 ms each unless told otherwise, and its last entry for good. */
export function listed(bytes: readonly number[], tickMs = 50, ticks = bytes.length): DemandShape {
  return {
    name: "listed",
    summary: "listed",
    kind: "ordinary",
    durationMs: ticks * tickMs,
    peakBytes: Math.max(1, ...bytes),
    start: () => (ms) => ({ bytes: bytes[Math.floor(ms / tickMs)] ?? bytes.at(-1)! }),
  };
}

/** Stays of up to 20 s at heights of up to 2 MiB, which are six chunks: some around the ends of chunks, where it hurts. */
export function anyDemand(): fc.Arbitrary<DemandShape> {
  const height = fc.oneof(
    fc.integer({ min: 0, max: 2048 * KIB }),
    fc
      .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: -2, max: 2 }))
      .map(([levels, pages]) => 32 * KIB * (2 ** levels - 1) + 4 * KIB * pages),
  );
  const stay = fc.tuple(height, fc.integer({ min: 1, max: 80 }));
  return fc.array(stay, { minLength: 1, maxLength: 40 }).map((stays) =>
    listed(
      stays.flatMap(([bytes, ticks]) => Array.from({ length: ticks }, () => bytes)),
      250,
    ),
  );
}
