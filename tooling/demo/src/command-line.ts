/** Reads the command line. */
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { shippedTraces } from "@perfloc-tooling/traces";
import { DEFAULT_TRACE, listShippedTraces } from "./trace-file.js";

export function usage(): string {
  return `Replays a recorded PostgreSQL session through a Perfloc heap, plays a burst that takes
it to 512 MiB held and lets it fall to 2 MiB live, 4 MiB held, and writes a report with
charts.

Usage: pnpm demo [options]

  --trace FILE   replay this trace instead (.mct or .rep, gzipped or not),
                 or a shipped one by its name: --trace sqlite
  --out FILE     write the report here (default: perfloc-report.html)
  --quick        a burst of 64 MiB instead of 512
  -h, --help     show this
  -v, --version  show the versions

Paths are relative to the folder that you run it in.

Shipped traces, in ${shippedFolder()}:

${listShippedTraces()}`;
}

function shippedFolder(): string {
  return fileURLToPath(new URL(".", shippedTraces[0]!.url));
}

export interface Command {
  readonly action: "run" | "help" | "version";
  /** A path or the name of a shipped trace, as it was typed. */
  readonly trace: string;
  /** What paths are relative to. */
  readonly folder: string;
  /** Absolute. */
  readonly reportPath: string;
  readonly isQuick: boolean;
}

/** The command line makes no sense. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

const OPTIONS = {
  trace: { type: "string", default: DEFAULT_TRACE },
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
    trace,
    folder,
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
