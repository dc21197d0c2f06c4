/** Timing of repeated passes over the same work, as `native/passes.h` does it for the programs in C. */
import { peakRssBytes } from "../peak-rss-bytes.js";
import type { ProcessReport } from "../process-report.js";

/**
 * Passes that are not counted, at least this many and for at least this long: V8 compiles the replay on a thread of its own,
 * which a busy machine delays. Less, and the first counted passes are those of half-compiled code.
 */
const WARM_UP_PASSES = 3;
const WARM_UP_MS = 400;

/**
 * Steps of a piece of work in the warm-up: a multiple of a trace's record length. So few that V8 compiles the function as it is called. In
 * pieces of 4096 it replaced the loop while it ran, in 5 of 8 processes and for good: 10.8 ns instead of 6.6 for an operation of the perl
 * trace. In pieces of 64, in none of 30.
 */
const STEPS_PER_PIECE = 64;

const NS_PER_MS = 1e6;

/** What is done again and again. */
export interface Work {
  /** Operations of one run. */
  readonly operations: number;
  /** How many make one pass: 1, or more for work so short that reading the clock would show. */
  readonly runsPerPass: number;
  /**
   * Steps of a run whose loop is long. The warm-up does such a run in pieces: V8 then compiles the function as it is called,
   * with the constants that it closes over. Called for one long loop only, it is replaced while it runs, and on Node 22 and 24
   * that code loads each constant anew: 15.8 ns instead of 12.4 for an operation of the PostgreSQL trace.
   */
  readonly steps?: number;
  /**
   * What the clock sees: the steps in this range, all of them by default. Gives their checksum, the same one every time, on top
   * of the sum of the steps before: it outgrows small integers, which V8 should learn in the warm-up and not in a counted pass.
   */
  run(from?: number, to?: number, sumBefore?: number): number;
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
    checksum = finishPass(work, runInPieces(work));
  }
  return checksum;
}

/** @returns the whole checksum */
function finishPass(work: Work, sum: number): number {
  const checksum = sum + (work.readBack?.() ?? 0);
  work.cleanUp();
  return checksum;
}

function runInPieces(work: Work): number {
  const { steps } = work;
  if (steps === undefined) return runOnePass(work);
  let checksum = 0;
  for (let from = 0; from < steps; from += STEPS_PER_PIECE) {
    checksum = work.run(from, Math.min(steps, from + STEPS_PER_PIECE), checksum);
  }
  return checksum;
}

function runOnePass(work: Work): number {
  const { runsPerPass, steps } = work;
  let checksum = 0;
  // The range is said also when it is all: a default that is evaluated for the first time here would cost the compiled code.
  for (let run = 0; run < runsPerPass; run++) checksum = work.run(0, steps, 0);
  return checksum;
}
