/** The table of how much memory Perfloc takes for what is live. */
import prettyBytes from "pretty-bytes";
import type { PeakMemory } from "./process-report.js";
import type { RowResult } from "./row-result.js";
import { geometricMean } from "./statistics.js";
import type { Column, TableData } from "./table-data.js";

const COLUMNS: readonly Column[] = [
  { title: "row", align: "left" },
  { title: "live at the peak", align: "right" },
  { title: "used", align: "right" },
  { title: "held", align: "right" },
  { title: "used / live", align: "right" },
  { title: "held / used", align: "right" },
];

/** What a program pays for a byte that it asked for: in process chunks, and those in top chunks. */
interface Overhead {
  readonly usedOverLive: number;
  readonly heldOverUsed: number;
}

/** @returns undefined when no row has measured its memory */
export function memoryTable(results: readonly RowResult[]): TableData | undefined {
  const measured = results.flatMap(({ name, perfloc }) => {
    const peak = perfloc[0]?.peak;
    return peak === undefined ? [] : [{ name, peak }];
  });
  if (measured.length === 0) return undefined;
  const rows = [
    ...measured.map(({ name, peak }) => [name, ...peakCells(peak)]),
    ["geometric mean", "", "", "", ...overheadCells(meanOverhead(measured))],
  ];
  return { columns: COLUMNS, rows };
}

function meanOverhead(measured: readonly { readonly peak: PeakMemory }[]): Overhead {
  const overheads = measured.map(({ peak }) => overheadOf(peak));
  return {
    usedOverLive: geometricMean(overheads.map(({ usedOverLive }) => usedOverLive)),
    heldOverUsed: geometricMean(overheads.map(({ heldOverUsed }) => heldOverUsed)),
  };
}

function overheadOf({ liveBytes, usedBytes, heldBytes }: PeakMemory): Overhead {
  return { usedOverLive: usedBytes / liveBytes, heldOverUsed: heldBytes / usedBytes };
}

function peakCells(peak: PeakMemory): string[] {
  const bytes = [peak.liveBytes, peak.usedBytes, peak.heldBytes];
  return [
    ...bytes.map((count) => prettyBytes(count, { binary: true })),
    ...overheadCells(overheadOf(peak)),
  ];
}

function overheadCells({ usedOverLive, heldOverUsed }: Overhead): string[] {
  return [usedOverLive.toFixed(2), heldOverUsed.toFixed(2)];
}
