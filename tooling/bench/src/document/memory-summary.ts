/** The table of memory: what the traces hold at their peaks, in a few columns. Services of the fleet are one line. */
import {
  meanRatio,
  type MemoryLine,
  printBytes,
  printOptional,
  ratioTo,
} from "../memory/memory-table.js";
import type { TableData } from "../table-data.js";
import { columnsOf } from "./question-tables.js";

/** @returns undefined without lines */
export function memorySummary(
  lines: readonly MemoryLine[],
  commitBefore: string,
): TableData | undefined {
  if (lines.length === 0) return undefined;
  const fleet = lines.filter(({ name }) => name.startsWith("fleet"));
  return {
    columns: columnsOf("**Memory** at the peak, with planes", [
      "live",
      `held at ${commitBefore}`,
      "held",
      "held by glibc",
      "ratio",
      "of glibc",
      "written, ratio",
      "written, of glibc",
    ]),
    rows: [
      ...lines.filter((line) => !fleet.includes(line)).map(cells),
      ...(fleet.length === 0 ? [] : [meanCells("fleet services, geometric mean", fleet)]),
      meanCells("all, geometric mean", lines),
    ],
  };
}

function cells({ name, liveBytes, held, written }: MemoryLine): string[] {
  return [
    name,
    ...[liveBytes, held.before, held.now, held.glibc].map(printBytes),
    ...[ratioTo(held, "before"), ratioTo(held, "glibc")].map(printOptional),
    ...[ratioTo(written, "before"), ratioTo(written, "glibc")].map(printOptional),
  ];
}

function meanCells(title: string, lines: readonly MemoryLine[]): string[] {
  const held = lines.map((line) => line.held);
  const written = lines.map((line) => line.written);
  return [
    title,
    "",
    "",
    "",
    "",
    ...[meanRatio(held, "before"), meanRatio(held, "glibc")].map(printOptional),
    ...[meanRatio(written, "before"), meanRatio(written, "glibc")].map(printOptional),
  ];
}
