/** The same run as text, as Markdown, as a page and as JSON. */
import { expect, test } from "vitest";
import { renderChartPage } from "../src/chart-page.js";
import { renderJson } from "../src/json-report.js";
import { renderMarkdown } from "../src/markdown-report.js";
import type { ProcessReport } from "../src/process-report.js";
import type { Report } from "../src/report.js";
import { type RowResult, type SideReports, summarizeRow } from "../src/row-result.js";
import { renderText } from "../src/text-report.js";

const NODE = "Node 20.0.0";

/** A process that took so many nanoseconds for an operation. */
function processOf(ns: number, extra: Partial<ProcessReport> = {}): ProcessReport {
  return { passes: [ns], ops: 10, checksum: undefined, ...extra };
}

function perfloc(reports: ProcessReport[], isAfterDetach = false): SideReports {
  const label = isAfterDetach ? `${NODE}, after a detach` : NODE;
  return { label, runtime: NODE, isAfterDetach, reports };
}

function malloc(reports: ProcessReport[]): SideReports {
  return { label: "malloc", runtime: undefined, isAfterDetach: false, reports };
}

function rowOf(name: string, ours: SideReports[], theirs: SideReports[]): RowResult {
  return summarizeRow({ name, summary: `what ${name} <does>`, question: "churn" }, ours, theirs);
}

const service = { longestPauseMs: 2, p999PauseMs: 1, rssBytes: 1024 };

const report: Report = {
  command: "pnpm bench --quick",
  commit: "1234567",
  machine: {
    date: "2026-01-02T03:04:05.678Z",
    cpu: "a <processor>",
    cores: 2,
    load: 0.5,
    system: "Linux",
    node: "20.0.0",
    glibc: undefined,
    cc: undefined,
  },
  rounds: 2,
  results: [
    rowOf("alone", [perfloc([processOf(1)])], []),
    rowOf("won", [perfloc([processOf(1)])], [malloc([processOf(2)])]),
    rowOf(
      "lost",
      [perfloc([processOf(3), processOf(2)]), perfloc([processOf(4), processOf(4)], true)],
      [malloc([processOf(2), processOf(4)])],
    ),
    rowOf(
      "service",
      [perfloc([processOf(500, { eventLoop: service, peakRssBytes: 2048 })])],
      [
        malloc([
          processOf(1000, {
            eventLoop: { longestPauseMs: 40, p999PauseMs: 30, rssBytes: 4096 },
            peakRssBytes: 8192,
          }),
        ]),
      ],
    ),
  ],
  memory: [],
  memoryBefore: { commit: "0000000", memory: [] },
  failures: [{ row: "broken", message: "it broke" }],
};

test("text: each row's first side, what loses first and named above the table; then the other sides", () => {
  const [times, others] = renderText(report).split(/Other runtimes|Pauses of services/u);
  const firstColumn = /(?<=^│ )\w+/gmu;
  expect(times!.match(firstColumn)).toEqual(["row", "lost", "won", "service", "alone"]);
  expect(times).toMatch(/Perfloc loses \w+ of 3 comparisons/u);
  expect(others!.match(firstColumn)).toEqual(["row", "lost"]);
  expect(others).toMatch(/│ Node 20\.0\.0, after a detach .*│ malloc +│ +1\.50 │/u);
});

test("text: pauses and resident sets, with their ratios", () => {
  const text = renderText(report);
  expect(text).toMatch(
    /service .*2,000,000 .*2\.0 ms .*1\.0 ms .*1 KiB .*1,000,000 .*0\.050 .*0\.25/,
  );
  expect(text).toMatch(/service .*2 KiB .*malloc .*8 KiB .*0\.25/);
});

test("how noisy it was: the side that differs most, and where the rounds do not agree", () => {
  expect(renderText(report)).toMatch(
    /by 67 % at most \(lost, malloc\)\. In 1 of 4 comparisons the rounds do not agree/,
  );
});

test("Markdown: the command, the machine, what could not be measured, and the tables", () => {
  const markdown = renderMarkdown(report);
  expect(markdown).toContain("Made with `pnpm bench --quick` on 2026-01-02, of commit 1234567");
  expect(markdown).toContain("Not measured: `broken`. it broke");
  expect(markdown.match(/^## .*/gmu)).toEqual([
    "## Time",
    "## Other runtimes, and after a detach",
    "## Pauses of services",
    "## Peak resident sets",
    "## Rows",
  ]);
  expect(markdown).toMatch(/^\| won {5}\| Node 20\.0\.0 +\| +1\.00 \|/m);
});

test("the page loads nothing, draws a line for each comparison, and the losing ones first", () => {
  const page = renderChartPage(report);
  expect(page).not.toMatch(/<script|<link (?!rel="icon" href="data:,")|src=|url\(|@import/);
  const drawing = /<svg[^]*<\/svg>/u.exec(page)![0];
  const labels = [...drawing.matchAll(/>(\w+[^<]*) \/ malloc</gu)].map(([, label]) => label);
  expect(labels).toEqual(["lost (Node 20.0.0, after a detach)", "lost", "won", "service"]);
  expect(page).toContain("a &lt;processor&gt;");
});

test("nothing to compare with: there is a page all the same", () => {
  const alone = { ...report, results: report.results.slice(0, 1) };
  expect(renderChartPage(alone)).toContain("Nothing to compare with.");
  expect(renderText({ ...report, results: [] })).toBe(
    "2 × a <processor> · load 0.5 · Linux · Node 20.0.0 · no C compiler",
  );
});

test("JSON: every figure, and whether it was measured after a detach", () => {
  const parsed = JSON.parse(renderJson(report)) as Report;
  expect(parsed.results[2]!.perfloc).toMatchObject([
    { runtime: NODE, isAfterDetach: false, medianOfRound: [3, 2] },
    { runtime: NODE, isAfterDetach: true, medianOfRound: [4, 4] },
  ]);
  expect(parsed.results[3]!.perfloc[0]!.peakRssBytes).toMatchObject({ median: 2048 });
});
