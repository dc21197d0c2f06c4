/** Reads the command line. */
import { basename, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { DemandShape } from "./demand-shape.js";
import type { Watch } from "./look-times.js";
import { DEFAULT_TICK_MS } from "./simulation.js";

/** Coarse, and still a fortieth of the break-even time. */
const QUICK_TICK_MS = 250;

export interface Command {
  readonly isHelp: boolean;
  /** As it is typed; of files without their folders. */
  readonly text: string;
  readonly isQuick: boolean;
  readonly tickMs: number;
  readonly watch: Watch;
  /** Names of the shapes that are wanted; empty for all. */
  readonly shapes: readonly string[];
  /** Absolute. */
  readonly jsonPath: string | undefined;
  /** Absolute. */
  readonly htmlPath: string | undefined;
}

/** The command line makes no sense. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

const WATCHES: readonly Watch[] = ["ticks", "trimmer"];

const OPTIONS = {
  quick: { type: "boolean", default: false },
  only: { type: "string", multiple: true, default: [] },
  watch: { type: "string", default: "ticks" },
  json: { type: "string" },
  html: { type: "string" },
  help: { type: "boolean", short: "h", default: false },
} satisfies NonNullable<Parameters<typeof parseArgs>[0]>["options"];

/** @param shapes - all that there are */
export function usage(shapes: readonly DemandShape[]): string {
  const width = Math.max(...shapes.map(({ name }) => name.length));
  const lines = shapes.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
  return `Simulates downsizing policies over shapes of traffic, and compares what they cost with
the least that it could have cost. 1 is perfect.

Usage: pnpm trim-lab [options]

  --quick        one scale, and ticks of ${QUICK_TICK_MS} ms instead of ${DEFAULT_TICK_MS}
  --only SHAPE   only this shape, with all its figures; may be given again for others
  --watch WHEN   when policies look: at ticks (all of them, the default), or when a
                 started trimmer does (trimmer)
  --json FILE    write all figures here
  --html FILE    write a page with charts here: one file that loads nothing
  -h, --help     show this

Shapes:

${lines.join("\n")}`;
}

/**
 * @param folder - what paths are relative to
 * @param shapes - all that there are
 * @throws UsageError for an unknown option, a stray word, an unknown shape
 */
export function parseCommand(
  words: readonly string[],
  folder: string,
  shapes: readonly DemandShape[],
): Command {
  const { quick, only, watch, json, html, help } = parseOptions(words);
  return {
    isHelp: help,
    text: [
      "pnpm trim-lab",
      ...(quick ? ["--quick"] : []),
      ...only.map((name) => `--only ${name}`),
      ...(watch === "ticks" ? [] : [`--watch ${watch}`]),
      ...(json === undefined ? [] : [`--json ${basename(json)}`]),
      ...(html === undefined ? [] : [`--html ${basename(html)}`]),
    ].join(" "),
    isQuick: quick,
    tickMs: quick ? QUICK_TICK_MS : DEFAULT_TICK_MS,
    watch: checkWatch(watch),
    shapes: checkShapes(only, shapes),
    jsonPath: json === undefined ? undefined : resolve(folder, json),
    htmlPath: html === undefined ? undefined : resolve(folder, html),
  };
}

function parseOptions(words: readonly string[]) {
  try {
    // `pnpm trim-lab -- --quick` hands the first `--` on.
    const args = words[0] === "--" ? words.slice(1) : [...words];
    return parseArgs({ args, options: OPTIONS }).values;
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(firstSentence(message), { cause });
  }
}

function checkWatch(word: string): Watch {
  const watch = WATCHES.find((known) => known === word);
  if (watch !== undefined) return watch;
  throw new UsageError(`Option '--watch' takes ${WATCHES.join(", ")}, not '${word}'`);
}

function checkShapes(names: readonly string[], shapes: readonly DemandShape[]): readonly string[] {
  const unknown = names.find((name) => !shapes.some((shape) => shape.name === name));
  if (unknown === undefined) return names;
  const known = shapes.map(({ name }) => name).join(", ");
  throw new UsageError(`Unknown shape '${unknown}': there are ${known}`);
}

/** What follows in Node's message is advice about positional arguments, which there are none of. */
function firstSentence(message: string): string {
  return message.split(/\.?\n|\. |\.$/u, 1)[0]!;
}
