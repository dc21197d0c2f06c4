/** How many operations the model tests make, from which seed: the same words for each of the files. */
import type { CheckLevel } from "@perfloc/context";
import { type ProgramProfile, runProgram } from "./random-program.js";

/** Operations of all model test files of this package together, unless PERFLOC_MODEL_OPS says otherwise. */
const DEFAULT_OPERATIONS = 2_000_000;

export const CHECK_LEVELS: readonly CheckLevel[] = ["check", "off", "debug", "sample"];

/** This part's share of the operations to make, in whole operations. */
export function operationsFor(share: number): number {
  const total = Number(process.env["PERFLOC_MODEL_OPS"] ?? DEFAULT_OPERATIONS);
  return Math.ceil(total * share);
}

/** A new seed for each run, so that the runs cover more and more; or the one to be run again. */
function firstSeed(): number {
  const given = process.env["PERFLOC_SEED"];
  return given === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(given);
}

/** Programs with seed, seed + 1, ... at each check level in turn, until the operations are made; answers how many were. */
export function runPrograms(title: string, profile: ProgramProfile, share: number): number {
  const seed = firstSeed();
  const wanted = operationsFor(share);
  let made = 0;
  for (let program = 0; made < wanted; program++) {
    const check = CHECK_LEVELS[program % CHECK_LEVELS.length]!;
    made += runProgram(profile, check, seed + (program >>> 2));
  }
  console.log(`C90 ${title}: ${made} operations against the model, seed ${seed}`);
  return made;
}
