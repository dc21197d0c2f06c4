/** Reads the command line. */
import { resolve } from "node:path";
import { parseArgs } from "node:util";

export const USAGE = `Replays a recorded PostgreSQL session through a Perfloc heap, plays a burst that takes
it to 512 MiB and lets it fall to 2 MiB, and writes a report with charts.

Usage: pnpm demo [options]

  --trace FILE   replay this trace instead (.mct or .rep, gzipped or not)
  --out FILE     write the report here (default: perfloc-report.html)
  --quick        a burst of 64 MiB instead of 512
  -h, --help     show this
  -v, --version  show the versions

Paths are relative to the folder that you run it in.`;

export interface Command {
  readonly action: "run" | "help" | "version";
  /** Absolute; undefined for the shipped trace. */
  readonly tracePath: string | undefined;
  /** Absolute. */
  readonly reportPath: string;
  readonly isQuick: boolean;
}

/** The command line makes no sense. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

const OPTIONS = {
  trace: { type: "string" },
  out: { type: "string", default: "perfloc-report.html" },
  quick: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
  version: { type: "boolean", short: "v", default: false },
} as const;

/**
 * @param folder - what paths are relative to
 * @throws UsageError for an unknown option or a stray word
 */
export function parseCommand(words: readonly string[], folder: string): Command {
  const { trace, out, quick, help, version } = parseOptions(words);
  return {
    action: help ? "help" : version ? "version" : "run",
    tracePath: trace === undefined ? undefined : resolve(folder, trace),
    reportPath: resolve(folder, out),
    isQuick: quick,
  };
}

function parseOptions(words: readonly string[]) {
  try {
    // `pnpm demo -- --quick` hands the first `--` on.
    const args = words[0] === "--" ? words.slice(1) : [...words];
    return parseArgs({ args, options: OPTIONS }).values;
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(firstSentence(message), { cause });
  }
}

/** What follows in Node's message is advice about positional arguments, which there are none of. */
function firstSentence(message: string): string {
  return message.split(/\.?\n|\. |\.$/u, 1)[0]!;
}
