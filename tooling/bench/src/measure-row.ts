/** Measures one row: its sides take turns, a process each, round after round. */
import type { ProcessReport } from "./process-report.js";
import { type RowResult, type SideReports, summarizeRow } from "./row-result.js";
import type { Contest, Row, Script, ScriptPeer, Side } from "./row.js";
import type { Runtime } from "./runtime.js";
import { runSide } from "./side-process.js";

const DETACH_FIRST = new URL("./perfloc/detach-first.js", import.meta.url).href;

export interface Pace {
  readonly rounds: number;
  /** Whether Perfloc runs once more after a detach in every row, not only in those that ask for it. */
  readonly isAlwaysDetached: boolean;
}

/** @throws RowError when a process fails, or the sides did not do the same work */
export async function measureRow(
  row: Row,
  { perfloc, peers, loop }: Contest,
  runtimes: readonly Runtime[],
  { rounds, isAlwaysDetached }: Pace,
): Promise<RowResult> {
  const states = isAlwaysDetached || row.isAlsoDetached === true ? [false, true] : [false];
  const perflocRuns = runtimes.flatMap((runtime) =>
    states.map((isAfterDetach) => startRun(perflocSide(perfloc, runtime, isAfterDetach))),
  );
  const peerRuns = peers.flatMap((peer) =>
    "path" in peer
      ? (peer.isOnFirstRuntimeOnly === true ? runtimes.slice(0, 1) : runtimes).map((runtime) =>
          startRun(scriptSide(peer, runtime, runtimes.length > 1)),
        )
      : [startRun(nativeSide(peer))],
  );
  const loopRuns =
    loop === undefined
      ? []
      : [
          ...runtimes.map((runtime) =>
            startRun(scriptSide({ ...loop.perfloc, label: "loop" }, runtime, true)),
          ),
          ...(loop.native === undefined ? [] : [startRun(nativeSide(loop.native))]),
        ];
  const runs = [...perflocRuns, ...peerRuns, ...loopRuns];
  for (let round = 0; round < Math.min(rounds, row.maxRounds ?? rounds); round++) {
    for (const { side, reports } of runs) {
      // oxlint-disable-next-line no-await-in-loop -- one process after the other, or they would disturb each other
      reports.push(await runSide(side));
    }
  }
  return summarizeRow(
    row,
    perflocRuns.map(reportsOf),
    peerRuns.map(reportsOf),
    loopRuns.map(reportsOf),
  );
}

type LabelledSide = Side & Pick<SideReports, "runtime" | "isAfterDetach">;

/** A side and what its processes have reported so far. */
interface Run {
  readonly side: LabelledSide;
  readonly reports: ProcessReport[];
}

function startRun(side: LabelledSide): Run {
  return { side, reports: [] };
}

function reportsOf({ side: { label, runtime, isAfterDetach }, reports }: Run): SideReports {
  return { label, runtime, isAfterDetach, reports };
}

function nativeSide(side: Side): LabelledSide {
  return { ...side, runtime: undefined, isAfterDetach: false };
}

function perflocSide(
  { path, args }: Script,
  runtime: Runtime,
  isAfterDetach: boolean,
): LabelledSide {
  return {
    label: isAfterDetach ? `${runtime.label}, after a detach` : runtime.label,
    runtime: runtime.label,
    isAfterDetach,
    command: runtime.path,
    args: [...(isAfterDetach ? ["--import", DETACH_FIRST] : []), path, ...args],
  };
}

function scriptSide(
  { label, path, args }: ScriptPeer,
  runtime: Runtime,
  isRuntimeInDoubt: boolean,
): LabelledSide {
  return {
    label: isRuntimeInDoubt ? `${label}, ${runtime.label}` : label,
    runtime: runtime.label,
    isAfterDetach: false,
    command: runtime.path,
    args: [path, ...args],
  };
}
