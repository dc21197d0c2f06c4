/** The command: reads the options, runs the benchmark, prints, and turns every expected error into one line. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runBenchmark } from "./benchmark.js";
import { renderChartPage } from "./chart-page.js";
import { type Command, type OutputFile, parseCommand, usage, UsageError } from "./command-line.js";
import { renderJson } from "./json-report.js";
import { describeMachine } from "./machine.js";
import { measuredCommit } from "./measured-commit.js";
import { renderMarkdown } from "./markdown-report.js";
import { readMemoryBeforePlanes } from "./memory/earlier-memory.js";
import type { Report } from "./report.js";
import { checkResultsPath, ResultsFileError, writeResultsFile } from "./results-file.js";
import { listRows } from "./rows.js";
import { findRuntime, RuntimeError, thisRuntime } from "./runtime.js";
import { renderText } from "./text-report.js";
import { Workshop } from "./workshop.js";

/** As shells report a program that was ended with Ctrl-C. */
const INTERRUPTED_EXIT_CODE = 130;

const RENDERERS: Readonly<Record<OutputFile["format"], (report: Report) => string>> = {
  json: renderJson,
  markdown: renderMarkdown,
  chart: renderChartPage,
};

async function main(): Promise<void> {
  const rows = listRows();
  // `pnpm bench` runs in the repository's folder and remembers where it was called.
  const folder = process.env["INIT_CWD"] ?? process.cwd();
  const command = parseCommand(process.argv.slice(2), folder, rows);
  if (command.isHelp) console.log(usage(rows));
  else await run(command);
}

async function run({
  text,
  rows,
  rounds,
  isAlwaysDetached,
  isMemoryOnly,
  runtimes,
  files,
}: Command): Promise<void> {
  for (const { path } of files) checkResultsPath(path);
  const workshop = new Workshop(makeScratchFolder(), console.error);
  const machine = describeMachine(workshop.programs.compilerVersion);
  const runners = [thisRuntime(), ...runtimes.map(findRuntime)];
  const pace = { rounds, isAlwaysDetached, isMemoryOnly };
  const outcome = await runBenchmark(rows, workshop, runners, pace, console.error);
  const report: Report = {
    command: text,
    commit: measuredCommit(),
    machine,
    rounds,
    ...outcome,
    memoryBefore: readMemoryBeforePlanes(),
  };
  console.log(`\n${renderText(report)}`);
  for (const { format, path } of files) writeResultsFile(path, RENDERERS[format](report));
  if (outcome.failures.length > 0) process.exitCode = 1;
}

/** Removed when the process ends, however it does. */
function makeScratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "perfloc-bench-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => process.exit(INTERRUPTED_EXIT_CODE));
  }
  return folder;
}

function lineFor(error: unknown): string | undefined {
  if (error instanceof UsageError) return `${error.message}. Try --help.`;
  if (error instanceof RuntimeError || error instanceof ResultsFileError) return error.message;
  return undefined;
}

try {
  await main();
} catch (error) {
  const line = lineFor(error);
  if (line === undefined) throw error; // a mistake in the benchmark itself: the stack is wanted
  console.error(`error: ${line}`);
  process.exitCode = 1;
}
