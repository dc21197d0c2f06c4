/**
 * One table for each question, of the fastest passes on the first runtime. A row has Perfloc's time and its ratio to peers of each
 * family: to one, or to the fastest of several, which is named then.
 */
import { netTimes } from "../net-of-loop.js";
import { printRatio } from "../print-ratio.js";
import type { RowResult } from "../row-result.js";
import type { Question } from "../row.js";
import { geometricMean } from "../statistics.js";
import type { Column, TableData } from "../table-data.js";
import { fastestRatio } from "./fastest-ratio.js";

/** A column: the peers that are one family, by their labels. */
interface Family {
  readonly title: string;
  readonly peers: readonly string[];
}

const GLIBC: Family = { title: "glibc", peers: ["malloc"] };
const MIMALLOC: Family = { title: "mimalloc", peers: ["mimalloc"] };
const JEMALLOC: Family = { title: "jemalloc", peers: ["jemalloc"] };
const PLAIN_OBJECTS: Family = { title: "plain objects", peers: ["plain objects"] };
const BUFFERS: Family = {
  title: "best of Buffers, pools, typed arrays",
  peers: ["Buffer.allocUnsafe", "@protobufjs/pool", "typedarray-pool", "new Float64Array"],
};

/** Questions whose tables are families beside each other. */
export type PeerQuestion = Exclude<Question, "levels" | "pauses">;

/** In the order of the document. */
export const FAMILIES: Readonly<Record<PeerQuestion, readonly Family[]>> = {
  traces: [GLIBC, MIMALLOC, JEMALLOC],
  churn: [
    GLIBC,
    MIMALLOC,
    { title: "AssemblyScript TLSF", peers: ["AssemblyScript TLSF"] },
    { title: "@thi.ng/malloc", peers: ["@thi.ng/malloc"] },
    PLAIN_OBJECTS,
    BUFFERS,
  ],
  scopes: [
    { title: "talloc", peers: ["talloc"] },
    { title: "APR pool", peers: ["APR pool"] },
    GLIBC,
    MIMALLOC,
    PLAIN_OBJECTS,
    {
      title: "best of Buffers, pools, stub",
      peers: [...BUFFERS.peers, "AssemblyScript stub"],
    },
  ],
  growth: [
    { title: "doubling copy", peers: ["doubling copy"] },
    { title: "array push", peers: ["array push"] },
    GLIBC,
    MIMALLOC,
    JEMALLOC,
  ],
  structs: [
    { title: "typed arrays by hand", peers: ["typed array by hand", "columns by hand"] },
    { title: "class instances", peers: ["class instances"] },
    {
      title: "best library",
      peers: ["structurae", "typed-struct", "buffer-backed-object", "memium"],
    },
  ],
  collections: [
    { title: "Map", peers: ["Map"] },
    {
      title: "best typed array",
      peers: ["typed array with a length", "typed array, filled"],
    },
    { title: "array push", peers: ["array push"] },
  ],
  programs: [{ title: "plain JavaScript", peers: ["plain JavaScript"] }],
};

/** Before the names of the rows. */
const TITLES: Readonly<Record<PeerQuestion, string>> = {
  traces: "**Traces**",
  churn: "**Churn**: one object freed, one allocated",
  scopes: "**Scopes**: opened, filled, dropped",
  growth: "**Growth**: a buffer is appended to",
  structs: "**Structs**",
  collections: "**Collections**",
  programs: "**Programs**",
};

/** @returns undefined without rows */
export function questionTable(
  question: PeerQuestion,
  results: readonly RowResult[],
): TableData | undefined {
  const rows = results.filter((result) => result.question === question);
  if (rows.length === 0) return undefined;
  return question === "traces" ? traceTable(rows) : familyTable(question, rows);
}

function familyTable(question: PeerQuestion, results: readonly RowResult[]): TableData {
  const families = FAMILIES[question];
  const hasBounds = results.some(({ bound }) => bound !== undefined);
  const titles = [
    "ns/op",
    ...families.map(({ title }) => title),
    ...(hasBounds ? ["at most"] : []),
  ];
  return {
    columns: columnsOf(TITLES[question], titles),
    rows: results.map((result) => [
      result.name,
      printNs(perflocNs(result)),
      ...families.map((family) => familyCell(result, family)),
      ...(hasBounds ? [result.bound?.toFixed(2) ?? ""] : []),
    ]),
  };
}

/** Nothing where the row has none of the family. */
function familyCell(result: RowResult, { peers }: Family): string {
  const best = fastestRatio(result, peers);
  if (best === undefined) return "";
  return peers.length === 1 ? printRatio(best.ratio) : `${printRatio(best.ratio)} (${best.peer})`;
}

const TRACE_GROUPS: readonly { readonly title: string; readonly pattern: RegExp }[] = [
  { title: "malloc traces, geometric mean", pattern: /^(?!postgres|fleet)/u },
  { title: "fleet services, geometric mean", pattern: /^fleet/u },
];

/**
 * With the figures net of the loop. Services of the fleet are one line, and what checks cost on the PostgreSQL trace is said elsewhere.
 */
function traceTable(results: readonly RowResult[]): TableData {
  const families = FAMILIES.traces;
  const singles = results.filter(({ name }) => !/^fleet|-unchecked$/u.test(name));
  const groups = TRACE_GROUPS.map(({ title, pattern }) => ({
    title,
    members: results.filter(({ name }) => pattern.test(name)),
  }));
  return {
    columns: columnsOf(TITLES.traces, [
      "ns/op",
      ...families.map(({ title }) => title),
      "net ns/op",
      "net, glibc",
      "net, mimalloc",
    ]),
    rows: [
      ...singles.map((result) => traceCells(result.name, [result], families)),
      ...groups
        .filter(({ members }) => members.length > 0)
        .map(({ title, members }) => traceCells(title, members, families)),
    ],
  };
}

/** Of one row, or geometric means of several. */
function traceCells(
  title: string,
  members: readonly RowResult[],
  families: readonly Family[],
): string[] {
  const net = (peer: string) =>
    members.flatMap((result) => netTimes(result).find((times) => times.peer === peer) ?? []);
  return [
    title,
    meanCell(members.map(perflocNs), printNs),
    ...families.map(({ peers }) =>
      meanCell(
        members.flatMap((result) => fastestRatio(result, peers)?.ratio ?? []),
        printRatio,
      ),
    ),
    meanCell(
      net("malloc").map((times) => times.perflocNs),
      printNs,
    ),
    meanCell(
      net("malloc").map(({ ratio }) => ratio),
      printRatio,
    ),
    meanCell(
      net("mimalloc").map(({ ratio }) => ratio),
      printRatio,
    ),
  ];
}

/** The geometric mean, or nothing. */
function meanCell(values: readonly number[], print: (mean: number) => string): string {
  return values.length === 0 ? "" : print(geometricMean(values));
}

function printNs(ns: number): string {
  return ns.toFixed(2);
}

function perflocNs({ perfloc }: RowResult): number {
  return perfloc[0]!.minima.min;
}

export function columnsOf(first: string, others: readonly string[]): readonly Column[] {
  return [
    { title: first, align: "left" },
    ...others.map((title) => ({ title, align: "right" as const })),
  ];
}
