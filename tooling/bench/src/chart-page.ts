/** The report as a page: the chart of the ratios, and the tables. One file that loads nothing, light or dark as its reader has it. */
import { comparedLines } from "./comparison-lines.js";
import { machineLine } from "./machine.js";
import { describeNoise } from "./noise.js";
import { drawRatios, LOSES, UNDECIDED, WINS } from "./ratio-chart.js";
import { type Report, type Section, sectionsOf } from "./report.js";
import type { TableData } from "./table-data.js";

const STYLE = `
:root {
  color-scheme: light dark;
  --page: light-dark(#f6f7f9, #14171c);
  --panel: light-dark(#ffffff, #1c2027);
  --line: light-dark(#d5d9e0, #3a414d);
  --text: light-dark(#1b2028, #e8ebf0);
  --quiet: light-dark(#5d6675, #9aa5b5);
  --loses: light-dark(#d9642b, #f0854f);
  --wins: light-dark(#2a9d6f, #3fbf8a);
  --undecided: light-dark(#a3acb9, #77808f);
}
body {
  margin: 0 auto;
  max-width: 1180px;
  padding: 2rem 1.5rem 4rem;
  background: var(--page);
  color: var(--text);
  font: 15px/1.55 system-ui, sans-serif;
}
h1 { font-size: 2rem; margin: 0 0 0.5rem; }
h2 { font-size: 1.35rem; margin: 2.5rem 0 0.5rem; }
p { max-width: 95ch; margin: 0.25rem 0; }
.quiet, th { color: var(--quiet); }
.panel {
  margin: 1rem 0 0;
  padding: 1rem 1.25rem;
  border: 1px solid var(--line);
  border-radius: 10px;
  background: var(--panel);
  overflow-x: auto;
}
.key i { display: inline-block; width: 12px; height: 12px; margin: 0 0.3rem 0 0.9rem; border-radius: 2px; }
svg { max-width: 100%; height: auto; }
table { border-collapse: collapse; font-size: 13px; font-variant-numeric: tabular-nums; }
th, td { padding: 0.15rem 0.7rem 0.15rem 0; text-align: left; white-space: nowrap; }
.right { text-align: right; }
`;

export function renderChartPage(report: Report): string {
  const { command, machine, results } = report;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>Perfloc: benchmarks</title>
<style>${STYLE}</style>
</head>
<body>
<h1>Perfloc: benchmarks</h1>
<p class="quiet">${escapeHtml(command)} · ${machine.date.slice(0, 10)} · ${escapeHtml(machineLine(machine))}</p>
<p class="quiet">${escapeHtml(describeNoise(report))}</p>
<h2>Ratio of time, Perfloc to each peer</h2>
<p class="key">Left of 1 Perfloc is faster.<i style="background: ${LOSES}"></i>loses<i style="background: ${WINS}"></i>wins<i
style="background: ${UNDECIDED}"></i>the rounds do not agree. The thin line goes from the lowest to the highest ratio of a round.</p>
<figure class="panel">${drawRatios(comparedLines(results))}</figure>
${sectionsOf(report).map(renderSection).join("\n")}
</body>
</html>
`;
}

function renderSection({ title, text, table }: Section): string {
  return `<h2>${escapeHtml(title)}</h2>
<p>${escapeHtml(text)}</p>
<div class="panel">${renderTable(table)}</div>`;
}

function renderTable({ columns, rows }: TableData): string {
  const classes = columns.map(({ align }) => (align === "right" ? ' class="right"' : ""));
  const renderRow = (cells: readonly string[], tag: "th" | "td") =>
    `<tr>${cells.map((cell, at) => `<${tag}${classes[at]}>${escapeHtml(cell)}</${tag}>`).join("")}</tr>`;
  const head = renderRow(
    columns.map(({ title }) => title),
    "th",
  );
  return `<table>\n<thead>${head}</thead>\n<tbody>\n${rows.map((cells) => renderRow(cells, "td")).join("\n")}\n</tbody>\n</table>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
