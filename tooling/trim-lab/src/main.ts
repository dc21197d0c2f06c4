/** The command: reads the options, runs the lab, prints, and turns every expected error into one line. */
import { type Command, parseCommand, usage, UsageError } from "./command-line.js";
import { renderJson } from "./json-report.js";
import { runLab } from "./lab.js";
import { renderPage } from "./page-report.js";
import { checkResultsPath, ResultsFileError, writeResultsFile } from "./results-file.js";
import { SCALES, allShapes } from "./shapes/all-shapes.js";
import { renderText } from "./text-report.js";

function main(): void {
  const shapes = allShapes(SCALES[0]!);
  // `pnpm trim-lab` runs in the repository's folder and remembers where it was called.
  const folder = process.env["INIT_CWD"] ?? process.cwd();
  const command = parseCommand(process.argv.slice(2), folder, shapes);
  if (command.isHelp) console.log(usage(shapes));
  else run(command);
}

function run(command: Command): void {
  const { jsonPath, htmlPath } = command;
  for (const path of [jsonPath, htmlPath]) if (path !== undefined) checkResultsPath(path);
  const report = runLab(command, console.error);
  console.log(`\n${renderText(report)}`);
  if (jsonPath !== undefined) writeResultsFile(jsonPath, renderJson(report));
  if (htmlPath !== undefined) writeResultsFile(htmlPath, renderPage(report));
}

function lineFor(error: unknown): string | undefined {
  if (error instanceof UsageError) return `${error.message}. Try --help.`;
  if (error instanceof ResultsFileError) return error.message;
  return undefined;
}

try {
  main();
} catch (error) {
  const line = lineFor(error);
  if (line === undefined) throw error; // a mistake in the lab itself: the stack is wanted
  console.error(`error: ${line}`);
  process.exitCode = 1;
}
