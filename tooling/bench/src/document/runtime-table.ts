/** The table of the runtimes beside each other: some ratios that sum up a question each, of the fastest passes. */
import { printRatio } from "../print-ratio.js";
import type { RowResult } from "../row-result.js";
import { geometricMean } from "../statistics.js";
import type { TableData } from "../table-data.js";
import { fastestRatio } from "./fastest-ratio.js";
import { columnsOf } from "./question-tables.js";

interface Summary {
  readonly title: string;
  readonly rows: RegExp;
  readonly peer: string;
}

const SUMMARIES: readonly Summary[] = [
  { title: "postgres, glibc", rows: /^postgres$/u, peer: "malloc" },
  {
    title: "malloc traces, glibc",
    rows: /^(?:sqlite|jq|perl|gitlog|android-systemui)$/u,
    peer: "malloc",
  },
  { title: "replace 1,000, glibc", rows: /^replace-1000-random$/u, peer: "malloc" },
  { title: "replace 100,000, glibc", rows: /^replace-100000-random$/u, peer: "malloc" },
  { title: "open-1-drop, talloc", rows: /^open-1-drop$/u, peer: "talloc" },
  { title: "scope-100, plain objects", rows: /^scope-100$/u, peer: "plain objects" },
  { title: "grow-step, doubling copy", rows: /^grow-step$/u, peer: "doubling copy" },
  { title: "map-get, Map", rows: /^map-get$/u, peer: "Map" },
];

/** @returns undefined when the rows ran on one runtime only */
export function runtimeTable(results: readonly RowResult[]): TableData | undefined {
  const runtimes = new Set(
    results.flatMap(({ perfloc }) => perfloc.flatMap(({ runtime }) => runtime ?? [])),
  );
  if (runtimes.size < 2) return undefined;
  return {
    columns: columnsOf(
      "**Runtimes**",
      SUMMARIES.map(({ title }) => title),
    ),
    rows: [...runtimes].map((runtime) => cells(runtime, results)),
  };
}

function cells(runtime: string, results: readonly RowResult[]): string[] {
  const ratios = SUMMARIES.map(({ rows, peer }) => {
    const found = results
      .filter(({ name }) => rows.test(name))
      .flatMap((result) => fastestRatio(result, [peer], runtime)?.ratio ?? []);
    return found.length === 0 ? "" : printRatio(geometricMean(found));
  });
  return [runtime, ...ratios];
}
