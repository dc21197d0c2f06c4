/** Reads the command line. */
import { basename, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { Row } from "./row.js";
import type { RuntimePackage } from "./runtime.js";

const ROUNDS = 7;
/** The fewest that have a median which one bad round cannot move. */
const QUICK_ROUNDS = 3;

export interface Command {
  readonly isHelp: boolean;
  /** As it is typed; of files without their folders. */
  readonly text: string;
  readonly rounds: number;
  readonly isAlwaysDetached: boolean;
  /** In the order in which they run. */
  readonly rows: readonly Row[];
  readonly files: readonly OutputFile[];
  /** That run what is in JavaScript, besides the Node that runs this. */
  readonly runtimes: readonly RuntimePackage[];
  /** Whether the memory of the traces is measured and nothing is timed. */
  readonly isMemoryOnly: boolean;
}

/** A file that is wanted besides the text. */
export interface OutputFile {
  readonly format: (typeof OUTPUT_FORMATS)[number];
  /** Absolute. */
  readonly path: string;
}

/** The command line makes no sense. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

const OPTIONS = {
  quick: { type: "boolean", default: false },
  only: { type: "string", multiple: true, default: [] },
  json: { type: "string" },
  markdown: { type: "string" },
  chart: { type: "string" },
  node: { type: "string", multiple: true, default: [] },
  bun: { type: "string", multiple: true, default: [] },
  detached: { type: "boolean", default: false },
  memory: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} satisfies NonNullable<Parameters<typeof parseArgs>[0]>["options"];

const OUTPUT_FORMATS = ["json", "markdown", "chart"] as const;

/** @param rows - all that there are */
export function usage(rows: readonly Row[]): string {
  const width = Math.max(...rows.map(({ name }) => name.length));
  const lines = rows.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
  return `Measures Perfloc against native allocators, and against JavaScript without one, that
do the same work. Prints nanoseconds per operation and their ratio: below 1, Perfloc is faster.

Usage: pnpm bench [options]

  --quick        ${QUICK_ROUNDS} rounds instead of ${ROUNDS}
  --only ROW     only this row; may be given again for others
  --json FILE    write all figures and the machine's description here
  --markdown FILE
                 write the tables, the machine and how noisy it was here
  --chart FILE   draw the ratios on a page of HTML that loads nothing
  --node LIST    run what is in JavaScript with these Node releases, too: --node 22,24
  --bun LIST     and with these of Bun: --bun 1.4
  --memory       measure how much memory the traces take, and no times
  --detached     run Perfloc's side of every row once more after an ArrayBuffer was
                 detached in the process, not only of some
  -h, --help     show this

Rows:

${lines.join("\n")}`;
}

/**
 * @param folder - what paths are relative to
 * @param rows - all that there are
 * @throws UsageError for an unknown option, a stray word, or an unknown row
 */
export function parseCommand(
  words: readonly string[],
  folder: string,
  rows: readonly Row[],
): Command {
  const options = parseOptions(words);
  const { quick, only, node, bun, detached, memory, help } = options;
  const files = OUTPUT_FORMATS.flatMap((format): OutputFile[] => {
    const path = options[format];
    return path === undefined ? [] : [{ format, path: resolve(folder, path) }];
  });
  return {
    isHelp: help,
    text: [
      "pnpm bench",
      ...(quick ? ["--quick"] : []),
      ...only.map((name) => `--only ${name}`),
      ...node.map((list) => `--node ${list}`),
      ...bun.map((list) => `--bun ${list}`),
      ...(memory ? ["--memory"] : []),
      ...(detached ? ["--detached"] : []),
      ...files.map(({ format, path }) => `--${format} ${basename(path)}`),
    ].join(" "),
    rounds: quick ? QUICK_ROUNDS : ROUNDS,
    isAlwaysDetached: detached,
    rows: selectRows(rows, only),
    files,
    runtimes: [...packagesOf("node", node), ...packagesOf("bun", bun)],
    isMemoryOnly: memory,
  };
}

function parseOptions(words: readonly string[]) {
  try {
    // `pnpm bench -- --quick` hands the first `--` on.
    const args = words[0] === "--" ? words.slice(1) : [...words];
    return parseArgs({ args, options: OPTIONS }).values;
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(firstSentence(message), { cause });
  }
}

function selectRows(rows: readonly Row[], names: readonly string[]): readonly Row[] {
  const unknown = names.find((name) => !rows.some((row) => row.name === name));
  if (unknown !== undefined) {
    const known = rows.map(({ name }) => name).join(", ");
    throw new UsageError(`Unknown row '${unknown}': there are ${known}`);
  }
  return names.length === 0 ? rows : rows.filter(({ name }) => names.includes(name));
}

/** What follows an `@` in a package name may be much more than a version: a tag, a path, an address. */
function packagesOf(name: RuntimePackage["name"], lists: readonly string[]): RuntimePackage[] {
  return lists
    .flatMap((list) => list.split(","))
    .map((version) => {
      if (/^\d+(\.\d+){0,2}$/u.test(version)) return { name, version };
      throw new UsageError(
        `Option '--${name}' takes versions such as 22 or 24.1.0, not '${version}'`,
      );
    });
}

/** What follows in Node's message is advice about positional arguments, which there are none of. */
function firstSentence(message: string): string {
  return message.split(/\.?\n|\. |\.$/u, 1)[0]!;
}
