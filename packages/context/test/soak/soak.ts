/**
 * The soak: one program after the other, each in a heap of its own, each decided by the seed and its number alone.
 *
 *   program  0        1        2      ...
 *   kind     objects  high     marks  ...   in turn
 *   level    check    check    check  ...   another one each time round
 *   seed     S        S + 1    S + 2  ...
 */
import type { CheckLevel } from "@perfloc/context";
import {
  fewTags,
  highAddresses,
  marks,
  marksInLargeHeaps,
  objects,
  tree,
  treeWithMaxBytes,
} from "../model/program-profiles.js";
import { CHECK_LEVELS } from "../model/program-run.js";
import { type ProgramProfile, runProgram } from "../model/random-program.js";

/** Operations of a heap that lives long. */
const LONG_LIFE = 400_000;

const PROFILES: readonly (readonly [string, ProgramProfile])[] = [
  ["objects", objects],
  ["high addresses", highAddresses],
  ["marks", marks],
  ["marks in large heaps", marksInLargeHeaps],
  ["the tree", tree],
  ["the tree with maxBytes", treeWithMaxBytes],
  ["a long life", { ...objects, operations: LONG_LIFE }],
  ["a long life of the tree", { ...tree, operations: LONG_LIFE, verifyEvery: 128 }],
  ["few tags", fewTags],
];

/** One program of the soak. */
export interface SoakProgram {
  readonly title: string;
  readonly profile: ProgramProfile;
  readonly level: CheckLevel;
  readonly seed: number;
}

/** Which program comes at `position` in a soak with this seed. */
export function programAt(seed: number, position: number): SoakProgram {
  const [title, profile] = PROFILES[position % PROFILES.length]!;
  const round = Math.floor(position / PROFILES.length);
  const level = CHECK_LEVELS[round % CHECK_LEVELS.length]!;
  return { title, profile, level, seed: (seed + position) >>> 0 };
}

/** What is known after each program. */
export interface SoakProgress {
  /** Programs that are done, counted from program 0. */
  readonly programs: number;
  /** Operations of this run. */
  readonly operations: number;
  readonly title: string;
}

/**
 * Runs programs from `from` on until `operations` are made, and answers after each of them, so that the caller can draw.
 * @throws Error with the seed, the program and the step where heap and model disagree
 */
export function* soak(seed: number, from: number, operations: number): Generator<SoakProgress> {
  let made = 0;
  for (let position = from; made < operations; position++) {
    const program = programAt(seed, position);
    try {
      made += runProgram(program.profile, program.level, program.seed);
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause);
      const again = `pnpm soak --seed ${seed} --from ${position} --operations 1`;
      throw new Error(`${program.title}: ${message}\nagain: ${again}`, { cause });
    }
    yield { programs: position + 1, operations: made, title: program.title };
  }
}
