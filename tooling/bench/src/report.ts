/** What a run has to say, before it is text, Markdown or a page. */
import type { Outcome } from "./benchmark.js";
import { verdict } from "./comparison-lines.js";
import { levelTable } from "./level-table.js";
import type { Machine } from "./machine.js";
import type { EarlierMemory } from "./memory/earlier-memory.js";
import { memoryLines, memoryTable } from "./memory/memory-table.js";
import { netTable } from "./net-table.js";
import { pauseTable } from "./pause-table.js";
import { firstSides, releaseTable } from "./release-table.js";
import { rssTable } from "./rss-table.js";
import type { TableData } from "./table-data.js";
import { timeTable } from "./time-table.js";

export interface Report extends Outcome {
  /** That makes it again, such as `pnpm bench --quick`. */
  readonly command: string;
  /** That was measured; undefined where nobody knows. */
  readonly commit: string | undefined;
  readonly machine: Machine;
  readonly rounds: number;
  readonly memoryBefore: EarlierMemory;
}

/** A table under its title. */
export interface Section {
  readonly title: string;
  /** One paragraph between the two. */
  readonly text: string;
  readonly table: TableData;
}

/** Those that have something in them. */
export function sectionsOf({ results, memory, memoryBefore }: Report): readonly Section[] {
  const contests = results.filter(({ question }) => question !== "levels");
  const first = firstSides(contests);
  return [
    ...sectionWith("Time", verdict(first), first.length === 0 ? undefined : timeTable(first)),
    ...sectionWith(
      "Net of the loop",
      "Each side's fastest pass without that of the same loop over a stub, which returns recorded addresses: the allocator alone, in ns/op.",
      netTable(first),
    ),
    ...sectionWith(
      "Check levels",
      "The fastest pass on each level, in percent of the fastest on `off`.",
      levelTable(results),
    ),
    ...sectionWith(
      "Other runtimes, and after a detach",
      "Perfloc's time in parts of its time in the first table, and beside the first peer.",
      releaseTable(contests),
    ),
    ...sectionWith(
      "Pauses of services",
      "The longest turn of the event loop, the length that only one turn in a thousand exceeds, and the resident set while the service runs.",
      pauseTable(contests),
    ),
    ...sectionWith(
      "Memory",
      `At the peak of each: bytes held from the system, with planes, and bytes in pages that were written. Before is commit ${memoryBefore.commit}; glibc's resident set is without that of the program itself.`,
      memoryTable(memoryLines(memory, memoryBefore.memory)),
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
