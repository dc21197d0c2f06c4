/** Lines over time: held, used and live bytes, and the resident set. */
import type { EChartsCoreOption } from "echarts/core";
import type { Phase, TimelineData } from "../report-data.js";
import { type ByteUnit, printBytes, unitFor } from "./byte-unit.js";
import type { Theme } from "./theme.js";

const LEFT = 64;
const RIGHT = 24;

interface Line {
  readonly name: string;
  readonly color: string;
  readonly values: readonly number[];
  readonly areaOpacity: number;
  readonly grid: number;
  /** Known to change at once: a slope would show used bytes above the held ones. */
  readonly isStepped: boolean;
}

/** The heap above, the process below: the process is so much larger that one axis would flatten the heap. */
export function replayTimeline(data: TimelineData, theme: Theme): EChartsCoreOption {
  const heapUnit = unitFor(Math.max(...data.heldBytes));
  const rssUnit = unitFor(Math.max(...data.rssBytes));
  const lines: Line[] = [...heapLines(data, theme), rssLine(data, theme, 1)];
  return {
    ...frame(theme, lines),
    grid: [
      { left: LEFT, right: RIGHT, top: 60, height: 210 },
      { left: LEFT, right: RIGHT, top: 330, height: 70 },
    ],
    xAxis: [
      { ...timeAxis(data, theme), gridIndex: 0, axisLabel: { show: false }, name: "" },
      { ...timeAxis(data, theme), gridIndex: 1 },
    ],
    yAxis: [
      { ...byteAxis(heapUnit, theme, `heap, ${heapUnit.name}`), gridIndex: 0 },
      { ...byteAxis(rssUnit, theme, `process, ${rssUnit.name}`), gridIndex: 1, splitNumber: 2 },
    ],
    axisPointer: { link: [{ xAxisIndex: "all" }] },
    tooltip: tooltip(theme),
    series: lines.map((line) => series(data, line, line.grid === 0 ? heapUnit : rssUnit)),
  };
}

export function burstTimeline(
  data: TimelineData,
  phases: readonly Phase[],
  theme: Theme,
): EChartsCoreOption {
  const unit = unitFor(Math.max(...data.rssBytes, ...data.heldBytes));
  const lines = [...heapLines(data, theme), rssLine(data, theme, 0)];
  return {
    ...frame(theme, lines),
    grid: { left: LEFT, right: RIGHT, top: 72, bottom: 48 },
    xAxis: timeAxis(data, theme),
    yAxis: byteAxis(unit, theme, unit.name),
    tooltip: tooltip(theme),
    series: [
      ...lines.map((line) => series(data, line, unit)),
      { type: "line", data: [], silent: true, markArea: phaseBands(phases, theme) },
    ],
  };
}

function heapLines(data: TimelineData, theme: Theme): Line[] {
  const heap = { grid: 0, isStepped: true };
  return [
    { ...heap, name: "held", color: theme.held, values: data.heldBytes, areaOpacity: 0.1 },
    { ...heap, name: "used", color: theme.used, values: data.usedBytes, areaOpacity: 0.12 },
    { ...heap, name: "live", color: theme.live, values: data.liveBytes, areaOpacity: 0.18 },
  ];
}

function rssLine(data: TimelineData, theme: Theme, grid: number): Line {
  const values = data.rssBytes;
  return { name: "RSS", color: theme.rss, values, areaOpacity: 0, grid, isStepped: false };
}

function frame(theme: Theme, lines: readonly Line[]): EChartsCoreOption {
  return {
    animation: false,
    color: lines.map((line) => line.color),
    legend: {
      data: lines.map((line) => line.name),
      top: 0,
      left: LEFT - 8,
      icon: "roundRect",
      itemWidth: 14,
      itemHeight: 4,
      itemGap: 20,
      textStyle: { color: theme.text },
      inactiveColor: theme.line,
    },
  };
}

function timeAxis(data: TimelineData, theme: Theme) {
  return {
    type: "value",
    min: 0,
    max: data.ms.at(-1),
    name: "ms",
    nameLocation: "middle",
    nameGap: 26,
    nameTextStyle: { color: theme.quiet },
    // The end of the run is no round number, and would stand on the last tick.
    axisLabel: { color: theme.quiet, showMaxLabel: false },
    axisLine: { lineStyle: { color: theme.line } },
    splitLine: { show: false },
  };
}

function byteAxis(unit: ByteUnit, theme: Theme, name: string) {
  return {
    type: "value",
    name,
    nameTextStyle: { color: theme.quiet, align: "left", padding: [0, 0, 0, 8 - LEFT] },
    min: 0,
    axisLabel: { color: theme.quiet },
    splitLine: { lineStyle: { color: theme.line } },
  };
}

function series(data: TimelineData, line: Line, unit: ByteUnit) {
  return {
    type: "line",
    name: line.name,
    xAxisIndex: line.grid,
    yAxisIndex: line.grid,
    showSymbol: false,
    step: line.isStepped ? "end" : false,
    lineStyle: { width: 1.8 },
    areaStyle: { opacity: line.areaOpacity },
    data: line.values.map((value, at) => [data.ms[at], value / unit.bytes, value]),
  };
}

function phaseBands(phases: readonly Phase[], theme: Theme) {
  return {
    label: { color: theme.quiet, position: "top", distance: 6 },
    data: phases.map(({ name, fromMs, toMs }, at) => [
      {
        name,
        xAxis: fromMs,
        itemStyle: { color: theme.quiet, opacity: at % 2 === 0 ? 0.07 : 0 },
      },
      { xAxis: toMs },
    ]),
  };
}

interface HoveredPoint {
  readonly seriesName: string;
  readonly marker: string;
  readonly value: readonly [ms: number, inUnit: number, bytes: number];
}

function tooltip(theme: Theme) {
  return {
    trigger: "axis",
    backgroundColor: theme.panel,
    borderColor: theme.line,
    textStyle: { color: theme.text },
    formatter: (points: readonly HoveredPoint[]) => {
      const rows = points.map(
        ({ seriesName, marker, value }) => `${marker}${seriesName} <b>${printBytes(value[2])}</b>`,
      );
      return [`${points[0]?.value[0].toFixed(1)} ms`, ...rows].join("<br>");
    },
  };
}
