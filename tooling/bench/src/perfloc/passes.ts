/** Timing of repeated passes over the same work, as `native/passes.h` does it for the programs in C. */
import { peakRssBytes } from "../peak-rss-bytes.js";
import type { ProcessReport } from "../process-report.js";

/**
 * Passes that are not counted, at least this many and for at least this long: V8 compiles the replay on a thread of its own,
 * which a busy machine delays. Less, and the first counted passes are those of half-compiled code.
 */
const WARM_UP_PASSES = 3;
const WARM_UP_MS = 400;

const NS_PER_MS = 1e6;

/** What is done again and again. */
export interface Work {
  /** Operations of one run. */
  readonly operations: number;
  /** How many make one pass: 1, or more for work so short that reading the clock would show. */
  readonly runsPerPass: number;
  /** What the clock sees. Gives its checksum, the same one every time. */
  run(): number;
  /** Not timed, after each pass: what is read back from the objects that are left. It is added to the checksum. */
  readBack?(): number;
  /** Not timed, after each pass: goes back to how it was before. */
  cleanUp(): void;
}

/** @throws Error when two passes disagree about the checksum: the memory lost a byte */
export function timePasses(work: Work, passCount: number): ProcessReport {
  const checksum = warmUp(work);
  const passes: number[] = [];
  for (let pass = 0; pass < passCount; pass++) {
    const began = performance.now();
    const sum = runOnePass(work);
    const ms = performance.now() - began;
    passes.push((ms * NS_PER_MS) / (work.operations * work.runsPerPass));
    const found = finishPass(work, sum);
    if (found !== checksum) {
      throw new Error(`expected the checksum ${checksum} in pass ${pass}, found ${found}`);
    }
  }
  return {
    passes,
    ops: work.operations,
    checksum,
    peakRssBytes: peakRssBytes(),
  };
}

function warmUp(work: Work): number {
  const end = performance.now() + WARM_UP_MS;
  let checksum = 0;
  for (let pass = 0; pass < WARM_UP_PASSES || performance.now() < end; pass++) {
    checksum = finishPass(work, runOnePass(work));
  }
  return checksum;
}

/** @returns the whole checksum */
function finishPass(work: Work, sum: number): number {
  const checksum = sum + (work.readBack?.() ?? 0);
  work.cleanUp();
  return checksum;
}

function runOnePass(work: Work): number {
  let checksum = 0;
  for (let run = 0; run < work.runsPerPass; run++) checksum = work.run();
  return checksum;
}
