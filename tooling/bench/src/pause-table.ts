/** The table of services: what they get done, how long their event loops stop, and what memory they take. */
import prettyBytes from "pretty-bytes";
import { type ComparedLine, comparedLines } from "./comparison-lines.js";
import { printRatio } from "./print-ratio.js";
import type { EventLoopDistributions, RowResult, SideFigures } from "./row-result.js";
import type { Column, TableData } from "./table-data.js";

const SIDE_COLUMNS: readonly Column[] = [
  { title: "records/s", align: "right" },
  { title: "longest", align: "right" },
  { title: "p99.9", align: "right" },
  { title: "RSS", align: "right" },
];

const COLUMNS: readonly Column[] = [
  { title: "row", align: "left" },
  { title: "Perfloc on", align: "left" },
  ...SIDE_COLUMNS,
  { title: "peer", align: "left" },
  ...SIDE_COLUMNS,
  { title: "longest, ratio", align: "right" },
  { title: "RSS, ratio", align: "right" },
];

const NS_PER_S = 1e9;

/** @returns undefined when no row is a service */
export function pauseTable(results: readonly RowResult[]): TableData | undefined {
  const rows = comparedLines(results).flatMap((line) => {
    const { perfloc, peer } = line;
    if (perfloc.eventLoop === undefined || peer.eventLoop === undefined) return [];
    return [cells(line, perfloc.eventLoop, peer.eventLoop)];
  });
  return rows.length === 0 ? undefined : { columns: COLUMNS, rows };
}

function cells(
  { name, perfloc, peer }: ComparedLine,
  ours: EventLoopDistributions,
  theirs: EventLoopDistributions,
): string[] {
  return [
    name,
    ...sideCells(perfloc, ours),
    ...sideCells(peer, theirs),
    printRatio(ours.longestPauseMs.median / theirs.longestPauseMs.median),
    printRatio(ours.rssBytes.median / theirs.rssBytes.median),
  ];
}

function sideCells({ label, medians }: SideFigures, eventLoop: EventLoopDistributions): string[] {
  return [
    label,
    Math.round(NS_PER_S / medians.median).toLocaleString("en-US"),
    `${eventLoop.longestPauseMs.median.toFixed(1)} ms`,
    `${eventLoop.p999PauseMs.median.toFixed(1)} ms`,
    prettyBytes(eventLoop.rssBytes.median, { binary: true }),
  ];
}
