/** The report's tables. */
import { BREAK_EVEN_MS } from "@perfloc/trim";
import { type Standing, recommitRatio, standingsOf } from "./standing.js";
import type { TableData } from "./table-data.js";
import type { Contest, Tournament } from "./tournament.js";

const MIB = 1024 * 1024;

export function tablesOf(tournament: Tournament, isDetailed: boolean): readonly TableData[] {
  const details = isDetailed ? tournament.contests.map(contestTable) : [];
  return [ratioTable(tournament), standingTable(tournament), ...details];
}

function ratioTable(tournament: Tournament): TableData {
  const { scale, policies, contests } = tournament;
  const standings = standingsOf(tournament);
  const summary = (name: string, figure: (standing: Standing) => number | undefined): string[] => [
    name,
    ...standings.map((standing) => printRatio(figure(standing))),
  ];
  return {
    title: `Cost over the optimum, peaks of ${scale.name}`,
    text: "1 is perfect. Mean and worst are over ordinary traffic: without adversaries, and without what is hopeless.",
    head: ["shape", ...policies.map(({ name }) => name)],
    rows: [
      ...contests.map(({ shape, entries }) =>
        [shape.name].concat(entries.map(({ score }) => printRatio(score.ratio))),
      ),
      summary("mean", ({ meanRatio }) => meanRatio),
      summary("worst", ({ worstRatio }) => worstRatio),
      summary("worst adversary", ({ adversaryRatio }) => adversaryRatio),
    ],
  };
}

function standingTable(tournament: Tournament): TableData {
  return {
    title: `What it was made of, peaks of ${tournament.scale.name}`,
    text: `Sums over ordinary traffic. Regret came back within ${BREAK_EVEN_MS / 1000} s, waste was held for longer than that; "per rise" is the most that came back for each byte that demand rose by, of all shapes.`,
    head: [
      "policy",
      "idle MiB s",
      "back MiB",
      "times",
      "regret MiB",
      "waste MiB",
      "90 % after s",
      "per rise",
    ],
    rows: standingsOf(tournament).map((standing) => [
      standing.policy,
      whole(standing.idleByteMs / 1000 / MIB),
      whole(standing.recommittedBytes / MIB),
      whole(standing.recommits),
      whole(standing.regretBytes / MIB),
      whole(standing.wastedBytes / MIB),
      seconds(standing.meanNinetyPercentMs),
      standing.worstRecommitRatio.toFixed(2),
    ]),
  };
}

function contestTable({ shape, entries }: Contest): TableData {
  return {
    title: shape.name,
    text: `${shape.summary}, ${shape.durationMs / 1000} s.`,
    head: [
      "policy",
      "ratio",
      "idle MiB s",
      "back MiB",
      "times",
      "regret MiB",
      "waste MiB",
      "peak MiB",
      "90 % after s",
      "rise MiB",
      "per rise",
      "looks",
    ],
    rows: entries.map(({ policy, score }) => [
      policy,
      printRatio(score.ratio),
      whole(score.idleByteMs / 1000 / MIB),
      whole(score.recommittedBytes / MIB),
      whole(score.recommits),
      whole(score.regretBytes / MIB),
      whole(score.wastedBytes / MIB),
      whole(score.peakBytes / MIB),
      seconds(score.ninetyPercentMs),
      whole(score.risenBytes / MIB),
      recommitRatio(score).toFixed(2),
      whole(score.looks),
    ]),
  };
}

function printRatio(ratio: number | undefined): string {
  return ratio === undefined ? "" : ratio.toFixed(2);
}

function whole(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

function seconds(ms: number | undefined): string {
  return ms === undefined ? "" : (ms / 1000).toFixed(1);
}
