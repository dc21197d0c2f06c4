/** The report for a terminal. */
import Table from "cli-table3";
import { machineLine } from "./machine.js";
import { describeNoise } from "./noise.js";
import { type Report, type Section, sectionsOf } from "./report.js";

export function renderText(report: Report): string {
  return [
    machineLine(report.machine),
    ...sectionsOf(report).map(renderSection),
    ...(report.results.length === 0 ? [] : [describeNoise(report)]),
  ].join("\n\n");
}

function renderSection({ title, text, table: { columns, rows } }: Section): string {
  const table = new Table({
    head: columns.map((column) => column.title),
    colAligns: columns.map(({ align }) => align),
    style: { head: [], border: [], compact: true },
  });
  table.push(...rows.map((cells) => [...cells]));
  return `${title}. ${text}\n\n${table.toString()}`;
}
