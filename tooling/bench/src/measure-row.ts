/** Measures one row: its sides take turns, a process each, round after round. */
import type { NodeRelease } from "./node-release.js";
import type { ProcessReport } from "./process-report.js";
import { type RowResult, type SideReports, summarizeRow } from "./row-result.js";
import type { Row, Script, ScriptPeer, Side } from "./row.js";
import { runSide } from "./side-process.js";
import type { Workshop } from "./workshop.js";

const DETACH_FIRST = new URL("./perfloc/detach-first.js", import.meta.url).href;

export interface Pace {
  readonly rounds: number;
  /** Whether Perfloc runs once more after a detach in every row, not only in those that ask for it. */
  readonly isAlwaysDetached: boolean;
}

/** @throws RowError when a process fails, or the sides did not do the same work */
export async function measureRow(
  row: Row,
  workshop: Workshop,
  nodes: readonly NodeRelease[],
  { rounds, isAlwaysDetached }: Pace,
): Promise<RowResult> {
  const { perfloc, peers } = row.prepare(workshop);
  const states = isAlwaysDetached || row.isAlsoDetached === true ? [false, true] : [false];
  const perflocRuns = nodes.flatMap((node) =>
    states.map((isAfterDetach) => startRun(perflocSide(perfloc, node, isAfterDetach))),
  );
  const peerRuns = peers.flatMap((peer) =>
    "path" in peer
      ? nodes.map((node) => startRun(scriptSide(peer, node, nodes.length > 1)))
      : [startRun({ ...peer, node: undefined, isAfterDetach: false })],
  );
  const runs = [...perflocRuns, ...peerRuns];
  for (let round = 0; round < Math.min(rounds, row.maxRounds ?? rounds); round++) {
    for (const { side, reports } of runs) {
      // oxlint-disable-next-line no-await-in-loop -- one process after the other, or they would disturb each other
      reports.push(await runSide(side));
    }
  }
  return summarizeRow(row, perflocRuns.map(reportsOf), peerRuns.map(reportsOf));
}

type LabelledSide = Side & Pick<SideReports, "node" | "isAfterDetach">;

/** A side and what its processes have reported so far. */
interface Run {
  readonly side: LabelledSide;
  readonly reports: ProcessReport[];
}

function startRun(side: LabelledSide): Run {
  return { side, reports: [] };
}

function reportsOf({ side: { label, node, isAfterDetach }, reports }: Run): SideReports {
  return { label, node, isAfterDetach, reports };
}

function perflocSide(
  { path, args }: Script,
  node: NodeRelease,
  isAfterDetach: boolean,
): LabelledSide {
  return {
    label: isAfterDetach ? `${node.label}, after a detach` : node.label,
    node: node.label,
    isAfterDetach,
    command: node.path,
    args: [...(isAfterDetach ? ["--import", DETACH_FIRST] : []), path, ...args],
  };
}

function scriptSide(
  { label, path, args }: ScriptPeer,
  node: NodeRelease,
  isNodeInDoubt: boolean,
): LabelledSide {
  return {
    label: isNodeInDoubt ? `${label}, ${node.label}` : label,
    node: node.label,
    isAfterDetach: false,
    command: node.path,
    args: [path, ...args],
  };
}
