/** The report as Markdown, for a file in the repository. */
import { markdownTable } from "markdown-table";
import { machineLine } from "./machine.js";
import { describeNoise } from "./noise.js";
import { type Report, type Section, sectionsOf } from "./report.js";
import type { TableData } from "./table-data.js";

export function renderMarkdown(report: Report): string {
  const { command, commit, machine, results, failures } = report;
  return `${[
    "# Benchmarks: all figures",
    `Made with \`${command}\` on ${machine.date.slice(0, 10)}, of commit ${commit ?? "unknown"}, not written by hand. What the rows do is listed below, what the columns mean and how it is measured in the [README of the benchmarks](../README.md).`,
    machineLine(machine),
    `Noise: ${describeNoise(report)}`,
    ...failures.map(({ row, message }) => `Not measured: \`${row}\`. ${message}`),
    ...sectionsOf(report).map(renderSection),
    "## Rows",
    renderTable({
      columns: [
        { title: "row", align: "left" },
        { title: "work", align: "left" },
      ],
      rows: results.map(({ name, summary }) => [name, summary]),
    }),
  ].join("\n\n")}\n`;
}

function renderSection({ title, text, table }: Section): string {
  return `## ${title}\n\n${text}\n\n${renderTable(table)}`;
}

export function renderTable({ columns, rows }: TableData): string {
  return markdownTable([columns.map(({ title }) => title), ...rows], {
    align: columns.map(({ align }) => (align === "right" ? "r" : "")),
  });
}
