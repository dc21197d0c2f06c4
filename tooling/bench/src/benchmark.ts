/** The whole run: row after row, with a line on standard error when one is done. */
import { TraceFormatError } from "@perfloc-tooling/traces";
import { measureRow, type Pace } from "./measure-row.js";
import { measureMemory, type MemoryResult } from "./memory/measure-memory.js";
import type { RowResult } from "./row-result.js";
import { type Row, RowError } from "./row.js";
import type { Runtime } from "./runtime.js";
import type { Workshop } from "./workshop.js";

interface Failure {
  readonly row: string;
  readonly message: string;
}

export interface Outcome {
  readonly results: readonly RowResult[];
  /** Of the rows that replay a program. */
  readonly memory: readonly MemoryResult[];
  /** Rows that could not be measured. */
  readonly failures: readonly Failure[];
}

/** @param runtimes - that run Perfloc's side; at least one, and the first runs what is measured once */
export async function runBenchmark(
  rows: readonly Row[],
  workshop: Workshop,
  runtimes: readonly Runtime[],
  { isMemoryOnly, ...pace }: Pace & { readonly isMemoryOnly: boolean },
  log: (line: string) => void,
): Promise<Outcome> {
  const results: RowResult[] = [];
  const memory: MemoryResult[] = [];
  const failures: Failure[] = [];
  /* oxlint-disable no-await-in-loop -- one row after the other, or they would disturb each other */
  for (const row of rows) {
    const began = performance.now();
    try {
      const contest = row.prepare(workshop);
      if (contest.memory !== undefined) {
        memory.push(await measureMemory(row.name, contest.memory, runtimes[0]!));
      }
      if (isMemoryOnly) continue;
      const result = await measureRow(row, contest, runtimes, pace);
      results.push(result);
      const seconds = (performance.now() - began) / 1000;
      log(`${row.name}: ${shortly(result)}, in ${seconds.toFixed(1)} s`);
    } catch (error) {
      if (!(error instanceof RowError) && !(error instanceof TraceFormatError)) throw error;
      failures.push({ row: row.name, message: error.message });
      log(`error: ${row.name}: ${error.message}`);
    }
  }
  /* oxlint-enable no-await-in-loop */
  return { results, memory, failures };
}

function shortly({ perfloc, peers }: RowResult): string {
  return [...perfloc, ...peers]
    .map(({ label, medians }) => `${label} ${medians.median.toFixed(2)} ns/op`)
    .join(", ");
}
