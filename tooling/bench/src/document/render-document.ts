/** BENCHMARKS.md: what loses and why, the chart, and one table for each question. All figures are in files beside it. */
import { machineLine } from "../machine.js";
import { renderTable } from "../markdown-report.js";
import { memoryLines } from "../memory/memory-table.js";
import { describeNoise } from "../noise.js";
import type { Report } from "../report.js";
import type { RowResult } from "../row-result.js";
import { type LevelCost, levelsOf } from "../level-table.js";
import { lossesOf } from "./losses.js";
import { memorySummary } from "./memory-summary.js";
import { FAMILIES, type PeerQuestion, questionTable } from "./question-tables.js";
import { runtimeTable } from "./runtime-table.js";
import { serviceTable } from "./service-table.js";
import { wrapProse } from "./wrap-prose.js";

/** Where the other files of a run lie, from the document. */
export interface DocumentFiles {
  readonly chart: string;
  readonly tables: string;
  readonly json: string;
}

/** Of each group of losses; the others are in the tables. */
const NAMES_PER_LOSS = 3;

export function renderDocument(report: Report, files: DocumentFiles): string {
  const { command, commit, machine, results, memory, memoryBefore } = report;
  return `${[
    "# Benchmarks",
    wrapProse(
      `Perfloc's nanoseconds per operation, and its time in parts of each peer's: **below 1, Perfloc is faster**. Of the fastest passes, with the default checks. What the rows do and how they are measured: [README of the benchmarks](tooling/bench/README.md). All figures: [tables](${files.tables}), [JSON](${files.json}).`,
    ),
    wrapProse(
      `Made by \`pnpm bench:document\` from a run of \`${command}\` on ${machine.date.slice(0, 10)}, commit ${commit ?? "unknown"}: ${machineLine(machine)}. ${describeNoise(report)}`,
    ),
    "## What loses, and why",
    losses(results),
    `![Ratio of time to a reference peer of each row; left of 1 Perfloc is faster](${files.chart})`,
    "## One table for each question",
    levelSentence(results),
    ...(Object.keys(FAMILIES) as PeerQuestion[]).map((question) =>
      questionTable(question, results),
    ),
    memorySummary(memoryLines(memory, memoryBefore.memory), memoryBefore.commit),
    serviceTable(results),
    runtimeTable(results),
  ]
    .filter((part) => part !== undefined)
    .map((part) => (typeof part === "string" ? part : renderTable(part)))
    .join("\n\n")}\n`;
}

function losses(results: readonly RowResult[]): string {
  const lines = lossesOf(results).map(({ names, why }) => {
    const more = names.length - NAMES_PER_LOSS;
    const shown = names.slice(0, NAMES_PER_LOSS).join(", ");
    return wrapProse(`- ${shown}${more > 0 ? ` and ${more} more` : ""}: ${why}`, "  ");
  });
  return lines.length === 0 ? "Nothing." : lines.join("\n");
}

/** What the check levels cost at most; undefined when it was not measured. */
function levelSentence(results: readonly RowResult[]): string | undefined {
  const costs = results.filter(({ question }) => question === "levels").flatMap(levelsOf);
  if (costs.length === 0) return undefined;
  const labels = [...new Set(costs.map(({ label }) => label))];
  const parts = labels.map((label) => {
    const own = costs.filter((cost) => cost.label === label);
    return `${label} ${most(own, "percent").toFixed(0)} % (${most(own, "extraNs").toFixed(1)} ns more)`;
  });
  return wrapProse(
    `On the traces the check levels take at most, in parts of \`off\`: ${parts.join(", ")}.`,
  );
}

function most(costs: readonly LevelCost[], figure: "percent" | "extraNs"): number {
  return Math.max(...costs.map((cost) => cost[figure]));
}
