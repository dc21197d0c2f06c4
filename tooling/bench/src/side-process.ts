/** Runs the process of one side and reads what it prints. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { parseProcessReport, type ProcessReport } from "./process-report.js";
import { RowError, type Side } from "./row.js";

const run = promisify(execFile);

/** @throws RowError when the process fails, or prints no report */
export async function runSide(side: Side): Promise<ProcessReport> {
  const report = parseProcessReport(await outputOfSide(side), side.passesUnder);
  if (report === undefined) throw new RowError(`${side.label} printed no figures`);
  return report;
}

/** @throws RowError when the process fails */
export async function outputOfSide({ label, command, args }: Side): Promise<string> {
  try {
    return (await run(command, args)).stdout;
  } catch (cause) {
    throw new RowError(`${label} failed: ${reason(cause)}`, { cause });
  }
}

/** What an uncaught error says, without its place in the code; for other failures the last line that was printed. */
function reason(cause: unknown): string {
  const { stderr = "", message } = cause as { stderr?: string; message: string };
  const lines = stderr.split("\n").filter((line) => line.trim() !== "");
  return lines.find((line) => /^\w*Error\b/u.test(line)) ?? lines.at(-1) ?? message;
}
