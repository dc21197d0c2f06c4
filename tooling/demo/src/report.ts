/**
 * Renders the report: one HTML file that loads nothing. Figures and the context tree are plain HTML, so that they can be
 * read without scripts; the charts are drawn by `page/main.ts`, which is inlined with the chart library.
 */
import { readFileSync } from "node:fs";
import { contextTable } from "./context-table.js";
import { escapeHtml } from "./escape-html.js";
import { burstCards, replayCards, rowCards } from "./figure-cards.js";
import { bytes, count, seconds } from "./quantity.js";
import type { ChartData, Figures, ReportData, RowFigures } from "./report-data.js";
import { timingRemark } from "./summary.js";

export function renderReport({
  figures,
  rows,
  charts,
  contexts,
  platform,
  madeAt,
}: ReportData): string {
  const title = `Perfloc: ${escapeHtml(figures.traceName)}, replayed`;
  const made = `${madeAt.slice(0, 16).replace("T", " ")} UTC`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${pageFile("../src/page/page.css")}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p>${openingOf(figures)}</p>
<p class="quiet">${escapeHtml(platform)} · ${made}</p>
</header>
<main>
<section>
<h2>The recorded session</h2>
${replayCards(figures)}
<figure>
<figcaption><h3>Memory over time</h3>
Replay with every object filled and checked, which takes longer than the timed replays. <b>Live</b> is what the program
asked for, <b>used</b> lies in process chunks, <b>held</b> was taken from the operating system. <b>RSS</b> is the resident
set of the whole process, with Node.js, the parsed trace and the samples in it.</figcaption>
<div class="chart" id="replay-timeline" style="height: 446px"></div>
</figure>
<figure>
<figcaption><h3>Top chunks at the peak of live bytes</h3>
One row for each top chunk, drawn at the same width whatever its length. Each block is a process chunk in the colour of its
context. The first page of chunk 0 is NULL and is never handed out.</figcaption>
<div class="chart" id="replay-map" style="height: ${mapHeight(charts.replayMap.chunks.length)}px"></div>
</figure>
<h3>Contexts at the peak of live bytes</h3>
<p class="quiet">Live bytes count each object with its size class here, hence a little more than was asked for.</p>
${contextTable(contexts)}
</section>
<section>
<h2>Typed rows</h2>
${rowCards(rows)}
<h3>One row, and how it lies in memory</h3>
<p class="quiet">Read through a view of the bytes: no object is kept for a row.</p>
<pre>${escapeHtml(`${rows.example}\n\n${rows.layout}`)}</pre>
</section>
<section>
<h2>Burst and idle</h2>
${burstCards(figures)}
<figure>
<figcaption><h3>Memory over time</h3>
The same heap, with what the session left open. Requests fill it, stay open for a moment, are checked and dropped; then
the process idles for ${seconds(figures.idleMs)}, in which a trimmer with the default policy gives the empty top chunks back.</figcaption>
<div class="chart" id="burst-timeline" style="height: 420px"></div>
</figure>
<figure>
<figcaption><h3>Top chunks at the peak of the burst</h3>
What was live before the burst lies in the low chunks: a process chunk goes to the lowest top chunk with room. That is why
the large ones are empty when the burst is over.</figcaption>
<div class="chart" id="burst-map" style="height: ${mapHeight(charts.burstMap.chunks.length)}px"></div>
</figure>
</section>
<section>
<h2>How this was measured</h2>
${methodOf(figures, rows)}
</section>
</main>
<script type="application/json" id="chart-data">${inlineJson(charts)}</script>
<script>${pageFile("../dist/page.js")}</script>
</body>
</html>
`;
}

function openingOf(figures: Figures): string {
  const source = figures.traceKind === "contexts" ? "memory-context calls" : "malloc calls";
  return `${count(figures.operations)} ${source} of a real program, played back through a Perfloc heap with its default checks,
and then a burst to ${bytes(figures.burstPeakHeldBytes)} held that falls to ${bytes(figures.liveBytesAfter)} live,
${bytes(figures.heldBytesAfter)} held.`;
}

function methodOf(figures: Figures, rows: RowFigures): string {
  return `<ul>
<li><b>Time per operation</b>: ${timingRemark(figures)}, on a heap that earlier rounds have warmed. Timed are all operations
of the trace and the loop that reads them. Not timed: parsing, filling and checking contents, samples, the drop of what the
trace leaves open.</li>
<li><b>Typed rows are made up</b>: a table in a heap of its own, and queries that group ${count(rows.rows)} accounts by branch in a
context each. Their answers are compared with those of plain JavaScript.</li>
<li><b>Contents</b>: every byte of every object is a function of the object's number. Contents are compared before each free,
reallocation, reset and drop, after each reallocation, and once more at the end for what is still live:
${count(figures.checkedObjects)} comparisons, ${count(figures.corruptObjects)} differences.</li>
<li><b>The burst is made up</b>: ${count(figures.burstObjects)} objects of 16 bytes to 768 KiB in
${count(figures.burstContexts)} contexts of six kinds, each byte written. The trace is a recording.</li>
<li><b>Released</b> are the top chunks with no process chunk in them. A context that is opened in a burst and outlives it
pins the top chunk that it lies in.</li>
<li>Figures are those of this machine and Node.js version, of one run.</li>
</ul>`;
}

/** In pixels: rows, and room for the legend and the axis. */
function mapHeight(rows: number): number {
  return 56 + rows * 26;
}

function pageFile(path: string): string {
  // A script element ends at the first `</script`, wherever that stands.
  return readFileSync(new URL(path, import.meta.url), "utf8").replaceAll("</script", "<\\/script");
}

/** As it stands in a script element: names from a trace may contain anything. */
function inlineJson(data: ChartData): string {
  return JSON.stringify(data).replaceAll("<", "\\u003c");
}
