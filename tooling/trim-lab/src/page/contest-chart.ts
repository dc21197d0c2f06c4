/** One shape: what a policy held against what was needed, and beside it what every policy has cost. */
import type { EChartsCoreOption } from "echarts/core";
import type { ContestData, EntryData, StepLine } from "../chart-data.js";
import type { Theme } from "./theme.js";

const KIB_PER_MIB = 1024;
const BYTE_MS_PER_MIB_S = 1024 * 1024 * 1000;

export function contestChart(
  contest: ContestData,
  policy: string,
  theme: Theme,
): EChartsCoreOption {
  const entry = contest.entries.find((candidate) => candidate.policy === policy)!;
  const needed = entry.needed ?? contest.needed;
  return {
    animation: false,
    legend: { top: 0, left: 0, icon: "roundRect", textStyle: { color: theme.text } },
    tooltip: {
      trigger: "axis",
      backgroundColor: theme.panel,
      borderColor: theme.line,
      textStyle: { color: theme.text },
      valueFormatter: (value: unknown) => Number(value).toLocaleString("en-US"),
    },
    grid: [
      { left: 56, width: "56%", top: 44, bottom: 40 },
      { left: "76%", right: 56, top: 44, bottom: 40 },
    ],
    xAxis: [
      { ...axis(theme), type: "value", name: "s", max: contest.durationMs / 1000 },
      { ...axis(theme), type: "value", gridIndex: 1, name: "MiB s" },
    ],
    yAxis: [
      { ...axis(theme), type: "value", name: "MiB" },
      {
        ...axis(theme),
        type: "category",
        gridIndex: 1,
        inverse: true,
        data: contest.entries.map((candidate) => candidate.policy),
      },
    ],
    series: [
      timeline("needed", needed, contest.durationMs, theme.needed, 0.25),
      timeline("held", entry.held, contest.durationMs, theme.held, 0.08),
      costs("held idle", contest, theme.held, (candidate) => candidate.idleByteMs),
      {
        ...costs("given back", contest, theme.released, (candidate) => candidate.releaseByteMs),
        markLine: optimumLine(entry, theme),
      },
    ],
  };
}

function axis(theme: Theme) {
  return {
    nameTextStyle: { color: theme.quiet },
    axisLabel: { color: theme.quiet, hideOverlap: true },
    axisLine: { lineStyle: { color: theme.line } },
    splitLine: { lineStyle: { color: theme.line } },
  };
}

function timeline(
  name: string,
  line: StepLine,
  durationMs: number,
  color: string,
  opacity: number,
) {
  const points = line.ms.map((ms, at) => [ms / 1000, line.kib[at]! / KIB_PER_MIB]);
  const last = line.kib.at(-1)! / KIB_PER_MIB;
  return {
    type: "line",
    name,
    step: "end",
    showSymbol: false,
    color,
    lineStyle: { width: 1.5 },
    areaStyle: { opacity },
    data: [...points, [durationMs / 1000, last]],
  };
}

function costs(
  name: string,
  contest: ContestData,
  color: string,
  figure: (entry: EntryData) => number,
) {
  return {
    type: "bar",
    name,
    stack: "cost",
    xAxisIndex: 1,
    yAxisIndex: 1,
    color,
    data: contest.entries.map((entry) => Math.round(figure(entry) / BYTE_MS_PER_MIB_S)),
  };
}

/** Of the chosen policy: an adversary asks each one for something else. */
function optimumLine({ optimalByteMs }: EntryData, theme: Theme) {
  return {
    symbol: "none",
    silent: true,
    lineStyle: { color: theme.text, type: "solid" },
    label: { formatter: "optimum", color: theme.text, position: "start" },
    data: [{ xAxis: optimalByteMs / BYTE_MS_PER_MIB_S }],
  };
}
