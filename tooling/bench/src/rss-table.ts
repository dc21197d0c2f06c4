/** The table of resident sets: the most that the processes of a side had at once. */
import prettyBytes from "pretty-bytes";
import { comparedLines } from "./comparison-lines.js";
import { printRatio } from "./print-ratio.js";
import type { RowResult } from "./row-result.js";
import type { Column, TableData } from "./table-data.js";

const COLUMNS: readonly Column[] = [
  { title: "row", align: "left" },
  { title: "Perfloc on", align: "left" },
  { title: "peak RSS", align: "right" },
  { title: "peer", align: "left" },
  { title: "peak RSS", align: "right" },
  { title: "ratio", align: "right" },
];

/** @returns undefined when no two sides of a row say theirs */
export function rssTable(results: readonly RowResult[]): TableData | undefined {
  const measured = comparedLines(results).flatMap(({ name, perfloc, peer }) => {
    const ours = perfloc.peakRssBytes?.median;
    const theirs = peer.peakRssBytes?.median;
    if (ours === undefined || theirs === undefined) return [];
    const ratio = ours / theirs;
    const cells = [
      name,
      perfloc.label,
      prettyBytes(ours, { binary: true }),
      peer.label,
      prettyBytes(theirs, { binary: true }),
      printRatio(ratio),
    ];
    return [{ ratio, cells }];
  });
  if (measured.length === 0) return undefined;
  const rows = measured.toSorted((a, b) => b.ratio - a.ratio).map(({ cells }) => cells);
  return { columns: COLUMNS, rows };
}
