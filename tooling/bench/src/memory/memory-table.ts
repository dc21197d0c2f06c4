/** The table of what the traces take: today's Perfloc, an earlier one, and glibc. */
import prettyBytes from "pretty-bytes";
import { printRatio } from "../print-ratio.js";
import { geometricMean } from "../statistics.js";
import type { Column, TableData } from "../table-data.js";
import type { MemoryResult } from "./measure-memory.js";

const COLUMNS: readonly Column[] = [
  { title: "row", align: "left" },
  { title: "live", align: "right" },
  { title: "used before", align: "right" },
  { title: "used", align: "right" },
  { title: "of before", align: "right" },
  { title: "held before", align: "right" },
  { title: "held", align: "right" },
  { title: "of before", align: "right" },
  { title: "glibc held", align: "right" },
  { title: "of glibc", align: "right" },
  { title: "written before", align: "right" },
  { title: "written", align: "right" },
  { title: "of before", align: "right" },
  { title: "glibc resident", align: "right" },
  { title: "of glibc", align: "right" },
];

/** What stands in one line, in bytes. Undefined where it was not measured. */
export interface MemoryLine {
  readonly name: string;
  readonly liveBytes: number;
  readonly used: MemoryFigures;
  readonly held: MemoryFigures;
  readonly written: MemoryFigures;
}

/** One quantity on three allocators. */
export interface MemoryFigures {
  readonly now: number;
  readonly before: number | undefined;
  readonly glibc: number | undefined;
}

/** @param before - of an earlier Perfloc, by the same names */
export function memoryLines(
  results: readonly MemoryResult[],
  before: readonly MemoryResult[],
): readonly MemoryLine[] {
  return results.map(({ name, perfloc, glibc }) => {
    const earlier = before.find((result) => result.name === name)?.perfloc;
    return {
      name,
      liveBytes: perfloc.liveBytes,
      used: { now: perfloc.usedBytes, before: earlier?.usedBytes, glibc: undefined },
      held: { now: perfloc.heldBytes, before: earlier?.heldBytes, glibc: glibc?.heldBytes },
      written: {
        now: perfloc.writtenBytes,
        before: earlier?.writtenBytes,
        glibc: glibc?.residentBytes,
      },
    };
  });
}

/** The geometric mean over the lines that have both; undefined when none has. */
export function meanRatio(
  figures: readonly MemoryFigures[],
  peer: "before" | "glibc",
): number | undefined {
  const ratios = figures.flatMap((each) => ratioTo(each, peer) ?? []);
  return ratios.length === 0 ? undefined : geometricMean(ratios);
}

/** @returns undefined without lines */
export function memoryTable(lines: readonly MemoryLine[]): TableData | undefined {
  if (lines.length === 0) return undefined;
  const means = [
    "geometric mean",
    "",
    ...meanCells(lines.map(({ used }) => used)),
    ...meanCells(
      lines.map(({ held }) => held),
      true,
    ),
    ...meanCells(
      lines.map(({ written }) => written),
      true,
    ),
  ];
  return { columns: COLUMNS, rows: [...lines.map(cells), means] };
}

function cells({ name, liveBytes, used, held, written }: MemoryLine): string[] {
  return [
    name,
    printBytes(liveBytes),
    ...figureCells(used),
    ...figureCells(held, true),
    ...figureCells(written, true),
  ];
}

function figureCells(figures: MemoryFigures, hasGlibc = false): string[] {
  return [
    printBytes(figures.before),
    printBytes(figures.now),
    printOptional(ratioTo(figures, "before")),
    ...(hasGlibc ? [printBytes(figures.glibc), printOptional(ratioTo(figures, "glibc"))] : []),
  ];
}

function meanCells(figures: readonly MemoryFigures[], hasGlibc = false): string[] {
  return [
    "",
    "",
    printOptional(meanRatio(figures, "before")),
    ...(hasGlibc ? ["", printOptional(meanRatio(figures, "glibc"))] : []),
  ];
}

export function ratioTo(figures: MemoryFigures, peer: "before" | "glibc"): number | undefined {
  const theirs = figures[peer];
  return theirs === undefined ? undefined : figures.now / theirs;
}

export function printBytes(count: number | undefined): string {
  return count === undefined ? "" : prettyBytes(count, { binary: true });
}

export function printOptional(ratio: number | undefined): string {
  return ratio === undefined ? "" : printRatio(ratio);
}
