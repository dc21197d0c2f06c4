/** What a run has to say, before it is text, Markdown or a page. */
import type { Outcome } from "./benchmark.js";
import { verdict } from "./comparison-lines.js";
import type { Machine } from "./machine.js";
import { memoryTable } from "./memory-table.js";
import { pauseTable } from "./pause-table.js";
import { firstSides, releaseTable } from "./release-table.js";
import type { RowResult } from "./row-result.js";
import { rssTable } from "./rss-table.js";
import type { TableData } from "./table-data.js";
import { timeTable } from "./time-table.js";

export interface Report extends Outcome {
  /** That makes it again, such as `pnpm bench --quick`. */
  readonly command: string;
  readonly machine: Machine;
  readonly rounds: number;
}

/** A table under its title. */
export interface Section {
  readonly title: string;
  /** One paragraph between the two. */
  readonly text: string;
  readonly table: TableData;
}

/** Those that have something in them. */
export function sectionsOf(results: readonly RowResult[]): readonly Section[] {
  if (results.length === 0) return [];
  const first = firstSides(results);
  return [
    { title: "Time", text: verdict(first), table: timeTable(first) },
    ...sectionWith(
      "Other releases of Node, and after a detach",
      "Perfloc's time in parts of its time in the first table, and beside the first peer.",
      releaseTable(results),
    ),
    ...sectionWith(
      "Pauses of services",
      "The longest turn of the event loop, the length that only one turn in a thousand exceeds, and the resident set while the service runs.",
      pauseTable(results),
    ),
    ...sectionWith(
      "Memory of Perfloc",
      "When most bytes of a trace are live.",
      memoryTable(results),
    ),
    ...sectionWith(
      "Peak resident sets",
      "Of whole processes: an empty one of Node has 40 MiB or more before it does anything, one in C less than 2 MiB, and a replay has its trace.",
      rssTable(first),
    ),
  ];
}

/** None without a table. */
function sectionWith(title: string, text: string, table: TableData | undefined): Section[] {
  return table === undefined ? [] : [{ title, text, table }];
}
