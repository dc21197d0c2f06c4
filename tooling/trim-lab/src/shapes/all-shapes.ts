/** Every shape of traffic that the lab knows. */
import type { DemandShape, Scale } from "../demand-shape.js";
import { ladderFor } from "../ladder.js";
import { adversaries } from "./adversaries.js";
import { burstShapes } from "./burst-shapes.js";
import { periodicShapes } from "./periodic-shapes.js";
import { stepShapes } from "./step-shapes.js";

const MIB = 1024 * 1024;

export function allShapes(scale: Scale): readonly DemandShape[] {
  return [
    ...periodicShapes(scale),
    ...burstShapes(scale),
    ...stepShapes(scale),
    ...adversaries(scale),
  ];
}

/** 512 MB is the peak of the guide: sixteen chunks of the cap. At 24 MB the highest chunk is half of everything. */
export const SCALES: readonly Scale[] = [scaleOf(512), scaleOf(24)];

function scaleOf(mebibytes: number): Scale {
  // What the ladder holds below 512 MiB: a peak of just that would take one more chunk of 32 MiB for the last 32 KiB.
  const peakBytes = mebibytes * MIB - ladderFor(1)[0]!.byteLength;
  return { name: `${mebibytes} MiB`, peakBytes, lowBytes: (mebibytes / 256) * MIB };
}
