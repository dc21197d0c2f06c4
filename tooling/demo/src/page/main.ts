/** Draws the charts of the report, again when the reader changes between light and dark. */
import { CustomChart, LineChart } from "echarts/charts";
import {
  AxisPointerComponent,
  GridComponent,
  LegendComponent,
  MarkAreaComponent,
  TooltipComponent,
} from "echarts/components";
import { type EChartsCoreOption, getInstanceByDom, init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import type { ChartData } from "../report-data.js";
import { chunkMapChart } from "./chunk-map-chart.js";
import { readTheme } from "./theme.js";
import { burstTimeline, replayTimeline } from "./timeline-chart.js";

use([
  LineChart,
  CustomChart,
  AxisPointerComponent,
  GridComponent,
  LegendComponent,
  MarkAreaComponent,
  TooltipComponent,
  CanvasRenderer,
]);

const data = JSON.parse(document.querySelector("#chart-data")!.textContent) as ChartData;

function drawAll(): void {
  const theme = readTheme();
  draw("replay-timeline", replayTimeline(data.replay, theme));
  draw("replay-map", chunkMapChart(data.replayMap, theme));
  draw("burst-timeline", burstTimeline(data.burst, data.burstPhases, theme));
  draw("burst-map", chunkMapChart(data.burstMap, theme));
}

function draw(id: string, option: EChartsCoreOption): void {
  const element = document.querySelector<HTMLElement>(`#${id}`)!;
  const chart = getInstanceByDom(element) ?? init(element);
  chart.setOption({ textStyle: { fontFamily: "inherit" }, ...option }, { notMerge: true });
}

drawAll();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
new ResizeObserver((entries) => {
  for (const { target } of entries) {
    for (const element of target.querySelectorAll<HTMLElement>(".chart")) {
      getInstanceByDom(element)?.resize();
    }
  }
}).observe(document.body);
