/** Measures one row: its sides take turns, a process each, round after round. */
import type { NodeRelease } from "./node-release.js";
import type { ProcessReport } from "./process-report.js";
import { type RowResult, summarizeRow } from "./row-result.js";
import type { Row, Script, Side } from "./row.js";
import { runSide } from "./side-process.js";
import type { Workshop } from "./workshop.js";

/** @throws RowError when a process fails, or the sides did not do the same work */
export async function measureRow(
  row: Row,
  workshop: Workshop,
  nodes: readonly NodeRelease[],
  rounds: number,
): Promise<RowResult> {
  const { perfloc, peers } = row.prepare(workshop);
  const sides = [...nodes.map((node) => perflocSide(perfloc, node)), ...peers];
  const results = sides.map(({ label }) => ({ label, reports: [] as ProcessReport[] }));
  for (let round = 0; round < rounds; round++) {
    for (const [index, side] of sides.entries()) {
      // oxlint-disable-next-line no-await-in-loop -- one process after the other, or they would disturb each other
      results[index]!.reports.push(await runSide(side));
    }
  }
  return summarizeRow(row, results.slice(0, nodes.length), results.slice(nodes.length));
}

function perflocSide({ path, args }: Script, node: NodeRelease): Side {
  return { label: node.label, command: node.path, args: [path, ...args] };
}
