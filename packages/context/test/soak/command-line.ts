/** Reads the command line of the soak. */
import { parseArgs } from "node:util";

export interface Command {
  readonly isHelp: boolean;
  /** How many operations to make, at least. */
  readonly operations: number;
  /** What decides every program. */
  readonly seed: number;
  /** The program to begin with, counted from 0. */
  readonly from: number;
}

/** The command line makes no sense. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

const DEFAULT_OPERATIONS = 100_000_000;

/** Seeds are 32-bit numbers, with room for as many programs. */
const MAX_SEED = 2 ** 31 - 1;

export const USAGE = `Runs random programs against a model of the heap until so many operations are made.

Usage: pnpm soak [options]

  --operations N   how many, at least (${DEFAULT_OPERATIONS})
  --seed S         what decides every program (a new one for each run)
  --from P         begin with program P: with the seed that was printed, a run goes on
  -h, --help       show this`;

const OPTIONS = {
  operations: { type: "string", default: String(DEFAULT_OPERATIONS) },
  seed: { type: "string" },
  from: { type: "string", default: "0" },
  help: { type: "boolean", short: "h", default: false },
} satisfies NonNullable<Parameters<typeof parseArgs>[0]>["options"];

/**
 * @param newSeed - for a run without one
 * @throws UsageError
 */
export function parseCommand(words: readonly string[], newSeed: number): Command {
  const { operations, seed, from, help } = parseWords(words);
  return {
    isHelp: help,
    operations: wholeNumber("operations", operations, Number.MAX_SAFE_INTEGER),
    seed: seed === undefined ? newSeed : wholeNumber("seed", seed, MAX_SEED),
    from: wholeNumber("from", from, MAX_SEED),
  };
}

function parseWords(words: readonly string[]) {
  // `pnpm soak -- --seed 1` hands the first `--` on.
  const args = words[0] === "--" ? words.slice(1) : [...words];
  try {
    return parseArgs({ args, options: OPTIONS }).values;
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(message.split(/\.?\n|\. |\.$/u, 1)[0], { cause });
  }
}

function wholeNumber(option: string, text: string, max: number): number {
  const value = Number(text.replaceAll("_", ""));
  if (text.trim() !== "" && Number.isInteger(value) && value >= 0 && value <= max) return value;
  throw new UsageError(`Option '--${option}' takes a whole number from 0 to ${max}, not '${text}'`);
}
