/** The figures as lines for the terminal. */
import { bytes, count, nanoseconds, seconds } from "./quantity.js";
import type { Figures, ReportData, RowFigures } from "./report-data.js";

type Row = readonly [label: string, value: string, remark?: string];

export function summary({ figures, rows }: Pick<ReportData, "figures" | "rows">): string {
  return [
    [table("Typed rows", typedRows(rows)), rows.example, rows.layout].map(indentTail).join("\n"),
    table(`Replay of ${figures.traceName}`, replayRows(figures)),
    table("Burst and idle", burstRows(figures)),
  ].join("\n\n");
}

/** What follows a table's lines, as far in as they are. */
function indentTail(text: string, index: number): string {
  return index === 0 ? text : text.trimEnd().replaceAll(/^/gm, "  ");
}

function typedRows(rows: RowFigures): Row[] {
  return [
    ["rows", count(rows.rows), `structs of ${rows.rowBytes} bytes`],
    ["table", bytes(rows.tableBytes), "rows and their index, in process chunks"],
    ["queries", count(rows.queries), `${count(rows.wrongAnswers)} wrong answers`],
    ["time per row", nanoseconds(rows.nsPerRow), "looked up, read, added to its group"],
    ["of plain objects", nanoseconds(rows.plainNsPerRow), "with Maps of them"],
    ["used after", bytes(rows.usedBytesAfterQueries), "each query's context was dropped"],
  ];
}

function replayRows(figures: Figures): Row[] {
  return [
    ["operations", count(figures.operations), `${count(figures.objects)} objects`],
    ["time per operation", nanoseconds(figures.medianNs), timingRemark(figures)],
    ["contents checked", count(figures.checkedObjects), `${count(figures.corruptObjects)} corrupt`],
    ["contexts opened", count(figures.contextsOpened), `${count(figures.resets)} resets`],
    ["forwards", count(figures.forwards), "further process chunks of a context"],
    ["top chunks", count(figures.replayTopChunks)],
    ["peak live", bytes(figures.replayPeakLiveBytes), "in objects, as asked for"],
    ["peak used", bytes(figures.replayPeakUsedBytes), "in process chunks"],
    ["peak held", bytes(figures.replayPeakHeldBytes), "in top chunks, from the OS"],
  ];
}

function burstRows(figures: Figures): Row[] {
  const { burstContexts, burstObjects, burstTopChunks } = figures;
  return [
    ["burst", `${count(burstObjects)} objects`, `in ${burstContexts} contexts`],
    ["peak live", bytes(figures.burstPeakLiveBytes), "in objects"],
    ["peak used", bytes(figures.burstPeakUsedBytes), "in process chunks"],
    ["peak held", bytes(figures.burstPeakHeldBytes), `in ${burstTopChunks} top chunks`],
    ["live after", bytes(figures.liveBytesAfter), "in objects that outlive the burst"],
    ["held after", bytes(figures.heldBytesAfter), heldAfterRemark(figures)],
    ["RSS before", bytes(figures.rssBytesBefore), "of the whole process"],
    ["RSS at the peak", bytes(figures.rssBytesPeak)],
    ["RSS after", bytes(figures.rssBytesAfter), `${seconds(figures.idleMs)} after the load fell`],
  ];
}

export function timingRemark({ timedRounds, fastestNs }: Figures): string {
  return `median of ${timedRounds} replays (fastest ${nanoseconds(fastestNs)}), one word of each object written`;
}

function heldAfterRemark({ burstTopChunks, releasedChunks }: Figures): string {
  return `in top chunks, ${releasedChunks} of ${burstTopChunks} went back to the OS`;
}

function table(title: string, rows: readonly Row[]): string {
  const labelWidth = Math.max(...rows.map(([label]) => label.length));
  const valueWidth = Math.max(...rows.map(([, value]) => value.length));
  const lines = rows.map(([label, value, remark = ""]) =>
    `  ${label.padEnd(labelWidth)}  ${value.padStart(valueWidth)}  ${remark}`.trimEnd(),
  );
  return [title, ...lines].join("\n");
}
