/** What the rounds of a row say: figures of each side, and how Perfloc compares with each peer. */
import type { EventLoopFigures } from "./event-loop-figures.js";
import type { ProcessReport } from "./process-report.js";
import { type Distribution, distribution, median, pairwiseRatios } from "./statistics.js";
import { type Question, RowError } from "./row.js";

/** Who ran, and in what. */
interface SideIdentity {
  /** Unique among the sides of a row. */
  readonly label: string;
  /** Undefined for programs in C. */
  readonly runtime: string | undefined;
  /** Whether an ArrayBuffer had been detached in the process: reading typed arrays costs more then. */
  readonly isAfterDetach: boolean;
}

/** Nanoseconds per operation, over the rounds. */
export interface SideFigures extends SideIdentity {
  /** Of each round's process: the median and the minimum of its passes. In order of the rounds. */
  readonly medianOfRound: readonly number[];
  readonly minOfRound: readonly number[];
  /** How those lie. */
  readonly medians: Distribution;
  readonly minima: Distribution;
  /** Most bytes that a process of this side had resident at once; undefined when its program does not say. */
  readonly peakRssBytes: Distribution | undefined;
  /** Of services only. */
  readonly eventLoop: EventLoopDistributions | undefined;
}

/** The figures of {@link EventLoopFigures}, over the rounds. */
export type EventLoopDistributions = { readonly [Figure in keyof EventLoopFigures]: Distribution };

/** Perfloc's time in parts of the peer's: below 1, Perfloc is faster. */
export interface Comparison {
  readonly perfloc: string;
  readonly peer: string;
  /** The median of the ratios of the rounds, each of two process medians. */
  readonly ratio: number;
  /** The lowest and the highest of these ratios. Where 1 lies between them, the rounds do not agree on who is faster. */
  readonly ratioLowest: number;
  readonly ratioHighest: number;
  /** The fastest pass of all rounds against the peer's fastest: the ratio on a machine with nothing else to do. */
  readonly ratioOfMinima: number;
}

export interface RowResult {
  readonly name: string;
  readonly summary: string;
  readonly question: Question;
  /** The largest allowed ratio of Perfloc's time to its first peer's. */
  readonly bound?: number;
  /** Of one pass. */
  readonly operations: number;
  /** One for each runtime, and for each state of it. */
  readonly perfloc: readonly SideFigures[];
  readonly peers: readonly SideFigures[];
  /** Every Perfloc side with every peer, those in JavaScript on the same runtime. */
  readonly comparisons: readonly Comparison[];
  /** The same loop over a stub allocator: on each runtime, and in C. Empty where it was not measured. */
  readonly loops: readonly SideFigures[];
}

/** The reports of one side, in order of the rounds. */
export interface SideReports extends SideIdentity {
  readonly reports: readonly ProcessReport[];
}

/** @throws RowError when the sides did not do the same work: other operations, or another checksum */
export function summarizeRow(
  { name, summary, question, bound }: Pick<RowResult, "name" | "summary" | "question" | "bound">,
  perflocReports: readonly SideReports[],
  peerReports: readonly SideReports[],
  loopReports: readonly SideReports[] = [],
): RowResult {
  const operations = checkSameWork([...perflocReports, ...peerReports, ...loopReports]);
  const perfloc = perflocReports.map(summarizeSide);
  const peers = peerReports.map(summarizeSide);
  const comparisons = perfloc.flatMap((side) =>
    peers
      .filter(({ runtime }) => runtime === undefined || runtime === side.runtime)
      .map((peer) => compare(side, peer)),
  );
  const loops = loopReports.map(summarizeSide);
  return {
    name,
    summary,
    question,
    ...(bound !== undefined && { bound }),
    operations,
    perfloc,
    peers,
    comparisons,
    loops,
  };
}

function summarizeSide({ reports, ...identity }: SideReports): SideFigures {
  const medianOfRound = reports.map(({ passes }) => median(passes));
  const minOfRound = reports.map(({ passes }) => Math.min(...passes));
  const peaks = reports.flatMap(({ peakRssBytes }) => peakRssBytes ?? []);
  return {
    ...identity,
    medianOfRound,
    minOfRound,
    medians: distribution(medianOfRound),
    minima: distribution(minOfRound),
    peakRssBytes: peaks.length === 0 ? undefined : distribution(peaks),
    eventLoop: summarizeEventLoop(reports.flatMap(({ eventLoop }) => eventLoop ?? [])),
  };
}

function summarizeEventLoop(
  rounds: readonly EventLoopFigures[],
): EventLoopDistributions | undefined {
  if (rounds.length === 0) return undefined;
  return {
    longestPauseMs: distribution(rounds.map(({ longestPauseMs }) => longestPauseMs)),
    p999PauseMs: distribution(rounds.map(({ p999PauseMs }) => p999PauseMs)),
    rssBytes: distribution(rounds.map(({ rssBytes }) => rssBytes)),
  };
}

function compare(perfloc: SideFigures, peer: SideFigures): Comparison {
  const ratios = distribution(pairwiseRatios(perfloc.medianOfRound, peer.medianOfRound));
  return {
    perfloc: perfloc.label,
    peer: peer.label,
    ratio: ratios.median,
    ratioLowest: ratios.min,
    ratioHighest: ratios.max,
    ratioOfMinima: perfloc.minima.min / peer.minima.min,
  };
}

/** @returns the operations that all sides agree on */
function checkSameWork(sides: readonly SideReports[]): number {
  const runs = sides.flatMap(({ label, reports }) => reports.map((report) => ({ label, report })));
  const first = runs[0]!;
  const firstSummed = runs.find(({ report }) => report.checksum !== undefined);
  for (const { label, report } of runs) {
    if (report.ops !== first.report.ops) {
      throw new RowError(
        `${first.label} did ${first.report.ops} operations, ${label} ${report.ops}`,
      );
    }
    const expected = firstSummed?.report.checksum;
    if (report.checksum !== undefined && report.checksum !== expected) {
      throw new RowError(
        `checksums differ: ${firstSummed?.label} has ${expected}, ${label} ${report.checksum}`,
      );
    }
  }
  return first.report.ops;
}
