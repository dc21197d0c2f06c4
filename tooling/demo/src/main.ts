/** The command: reads the options, runs the demo, prints, and turns every expected error into one line. */
import { createRequire } from "node:module";
import { PerflocError } from "@perfloc/context";
import { readTrace, TraceFormatError } from "@perfloc-tooling/traces";
import { type Command, parseCommand, usage, UsageError } from "./command-line.js";
import { runDemo } from "./demo.js";
import { Progress } from "./progress.js";
import { checkReportPath, ReportFileError, writeReportFile } from "./report-file.js";
import { renderReport } from "./report.js";
import { summary } from "./summary.js";
import { findTrace, NoTraceError } from "./trace-file.js";

/** As shells report a program that was ended with Ctrl-C. */
const INTERRUPTED_EXIT_CODE = 130;

async function main(): Promise<void> {
  // `pnpm demo` runs in the repository's folder and remembers where it was called.
  const command = parseCommand(process.argv.slice(2), process.env["INIT_CWD"] ?? process.cwd());
  if (command.action === "help") console.log(usage());
  else if (command.action === "version") console.log(versions());
  else await run(command);
}

async function run({ trace: word, folder, reportPath, isQuick }: Command): Promise<void> {
  checkReportPath(reportPath);
  const trace = readTrace(findTrace(word, folder));
  const progress = new Progress();
  try {
    const report = await runDemo(trace, isQuick, progress);
    writeReportFile(reportPath, renderReport(report));
    console.log(`\n${summary(report)}\n\n${report.platform}\nReport: ${reportPath}`);
    if (report.figures.corruptObjects + report.rows.wrongAnswers > 0) process.exitCode = 1;
  } finally {
    progress.stop();
  }
}

function versions(): string {
  const { version } = createRequire(import.meta.url)("@perfloc/context/package.json") as {
    version: string;
  };
  return `@perfloc/context ${version}, Node ${process.versions.node}`;
}

function lineFor(error: unknown): string | undefined {
  if (error instanceof UsageError || error instanceof NoTraceError) {
    return `${error.message}. Try --help.`;
  }
  if (error instanceof TraceFormatError || error instanceof ReportFileError) return error.message;
  if (error instanceof PerflocError) return `${error.message} (${error.code})`;
  return undefined;
}

// With a listener, Ctrl-C waits for the event loop: it cannot come between the draft of the report and its renaming.
process.once("SIGINT", () => process.exit(INTERRUPTED_EXIT_CODE));

try {
  await main();
} catch (error) {
  const line = lineFor(error);
  if (line === undefined) throw error; // a mistake in the demo itself: the stack is wanted
  console.error(`error: ${line}`);
  process.exitCode = 1;
}
