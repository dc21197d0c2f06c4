/** What can be had at all: a line for each policy over its windows, and a point for each contestant. */
import type { EChartsCoreOption } from "echarts/core";
import type { ScaleData } from "../chart-data.js";
import type { Theme } from "./theme.js";

const MIB = 1024 * 1024;

interface Tradeoff {
  readonly idleByteMs: number;
  readonly recommittedBytes: number;
}

export function frontChart({ standings, fronts }: ScaleData, theme: Theme): EChartsCoreOption {
  const colors = [theme.needed, theme.held, theme.released];
  const all = [...standings, ...fronts.flatMap((front) => front.points)].map(valueOf);
  const edges = [0, 1].map((at) => edgeBelow(all.map((point) => point[at]!)));
  const drawn = (tradeoff: Tradeoff) => valueOf(tradeoff).map((v, at) => Math.max(v, edges[at]!));
  return {
    animation: false,
    legend: { top: 0, left: 0, icon: "roundRect", textStyle: { color: theme.text } },
    tooltip: {
      backgroundColor: theme.panel,
      borderColor: theme.line,
      textStyle: { color: theme.text },
      formatter: ({ seriesName, data }: HoveredPoint) =>
        `${seriesName} ${data.name}<br>idle ${print(data.exact[0])} MiB s<br>back ${print(data.exact[1])} MiB`,
    },
    grid: { left: 72, right: 40, top: 48, bottom: 48 },
    xAxis: {
      ...axis(theme),
      min: edges[0],
      name: "idle, MiB s",
      nameLocation: "middle",
      nameGap: 28,
    },
    yAxis: { ...axis(theme), min: edges[1], name: "taken again, MiB" },
    series: [
      ...fronts.map(({ name, points }, at) => ({
        type: "line",
        name,
        color: colors[at],
        symbolSize: 5,
        data: points.map((point) => ({
          name: `${point.windowMs / 1000} s`,
          value: drawn(point),
          exact: valueOf(point),
        })),
      })),
      {
        type: "scatter",
        name: "policies",
        color: theme.policy,
        symbolSize: 9,
        label: { show: true, position: "right", formatter: "{b}", color: theme.text },
        labelLayout: { hideOverlap: true },
        data: standings.map((standing) => ({
          name: standing.policy,
          value: drawn(standing),
          exact: valueOf(standing),
        })),
      },
    ],
  };
}

interface HoveredPoint {
  readonly seriesName: string;
  readonly data: { readonly name: string; readonly exact: readonly [number, number] };
}

function axis(theme: Theme) {
  return {
    type: "log",
    nameTextStyle: { color: theme.quiet },
    axisLabel: { color: theme.quiet },
    axisLine: { lineStyle: { color: theme.line } },
    splitLine: { lineStyle: { color: theme.line } },
  };
}

function valueOf({ idleByteMs, recommittedBytes }: Tradeoff): readonly [number, number] {
  return [idleByteMs / 1000 / MIB, recommittedBytes / MIB];
}

/** What 0 is drawn as on a logarithmic axis: the power of ten below all that is not 0. */
function edgeBelow(values: readonly number[]): number {
  const above = values.filter((value) => value > 0);
  return above.length === 0 ? 1 : 10 ** Math.floor(Math.log10(Math.min(...above)));
}

function print(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}
