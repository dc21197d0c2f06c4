/**
 * The report as a page: one HTML file that loads nothing. The tables are plain HTML and can be read without scripts; the charts
 * are drawn by `page/main.ts`, which is inlined with the chart library.
 */
import { readFileSync } from "node:fs";
import { BREAK_EVEN_MS } from "@perfloc/trim";
import { type ScaleData, chartDataOf } from "./chart-data.js";
import type { Report } from "./report.js";
import type { TableData } from "./table-data.js";
import { tablesOf } from "./tables.js";

export function renderPage(report: Report): string {
  const { command, tickMs, watch, tournaments } = report;
  const data = chartDataOf(report);
  const tables = tournaments.flatMap((tournament) => tablesOf(tournament, report.isDetailed));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>Perfloc: downsizing policies</title>
<style>${pageFile("../src/page/page.css")}</style>
</head>
<body>
<header>
<h1>Perfloc: downsizing policies</h1>
<p>Each policy under each shape of traffic, on a virtual clock. Holding an empty byte for ${BREAK_EVEN_MS / 1000} s costs as much as
giving it back and taking it again; the <b>optimum</b> is what knowledge of the future would have paid.</p>
<p class="quiet">${escapeHtml(command)} · ticks of ${tickMs} ms · policies look at: ${watch}</p>
</header>
<main>
${tables.map(renderTable).join("\n")}
<section>
<h2>Idle memory against memory taken again</h2>
<p>Sums over ordinary traffic. Along a line the window of the policy goes from 0.5 to 300 s; nothing can be left of or below the
optimum's. Logarithmic: what is 0 stands at the edge.</p>
${choice(
  "scale",
  "Peaks of",
  optionsOf(
    data.map(({ name }) => name),
    0,
  ),
)}
<figure><div class="chart" id="fronts" style="height: 460px"></div></figure>
</section>
<section>
<h2>Held against needed</h2>
<p>What the chosen policy holds, and what is needed. On the right what each policy has cost; the line is the optimum.</p>
${choice("policy", "Policy", policyOptions(data))}
<div id="contests"></div>
</section>
</main>
<script type="application/json" id="chart-data">${inlineJson(data)}</script>
<script>${pageFile("page.js")}</script>
</body>
</html>
`;
}

function renderTable({ title, text, head, rows }: TableData): string {
  const cells = (values: readonly string[], tag: "th" | "td"): string =>
    values.map((value) => `<${tag}>${escapeHtml(value)}</${tag}>`).join("");
  const body = rows.map((values) => `<tr>${cells(values, "td")}</tr>`).join("\n");
  return `<section>
<h2>${escapeHtml(title)}</h2>
<p>${escapeHtml(text)}</p>
<div class="table"><table>
<thead><tr>${cells(head, "th")}</tr></thead>
<tbody>
${body}
</tbody>
</table></div>
</section>`;
}

function choice(id: string, label: string, options: string): string {
  return `<p><label>${label} <select id="${id}">${options}</select></label></p>`;
}

/** The last policy is chosen first. */
function policyOptions(data: readonly ScaleData[]): string {
  const names = data[0]!.standings.map(({ policy }) => policy);
  return optionsOf(names, names.length - 1);
}

function optionsOf(names: readonly string[], chosen: number): string {
  return names
    .map((name, at) => `<option${at === chosen ? " selected" : ""}>${escapeHtml(name)}</option>`)
    .join("");
}

function pageFile(path: string): string {
  // A script element ends at the first `</script`, wherever that stands.
  return readFileSync(new URL(path, import.meta.url), "utf8").replaceAll("</script", "<\\/script");
}

function inlineJson(data: readonly ScaleData[]): string {
  return JSON.stringify(data).replaceAll("<", "\\u003c");
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
