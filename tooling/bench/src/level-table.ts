/** The table of what the check levels cost. Of the fastest passes: what disturbs one round disturbs the medians. */
import type { RowResult } from "./row-result.js";
import type { Column, TableData } from "./table-data.js";

/** @returns undefined when no row is about check levels */
export function levelTable(results: readonly RowResult[]): TableData | undefined {
  const measured = results.filter(({ question }) => question === "levels");
  const first = measured[0];
  if (first === undefined) return undefined;
  const columns: Column[] = [
    { title: "trace", align: "left" },
    { title: "`off`, ns/op", align: "right" },
    ...levelsOf(first).map(({ label }) => ({ title: label, align: "right" as const })),
  ];
  return { columns, rows: measured.map(cells) };
}

function cells(result: RowResult): string[] {
  const costs = levelsOf(result).map(
    ({ percent, extraNs }) => `${percent.toFixed(0)} %, ${extraNs.toFixed(1)} ns more`,
  );
  return [traceOf(result), result.perfloc[0]!.minima.min.toFixed(1), ...costs];
}

/** What a level takes, in percent of the time on `off`, and how much longer. On the first runtime. */
export interface LevelCost {
  readonly label: string;
  readonly percent: number;
  readonly extraNs: number;
}

export function levelsOf({ perfloc, peers }: RowResult): readonly LevelCost[] {
  const off = perfloc[0]!;
  return peers
    .filter(({ runtime }) => runtime === off.runtime)
    .map(({ label, minima }) => ({
      label: label.replace(`, ${off.runtime}`, ""),
      percent: (minima.min / off.minima.min) * 100,
      extraNs: minima.min - off.minima.min,
    }));
}

function traceOf({ name }: RowResult): string {
  return name.replace("levels-", "");
}
