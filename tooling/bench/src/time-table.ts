/** The table of times: nanoseconds per operation of both sides, and their ratio. */
import { type ComparisonLine, comparisonLines } from "./comparison-lines.js";
import { printRatio } from "./print-ratio.js";
import type { RowResult, SideFigures } from "./row-result.js";
import type { Column, TableData } from "./table-data.js";

const COLUMNS: readonly Column[] = [
  { title: "row", align: "left" },
  { title: "Perfloc on", align: "left" },
  { title: "ns/op", align: "right" },
  { title: "fastest", align: "right" },
  { title: "spread", align: "right" },
  { title: "peer", align: "left" },
  { title: "ns/op", align: "right" },
  { title: "fastest", align: "right" },
  { title: "spread", align: "right" },
  { title: "ratio", align: "right" },
  { title: "lowest..highest", align: "right" },
  { title: "of fastest", align: "right" },
];

export function timeTable(results: readonly RowResult[]): TableData {
  return { columns: COLUMNS, rows: comparisonLines(results).map(cells) };
}

function cells({ name, perfloc, peer, comparison }: ComparisonLine): string[] {
  const compared =
    comparison === undefined
      ? ["", "", ""]
      : [
          printRatio(comparison.ratio),
          `${printRatio(comparison.ratioLowest)}..${printRatio(comparison.ratioHighest)}`,
          printRatio(comparison.ratioOfMinima),
        ];
  return [name, ...sideCells(perfloc), ...sideCells(peer), ...compared];
}

function sideCells(side: SideFigures | undefined): string[] {
  if (side === undefined) return ["none", "", "", ""];
  const spread = `${side.medians.spreadPercent.toFixed(0)} %`;
  return [side.label, fixed(side.medians.median), fixed(side.minima.min), spread];
}

function fixed(value: number): string {
  return value.toFixed(2);
}
