/** The figures as cards of the report. */
import { bytes, count, nanoseconds, seconds } from "./quantity.js";
import type { Figures, RowFigures } from "./report-data.js";

interface Card {
  readonly label: string;
  readonly value: string;
  readonly unit?: string;
  readonly remark: string;
}

export function replayCards(figures: Figures): string {
  return cards([
    {
      label: "Time per operation",
      value: figures.medianNs.toFixed(1),
      unit: "ns",
      remark: `median of ${figures.timedRounds} replays, best ${nanoseconds(figures.fastestNs)}`,
    },
    {
      label: "Operations",
      value: count(figures.operations),
      remark: `${count(figures.objects)} objects`,
    },
    {
      label: "Corrupt objects",
      value: count(figures.corruptObjects),
      remark: `in ${count(figures.checkedObjects)} checks`,
    },
    {
      label: "Contexts opened",
      value: count(figures.contextsOpened),
      remark: `${count(figures.resets)} resets`,
    },
    {
      label: "Forwards",
      value: count(figures.forwards),
      remark: "further process chunks",
    },
    sizeCard("Peak live", figures.replayPeakLiveBytes, "in objects, as asked for"),
    sizeCard("Peak used", figures.replayPeakUsedBytes, "in process chunks"),
    sizeCard("Peak held", figures.replayPeakHeldBytes, `in ${figures.replayTopChunks} top chunks`),
  ]);
}

export function rowCards(rows: RowFigures): string {
  return cards([
    { label: "Rows", value: count(rows.rows), remark: `structs of ${rows.rowBytes} bytes` },
    {
      label: "Time per row",
      value: rows.nsPerRow.toFixed(1),
      unit: "ns",
      remark: "looked up, read, added to its group",
    },
    {
      label: "Of plain objects",
      value: rows.plainNsPerRow.toFixed(1),
      unit: "ns",
      remark: "per row, with Maps of them",
    },
    {
      label: "Wrong answers",
      value: count(rows.wrongAnswers),
      remark: `in ${count(rows.queries)} queries`,
    },
    sizeCard("Table", rows.tableBytes, "rows and their index, in process chunks"),
    sizeCard("Used after", rows.usedBytesAfterQueries, "each query's context was dropped"),
  ]);
}

export function burstCards(figures: Figures): string {
  return cards([
    sizeCard("Peak held", figures.burstPeakHeldBytes, `in ${figures.burstTopChunks} top chunks`),
    sizeCard("Peak used", figures.burstPeakUsedBytes, "in process chunks"),
    sizeCard("Peak live", figures.burstPeakLiveBytes, `${count(figures.burstObjects)} objects`),
    sizeCard("Held after", figures.heldBytesAfter, `${figures.releasedChunks} top chunks released`),
    sizeCard("Live after", figures.liveBytesAfter, `${bytes(figures.usedBytesAfter)} used`),
    sizeCard("RSS before", figures.rssBytesBefore, "of the whole process"),
    sizeCard("RSS at the peak", figures.rssBytesPeak, "held bytes, their marks, Node.js"),
    sizeCard("RSS after", figures.rssBytesAfter, `${seconds(figures.idleMs)} after the load fell`),
  ]);
}

function sizeCard(label: string, byteCount: number, remark: string): Card {
  const [value = "", unit = ""] = bytes(byteCount).split(" ");
  return { label, value, unit, remark };
}

function cards(list: readonly Card[]): string {
  return `<dl class="cards">\n${list.map(cardHtml).join("\n")}\n</dl>`;
}

function cardHtml({ label, value, unit, remark }: Card): string {
  const unitHtml = unit === undefined ? "" : ` <small>${unit}</small>`;
  return `<div><dt>${label}</dt><dd>${value}${unitHtml}</dd><dd class="quiet">${remark}</dd></div>`;
}
