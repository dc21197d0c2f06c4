/** Draws the charts of the page, again when the reader chooses something else or changes between light and dark. */
import { BarChart, LineChart, ScatterChart } from "echarts/charts";
import {
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  TooltipComponent,
} from "echarts/components";
import { type EChartsCoreOption, getInstanceByDom, init, use } from "echarts/core";
import { LabelLayout } from "echarts/features";
import { CanvasRenderer } from "echarts/renderers";
import type { ScaleData } from "../chart-data.js";
import { contestChart } from "./contest-chart.js";
import { frontChart } from "./front-chart.js";
import { readTheme } from "./theme.js";

use([
  BarChart,
  LineChart,
  ScatterChart,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  TooltipComponent,
  LabelLayout,
  CanvasRenderer,
]);

const data = JSON.parse(document.querySelector("#chart-data")!.textContent) as ScaleData[];
const scaleChoice = document.querySelector<HTMLSelectElement>("#scale")!;
const policyChoice = document.querySelector<HTMLSelectElement>("#policy")!;
const figures = document.querySelector<HTMLElement>("#contests")!;

/** One figure for each shape; they are drawn when they come into view. */
function layOut(): void {
  figures.replaceChildren(
    ...chosenScale().contests.map(({ name }) => {
      const figure = document.createElement("figure");
      const caption = document.createElement("figcaption");
      caption.textContent = name;
      const chart = document.createElement("div");
      chart.className = "chart";
      chart.dataset["shape"] = name;
      chart.style.height = "320px";
      figure.append(caption, chart);
      return figure;
    }),
  );
}

function chosenScale(): ScaleData {
  return data[scaleChoice.selectedIndex]!;
}

/** Charts in view, or near it. */
const visible = new Set<HTMLElement>();

function drawAll(): void {
  const theme = readTheme();
  draw(document.querySelector<HTMLElement>("#fronts")!, frontChart(chosenScale(), theme));
  for (const element of visible) drawContest(element);
}

function drawContest(element: HTMLElement): void {
  const contest = chosenScale().contests.find(({ name }) => name === element.dataset["shape"]);
  if (contest !== undefined) draw(element, contestChart(contest, policyChoice.value, readTheme()));
}

function draw(element: HTMLElement, option: EChartsCoreOption): void {
  const chart = getInstanceByDom(element) ?? init(element);
  chart.setOption({ textStyle: { fontFamily: "inherit" }, ...option }, { notMerge: true });
}

const watcher = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      const element = target as HTMLElement;
      if (!isIntersecting) visible.delete(element);
      else {
        visible.add(element);
        drawContest(element);
      }
    }
  },
  { rootMargin: "400px" },
);

layOut();
for (const element of figures.querySelectorAll<HTMLElement>(".chart")) watcher.observe(element);
drawAll();
for (const choice of [scaleChoice, policyChoice]) choice.addEventListener("change", drawAll);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
new ResizeObserver(() => {
  for (const element of document.querySelectorAll<HTMLElement>(".chart")) {
    getInstanceByDom(element)?.resize();
  }
}).observe(document.body);
