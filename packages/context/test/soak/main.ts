/** The command: runs the soak with a bar, and tells whether it slowed down or grew. */
import { setImmediate } from "node:timers/promises";
import { SingleBar } from "cli-progress";
import { type Command, parseCommand, USAGE, UsageError } from "./command-line.js";
import { soak } from "./soak.js";

/** Every how many milliseconds a line is written where there is no terminal. */
const LINE_MS = 30_000;

const MEBIBYTE = 2 ** 20;

/** Speed and memory are compared between the parts of a run. */
const PARTS = 4;

interface Part {
  readonly operations: number;
  readonly ms: number;
  readonly rssBytes: number;
}

/** Mean operations a second of one part of the run. */
function speedOf(part: Part, before: Part): number {
  return Math.round(((part.operations - before.operations) / (part.ms - before.ms)) * 1000);
}

/** The part that ends now, with so many operations since the beginning. */
function partUpTo(operations: number): Part {
  return { operations, ms: performance.now(), rssBytes: process.memoryUsage.rss() };
}

async function run({ operations, seed, from }: Command): Promise<void> {
  console.log(`seed ${seed}: ${operations} operations, from program ${from} on`);
  const bar = new SingleBar({
    format: "{bar} {percentage} %  {value} operations  {eta_formatted} left  {title}",
    noTTYOutput: true,
    notTTYSchedule: LINE_MS,
    hideCursor: null,
  });
  const parts: Part[] = [partUpTo(0)];
  let programs = from;
  let made = 0;
  const stop = new AbortController();
  process.once("SIGINT", () => {
    stop.abort();
  });
  bar.start(operations, 0, { title: "" });
  try {
    for (const progress of soak(seed, from, operations)) {
      ({ programs, operations: made } = progress);
      bar.update(Math.min(made, operations), { title: progress.title });
      if (made >= (operations / PARTS) * parts.length) parts.push(partUpTo(made));
      // Lets the bar draw and signals arrive.
      // oxlint-disable-next-line no-await-in-loop -- programs run one after the other
      await setImmediate();
      if (stop.signal.aborted) break;
    }
  } finally {
    bar.stop();
  }
  const count = programs - from;
  console.log(`${made} operations of ${count} programs against the model: 0 mismatches`);
  for (const [position, part] of parts.entries()) {
    const before = parts[position - 1];
    if (before === undefined) continue;
    const memory = Math.round(part.rssBytes / MEBIBYTE);
    console.log(`part ${position}: ${speedOf(part, before)} operations a second, ${memory} MiB`);
  }
  if (stop.signal.aborted) console.log(`go on with: pnpm soak --seed ${seed} --from ${programs}`);
}

try {
  const command = parseCommand(process.argv.slice(2), Math.floor(Math.random() * 2 ** 31));
  if (command.isHelp) console.log(USAGE);
  else await run(command);
} catch (error) {
  if (error instanceof UsageError) console.error(`error: ${error.message}. Try --help.`);
  else console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
