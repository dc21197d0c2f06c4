/**
 * The ratios as a drawing: a line for each comparison, on a logarithmic axis, with a bar from 1.0 to the ratio and a whisker from
 * the lowest to the highest of the rounds. The text of an SVG element, whose colours are those of the page around it.
 */
import { CustomChart, type CustomSeriesOption } from "echarts/charts";
import { GridComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import type { ComparedLine } from "./comparison-lines.js";
import { printRatio } from "./print-ratio.js";

use([CustomChart, GridComponent, SVGRenderer]);

/** In pixels. */
const WIDTH = 1120;
const LINE_HEIGHT = 20;
const BAR_HEIGHT = 10;
const WHISKER_HEIGHT = 6;
const TOP = 32;
const BOTTOM = 8;
const LEFT = 420;
const RIGHT = 64;

/** Custom properties of the page's style sheet. */
export const LOSES = "var(--loses)";
export const WINS = "var(--wins)";
export const UNDECIDED = "var(--undecided)";
const TEXT = "var(--text)";
const QUIET = "var(--quiet)";
const GRID = "var(--line)";

/** @param lines - the first is drawn at the top */
export function drawRatios(lines: readonly ComparedLine[]): string {
  const height = TOP + lines.length * LINE_HEIGHT + BOTTOM;
  const chart = init(undefined, undefined, { renderer: "svg", ssr: true, width: WIDTH, height });
  chart.setOption({
    animation: false,
    textStyle: { fontFamily: "inherit" },
    grid: { left: LEFT, right: RIGHT, top: TOP, bottom: BOTTOM },
    xAxis: {
      type: "log",
      position: "top",
      axisLabel: { color: QUIET },
      axisLine: { show: false },
      splitLine: { lineStyle: { color: GRID } },
      minorSplitLine: { show: true, lineStyle: { color: GRID, opacity: 0.4 } },
      ...decadesAround(lines),
    },
    yAxis: [
      lineLabels(lines.map(labelOf), "left"),
      lineLabels(
        lines.map(({ comparison }) => printRatio(comparison.ratio)),
        "right",
      ),
    ],
    series: { type: "custom", renderItem: drawLine(lines), data: lines.map((_, at) => [1, at]) },
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

/** Whole decades, with 1 among them. */
function decadesAround(lines: readonly ComparedLine[]): { min: number; max: number } {
  const lowest = Math.min(1, ...lines.map(({ comparison }) => comparison.ratioLowest));
  const highest = Math.max(1, ...lines.map(({ comparison }) => comparison.ratioHighest));
  return {
    min: 10 ** Math.min(-1, Math.floor(Math.log10(lowest))),
    max: 10 ** Math.max(1, Math.ceil(Math.log10(highest))),
  };
}

function lineLabels(data: readonly string[], position: "left" | "right") {
  return {
    type: "category",
    inverse: true,
    position,
    data,
    axisLine: { show: false },
    axisTick: { show: false },
    axisLabel: { color: TEXT, interval: 0, overflow: "truncate", width: LEFT - 16 },
  };
}

function labelOf({ name, remark, peer }: ComparedLine): string {
  return `${name}${remark} / ${peer.label}`;
}

function drawLine(lines: readonly ComparedLine[]): NonNullable<CustomSeriesOption["renderItem"]> {
  return (_params, api) => {
    const at = api.value(1) as number;
    const { comparison } = lines[at]!;
    const placeOf = (ratio: number) => api.coord([ratio, at]) as [x: number, y: number];
    const [equal, y] = placeOf(1);
    const [ratio] = placeOf(comparison.ratio);
    const [lowest] = placeOf(comparison.ratioLowest);
    const [highest] = placeOf(comparison.ratioHighest);
    return {
      type: "group",
      children: [
        {
          type: "rect",
          shape: {
            x: Math.min(equal, ratio),
            y: y - BAR_HEIGHT / 2,
            width: Math.abs(ratio - equal),
            height: BAR_HEIGHT,
          },
          style: { fill: colorOf(comparison) },
        },
        vertical(equal, y, LINE_HEIGHT, TEXT),
        vertical(lowest, y, WHISKER_HEIGHT, TEXT),
        vertical(highest, y, WHISKER_HEIGHT, TEXT),
        {
          type: "line",
          shape: { x1: lowest, y1: y, x2: highest, y2: y },
          style: { stroke: TEXT, lineWidth: 1 },
        },
      ],
    };
  };
}

function vertical(x: number, y: number, height: number, color: string) {
  return {
    type: "line" as const,
    shape: { x1: x, y1: y - height / 2, x2: x, y2: y + height / 2 },
    style: { stroke: color, lineWidth: 1 },
  };
}

function colorOf({ ratioLowest, ratioHighest, ratio }: ComparedLine["comparison"]): string {
  if (ratioLowest < 1 && ratioHighest > 1) return UNDECIDED;
  return ratio > 1 ? LOSES : WINS;
}
