/** The top chunks as rows of blocks: one block for each process chunk, coloured by its context. */
import type { CustomSeriesOption } from "echarts/charts";
import { type EChartsCoreOption, format } from "echarts/core";
import type { ChunkMap, PageRun, TopChunkRow } from "../report-data.js";
import { printBytes } from "./byte-unit.js";
import { groupContexts } from "./context-groups.js";
import type { Theme } from "./theme.js";

/** Apart in hue or in lightness, on light and on dark ground; the last one is for what shares a colour. */
const GROUP_COLORS: readonly string[] = [
  "#4e79a7",
  "#f28e2b",
  "#59a14f",
  "#e15759",
  "#b07aa1",
  "#76b7b2",
  "#edc948",
  "#9c755f",
  "#98a2b0",
];

/** Share of a row's height that its blocks take. */
const BLOCK_HEIGHT = 0.72;
/** Blocks that are wider than this many pixels are set apart by a gap of one pixel. */
const GAP_FROM_PX = 4;
/** Narrower blocks would not be seen. */
const MIN_BLOCK_PX = 0.6;

/** Row of the block, its two ends as shares of the row, and the numbers that the tooltip looks up. */
type Block = [row: number, from: number, to: number, run: number];

const FREE = "free pages";

export function chunkMapChart(map: ChunkMap, theme: Theme): EChartsCoreOption {
  const groups = groupContexts(map);
  const blocks: Block[][] = groups.names.map(() => []);
  for (const [row, { runs, pageCount }] of map.chunks.entries()) {
    for (const [at, { context, firstPage, pageCount: length }] of runs.entries()) {
      const from = firstPage / pageCount;
      blocks[groups.groupOf(context)]!.push([row, from, from + length / pageCount, at]);
    }
  }
  const freeBlocks: Block[] = map.chunks.map((_, row) => [row, 0, 1, -1]);
  return {
    animation: false,
    color: [theme.free, ...GROUP_COLORS],
    legend: {
      type: "scroll",
      data: [...groups.names, FREE],
      top: 0,
      left: 0,
      icon: "roundRect",
      itemWidth: 12,
      itemHeight: 12,
      itemGap: 16,
      textStyle: { color: theme.text },
      pageTextStyle: { color: theme.quiet },
      pageIconColor: theme.text,
      pageIconInactiveColor: theme.line,
      selectedMode: false,
    },
    grid: { left: 112, right: 78, top: 40, bottom: 8 },
    xAxis: { type: "value", min: 0, max: 1, show: false },
    yAxis: [
      rowAxis(
        theme,
        map.chunks.map((chunk) => chunkLabel(map, chunk)),
        "left",
      ),
      rowAxis(theme, map.chunks.map(usedLabel), "right"),
    ],
    tooltip: {
      backgroundColor: theme.panel,
      borderColor: theme.line,
      textStyle: { color: theme.text },
      formatter: ({ value: [row, , , run] }: { value: Block }) => describeBlock(map, row, run),
    },
    series: [
      blockSeries(FREE, freeBlocks),
      ...groups.names.map((name, group) => blockSeries(name, blocks[group]!)),
    ],
  };
}

function rowAxis(theme: Theme, data: readonly string[], position: "left" | "right") {
  return {
    type: "category",
    inverse: true,
    position,
    data,
    axisLine: { show: false },
    axisTick: { show: false },
    axisLabel: { color: theme.quiet, interval: 0 },
  };
}

function chunkLabel({ pageBytes }: ChunkMap, { index, pageCount }: TopChunkRow): string {
  return `#${index}  ${printBytes(pageCount * pageBytes)}`;
}

function usedLabel({ pageCount, runs }: TopChunkRow): string {
  const used = runs.reduce((sum, run) => sum + run.pageCount, 0);
  return `${Math.round((100 * used) / pageCount)} % used`;
}

function blockSeries(name: string, data: Block[]): CustomSeriesOption {
  return { type: "custom", name, data, renderItem: renderBlock, clip: true };
}

const renderBlock: NonNullable<CustomSeriesOption["renderItem"]> = (_params, api) => {
  const row = api.value(0);
  const [left, middle] = api.coord([api.value(1), row]) as [number, number];
  const [right] = api.coord([api.value(2), row]) as [number];
  const [, rowHeight] = api.size!([0, 1]) as [number, number];
  const height = rowHeight * BLOCK_HEIGHT;
  const width = right - left;
  const gap = width > GAP_FROM_PX ? 1 : 0;
  return {
    type: "rect",
    shape: {
      x: left,
      y: middle - height / 2,
      width: Math.max(MIN_BLOCK_PX, width - gap),
      height,
      r: gap * 2,
    },
    style: { fill: api.visual("color") as string },
  };
};

function describeBlock(map: ChunkMap, row: number, at: number): string {
  const chunk = map.chunks[row]!;
  const run: PageRun | undefined = chunk.runs[at];
  const where = `top chunk ${chunk.index} of ${printBytes(chunk.pageCount * map.pageBytes)}`;
  if (run === undefined) return `free pages of ${where}`;
  const lastPage = run.firstPage + run.pageCount - 1;
  return `<b>${format.encodeHTML(run.context)}</b><br>process chunk of ${printBytes(run.pageCount * map.pageBytes)}<br>pages ${run.firstPage} to ${lastPage} of ${where}`;
}
