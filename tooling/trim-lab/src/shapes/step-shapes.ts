/** Traffic in steps, and the three tests of TCMalloc's huge page cache (Spikes, Dips, Shrink in huge_cache_test.cc). */
import { type DemandShape, type Scale, ordinary } from "../demand-shape.js";
import { ladderFor } from "../ladder.js";

const SECOND = 1000;
const STEPS = 8;
const STEP_MS = 30 * SECOND;
const RARE_MS = 120 * SECOND;

export function stepShapes(scale: Scale): readonly DemandShape[] {
  const { peakBytes } = scale;
  return [
    ordinary(scale, "staircase-up", "8 steps up, one in 30 s", STEPS * STEP_MS, (ms) => {
      return (peakBytes * (Math.floor(ms / STEP_MS) + 1)) / STEPS;
    }),
    ordinary(scale, "staircase-down", "8 steps down, one in 30 s", (STEPS + 2) * STEP_MS, (ms) => {
      return (peakBytes * (STEPS - Math.floor(ms / STEP_MS))) / STEPS;
    }),
    ordinary(scale, "tc-spikes", "an eighth, and the peak for 1 s in 120", 5 * RARE_MS, (ms) =>
      isRare(ms) ? peakBytes : (peakBytes / STEPS) * (1 + 0.05 * wave(ms)),
    ),
    ordinary(scale, "tc-dips", "the peak, and an eighth for 1 s in 120", 5 * RARE_MS, (ms) =>
      isRare(ms) ? peakBytes / STEPS : peakBytes * (0.97 + 0.02 * wave(ms)),
    ),
    ordinary(scale, "tc-shrink", "100 s near the peak, then a fiftieth", 400 * SECOND, (ms) =>
      ms < 100 * SECOND
        ? peakBytes * (0.9 + 0.1 * wave(ms))
        : (peakBytes / 50) * (1 + 0.5 * wave(ms)),
    ),
    tremble(scale),
  ];
}

/** TCMalloc's rare second. */
function isRare(ms: number): boolean {
  return (ms + 100 * SECOND) % RARE_MS < SECOND;
}

/** What never quite rests: from -1 to 1, every 4.4 s. */
function wave(ms: number): number {
  return Math.sin(ms / 700);
}

function tremble(scale: Scale): DemandShape {
  const top = ladderFor(scale.peakBytes).at(-1)!;
  const summary = "a page more and a page less than fits below the top chunk, once a second";
  return ordinary(scale, "tremble", summary, 300 * SECOND, (ms) =>
    ms % SECOND < SECOND / 2 ? top.base + 4096 : top.base - 4096,
  );
}
