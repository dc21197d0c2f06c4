/** Which level finds which bug, as a table for people. */
import type { CheckLevel } from "@perfloc/typed";
import { markdownTable } from "markdown-table";
import { programs } from "./programs.js";
import { runProgram } from "./run-program.js";

export const LEVELS: readonly CheckLevel[] = ["off", "check", "debug", "sample"];

/** Runs every program on every level; a row a program, a tick where it ended in its named error, and a line of sums. */
export function makeTable(): string {
  const rows: string[][] = [];
  for (const program of programs) {
    const found = LEVELS.map((check) => (runProgram(program, check) === program.code ? "✓" : ""));
    rows.push([program.layer, program.bug, `\`${program.code}\``, ...found]);
  }
  const sums = LEVELS.map((_, level) => {
    const found = rows.filter((row) => row[3 + level] === "✓").length;
    return `${found} of ${rows.length}`;
  });
  return markdownTable([
    ["layer", "bug", "ends in", ...LEVELS.map((level) => `\`${level}\``)],
    ...rows,
    ["", "all", "", ...sums],
  ]);
}
