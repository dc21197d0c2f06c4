/** The table of the traces net of their loops. */
import { netTimes } from "./net-of-loop.js";
import { printRatio } from "./print-ratio.js";
import type { RowResult } from "./row-result.js";
import type { Column, TableData } from "./table-data.js";

const COLUMNS: readonly Column[] = [
  { title: "row", align: "left" },
  { title: "Perfloc's loop", align: "right" },
  { title: "Perfloc, net", align: "right" },
  { title: "peer", align: "left" },
  { title: "loop in C", align: "right" },
  { title: "peer, net", align: "right" },
  { title: "net ratio", align: "right" },
];

/** @returns undefined when no loop was measured */
export function netTable(results: readonly RowResult[]): TableData | undefined {
  const rows = results.flatMap((result) =>
    netTimes(result).map(({ peer, perflocNs, peerNs, ratio }) => [
      result.name,
      (result.perfloc[0]!.minima.min - perflocNs).toFixed(2),
      perflocNs.toFixed(2),
      peer,
      (result.peers.find(({ label }) => label === peer)!.minima.min - peerNs).toFixed(2),
      peerNs.toFixed(2),
      printRatio(ratio),
    ]),
  );
  return rows.length === 0 ? undefined : { columns: COLUMNS, rows };
}
