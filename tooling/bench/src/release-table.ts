/** The table of Perfloc's other sides: other releases of Node, and processes in which an ArrayBuffer was detached. */
import { printRatio } from "./print-ratio.js";
import type { RowResult, SideFigures } from "./row-result.js";
import type { Column, TableData } from "./table-data.js";

const COLUMNS: readonly Column[] = [
  { title: "row", align: "left" },
  { title: "Perfloc on", align: "left" },
  { title: "ns/op", align: "right" },
  { title: "fastest", align: "right" },
  { title: "spread", align: "right" },
  { title: "of the first", align: "right" },
  { title: "peer", align: "left" },
  { title: "ratio", align: "right" },
];

/** @returns undefined when every row has one side */
export function releaseTable(results: readonly RowResult[]): TableData | undefined {
  const rows = results.flatMap((result) =>
    result.perfloc.slice(1).map((side) => cells(result, side)),
  );
  return rows.length === 0 ? undefined : { columns: COLUMNS, rows };
}

/** The results as if each row had its first side alone. */
export function firstSides(results: readonly RowResult[]): readonly RowResult[] {
  return results.map((result) => {
    const perfloc = result.perfloc.slice(0, 1);
    const comparisons = result.comparisons.filter((found) => found.perfloc === perfloc[0]?.label);
    return { ...result, perfloc, comparisons };
  });
}

function cells({ name, perfloc, comparisons }: RowResult, side: SideFigures): string[] {
  const comparison = comparisons.find((found) => found.perfloc === side.label);
  return [
    name,
    side.label,
    side.medians.median.toFixed(2),
    side.minima.min.toFixed(2),
    `${side.medians.spreadPercent.toFixed(0)} %`,
    printRatio(side.medians.median / perfloc[0]!.medians.median),
    comparison?.peer ?? "none",
    comparison === undefined ? "" : printRatio(comparison.ratio),
  ];
}
