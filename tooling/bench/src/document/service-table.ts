/** The table of services: their longest pauses and what they have resident, beside each peer. Medians of the rounds. */
import prettyBytes from "pretty-bytes";
import { printRatio } from "../print-ratio.js";
import type { RowResult, SideFigures } from "../row-result.js";
import type { TableData } from "../table-data.js";
import { columnsOf } from "./question-tables.js";

const PEERS = ["plain objects", "Map of objects", "Buffer slices"];

/** @returns undefined without services */
export function serviceTable(results: readonly RowResult[]): TableData | undefined {
  const services = results.filter(({ question }) => question === "pauses");
  if (services.length === 0) return undefined;
  return {
    columns: columnsOf("**Pauses**: 2 million records", [
      "longest pause",
      ...PEERS.map((peer) => `of ${peer}'`),
      "resident",
      ...PEERS.map((peer) => `of ${peer}'`),
    ]),
    rows: services.map(cells),
  };
}

function cells({ name, perfloc, peers }: RowResult): string[] {
  const own = perfloc[0]!;
  const others = PEERS.map((peer) =>
    peers.find(({ label, runtime }) => runtime === own.runtime && label.startsWith(peer)),
  );
  const pauseMs = longestPauseMs(own);
  const rss = residentBytes(own);
  return [
    name,
    pauseMs === undefined ? "" : `${pauseMs.toFixed(1)} ms`,
    ...others.map((side) => ratioCell(pauseMs, side && longestPauseMs(side))),
    rss === undefined ? "" : prettyBytes(rss, { binary: true }),
    ...others.map((side) => ratioCell(rss, side && residentBytes(side))),
  ];
}

function longestPauseMs({ eventLoop }: SideFigures): number | undefined {
  return eventLoop?.longestPauseMs.median;
}

function residentBytes({ eventLoop }: SideFigures): number | undefined {
  return eventLoop?.rssBytes.median;
}

function ratioCell(ours: number | undefined, theirs: number | undefined): string {
  return ours === undefined || theirs === undefined ? "" : printRatio(ours / theirs);
}
