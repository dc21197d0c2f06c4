/** The report for a terminal. */
import Table from "cli-table3";
import type { Report } from "./report.js";
import { tablesOf } from "./tables.js";
import type { TableData } from "./table-data.js";

export function renderText({ tournaments, isDetailed }: Report): string {
  return tournaments
    .flatMap((tournament) => tablesOf(tournament, isDetailed).map(renderTable))
    .join("\n\n");
}

function renderTable({ title, text, head, rows }: TableData): string {
  const table = new Table({
    head: [...head],
    colAligns: head.map((_, at) => (at === 0 ? "left" : "right")),
    style: { head: [], border: [], compact: true },
  });
  table.push(...rows.map((cells) => [...cells]));
  return `${title}. ${text}\n\n${table.toString()}`;
}
