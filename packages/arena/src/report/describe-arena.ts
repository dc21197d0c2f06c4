/** Draws an arena for people: one line for each top chunk, its pages scaled to a fixed width. */
import { NULL_ADDRESS, PAGE_BYTES } from "../placement/address.js";
import type { ArenaStats } from "./arena-stats.js";
import { runAt } from "../tables/page-table.js";
import type { TopChunk } from "../tables/top-chunk.js";
import type { Planes } from "../tables/planes.js";

/** Columns of the drawn pages: fits an 100-column terminal beside the numbers. */
const COLUMNS = 48;

/**
 * For example, after spans of one and four pages:
 *
 *   arena: 32.0 KiB held in 1 top chunk, 20.0 KiB used in 2 spans, 8.0 KiB free
 *   #0   0x00000000   32.0 KiB  63 % used |0[..[===|
 */
export function describeArena(
  stats: ArenaStats,
  chunks: readonly TopChunk[],
  { pages }: Planes,
): string {
  const inAddressOrder = chunks.toSorted((a, b) => a.base - b.base);
  const lines = inAddressOrder.map((chunk) => describeChunk(chunk, pages));
  return [summarizeArena(stats), ...lines].join("\n");
}

/** The first line of it, which costs nothing: for errors. */
export function summarizeArena(stats: ArenaStats): string {
  return (
    `arena: ${printedBytes(stats.heldBytes)} held in ${counted(stats.heldChunks, "top chunk")}, ` +
    `${printedBytes(stats.usedBytes)} used in ${counted(stats.spanCount, "span")}, ${printedBytes(stats.freeBytes)} free`
  );
}

function describeChunk(chunk: TopChunk, pages: Int32Array): string {
  const name = `#${chunk.index}`.padEnd(4);
  const base = `0x${chunk.base.toString(16).padStart(8, "0")}`;
  if (!chunk.isHeld) return `${name} ${base}     vacant, released ${counted(chunk.epoch, "time")}`;
  const share = Math.round((100 * chunk.usedBytes) / chunk.byteLength);
  return `${name} ${base} ${printedBytes(chunk.byteLength).padStart(10)} ${`${share} % used`.padStart(10)} |${drawPages(chunk, pages)}|`;
}

/**
 * One character for each page, or for each group of pages when there are more than columns: `0` NULL, `[` first page of a
 * span, `=` further pages of it, `.` free, and for groups `#` full, `+` partly used.
 */
function drawPages(chunk: TopChunk, pages: Int32Array): string {
  const pageCount = chunk.byteLength / PAGE_BYTES;
  if (pageCount <= COLUMNS) {
    return Array.from({ length: pageCount }, (_, page) => drawPage(chunk, pages, page)).join("");
  }
  return Array.from({ length: COLUMNS }, (_, column) => {
    const first = Math.floor((column * pageCount) / COLUMNS);
    const end = Math.floor(((column + 1) * pageCount) / COLUMNS);
    let used = 0;
    for (let page = first; page < end; page++)
      if (runAt(pages, chunk.firstPage + page) !== 0) used++;
    return used === 0 ? "." : used === end - first ? "#" : "+";
  }).join("");
}

function drawPage(chunk: TopChunk, pages: Int32Array, page: number): string {
  if (page === 0 && chunk.base === NULL_ADDRESS) return "0";
  const run = runAt(pages, chunk.firstPage + page);
  return run > 0 ? "[" : run < 0 ? "=" : ".";
}

/** A byte count with a binary unit and one decimal: `32.0 KiB`. */
function printedBytes(byteLength: number): string {
  const units = ["B", "KiB", "MiB", "GiB"];
  let value = byteLength;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}

/** A number with its noun, in the singular for one. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
