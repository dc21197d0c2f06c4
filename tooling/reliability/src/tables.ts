/** The tables that the command prints. */
import type { CheckLevel } from "@perfloc/typed";
import CliTable from "cli-table3";
import type { FlipRow } from "./byte-flips/flip-campaign.js";
import type { MatrixRow } from "./out-of-memory/matrix.js";

const PLAIN = { style: { head: [], border: [] } };
const RIGHT = "right" as const;

export function matrixTable(rows: readonly MatrixRow[]): string {
  const table = new CliTable({
    ...PLAIN,
    head: ["scenario", "requests", "runs with a failure", "calls that threw", "left behind"],
    colAligns: ["left", RIGHT, RIGHT, RIGHT, RIGHT],
  });
  const total = { requests: 0, runs: 0, failedCalls: 0 };
  for (const { scenario, requests, runs, failedCalls, isExact } of rows) {
    // A run that leaks throws, so whoever has a row has leaked nothing.
    const left = isExact ? "0 bytes" : "0 objects";
    table.push([scenario, requests, runs, failedCalls, left]);
    total.requests += requests;
    total.runs += runs;
    total.failedCalls += failedCalls;
  }
  table.push([
    `${rows.length} scenarios`,
    total.requests,
    total.runs,
    total.failedCalls,
    "0 bytes",
  ]);
  return table.toString();
}

export function flipTable(check: CheckLevel, rows: readonly FlipRow[]): string {
  const table = new CliTable({
    ...PLAIN,
    head: [
      `bytes, level ${check}`,
      "bits flipped",
      "found",
      "context named",
      "place named",
      "not found, because",
    ],
    colAligns: ["left", RIGHT, RIGHT, RIGHT, RIGHT, "left"],
    colWidths: [46, null, null, null, null, 40],
    wordWrap: true,
  });
  for (const row of rows) {
    const { kind, flips, detected, namedContext, namedAddress, missed } = row;
    const reason = row.uncheckedBecause ?? missed.join("; ");
    table.push([kind, flips, detected, namedContext, namedAddress, reason]);
  }
  return table.toString();
}
