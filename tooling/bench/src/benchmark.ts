/** The whole run: row after row, with a line on standard error when one is done. */
import { TraceFormatError } from "@perfloc-tooling/traces";
import { measureRow, type Pace } from "./measure-row.js";
import type { NodeRelease } from "./node-release.js";
import type { RowResult } from "./row-result.js";
import { type Row, RowError } from "./row.js";
import type { Workshop } from "./workshop.js";

interface Failure {
  readonly row: string;
  readonly message: string;
}

export interface Outcome {
  readonly results: readonly RowResult[];
  /** Rows that could not be measured. */
  readonly failures: readonly Failure[];
}

/** @param nodes - that run Perfloc's side; at least one */
export async function runBenchmark(
  rows: readonly Row[],
  workshop: Workshop,
  nodes: readonly NodeRelease[],
  pace: Pace,
  log: (line: string) => void,
): Promise<Outcome> {
  const results: RowResult[] = [];
  const failures: Failure[] = [];
  for (const row of rows) {
    const began = performance.now();
    try {
      // oxlint-disable-next-line no-await-in-loop -- one row after the other, or they would disturb each other
      const result = await measureRow(row, workshop, nodes, pace);
      results.push(result);
      const seconds = (performance.now() - began) / 1000;
      log(`${row.name}: ${shortly(result)}, in ${seconds.toFixed(1)} s`);
    } catch (error) {
      if (!(error instanceof RowError) && !(error instanceof TraceFormatError)) throw error;
      failures.push({ row: row.name, message: error.message });
      log(`error: ${row.name}: ${error.message}`);
    }
  }
  return { results, failures };
}

function shortly({ perfloc, peers }: RowResult): string {
  return [...perfloc, ...peers]
    .map(({ label, medians }) => `${label} ${medians.median.toFixed(2)} ns/op`)
    .join(", ");
}
