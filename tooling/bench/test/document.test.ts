/** BENCHMARKS.md of a whole run, with every row and five runtimes. */
import { expect, test } from "vitest";
import { lossesOf } from "../src/document/losses.js";
import { FAMILIES, type PeerQuestion } from "../src/document/question-tables.js";
import { renderRatioSvg } from "../src/document/ratio-svg.js";
import { renderDocument } from "../src/document/render-document.js";
import type { MemoryResult } from "../src/memory/measure-memory.js";
import type { ProcessReport } from "../src/process-report.js";
import type { Report } from "../src/report.js";
import { type RowResult, type SideReports, summarizeRow } from "../src/row-result.js";
import type { Row } from "../src/row.js";
import { listRows } from "../src/rows.js";

const RUNTIMES = ["Node 20.0.0", "Node 22.0.0", "Node 24.0.0", "Node 26.0.0", "Bun 1.0.0"];
const FILES = { chart: "ratios.svg", tables: "tables.md", json: "latest.json" };
const NATIVE_PEERS = new Set(["malloc", "mimalloc", "jemalloc", "talloc", "APR pool"]);
const LEVELS = ["check (default)", "sample, 1 in 128", "sample"];
const SERVICES = ["plain objects", "Map of objects", "Buffer slices"];

function sideOf(label: string, runtime: string | undefined, ns: number): SideReports {
  const eventLoop = { longestPauseMs: ns, p999PauseMs: 1, rssBytes: 1024 };
  const report: ProcessReport = { passes: [ns], ops: 1, checksum: undefined, eventLoop };
  return { label, runtime, isAfterDetach: false, reports: [report] };
}

function peersOf({ question, name }: Row): readonly string[] {
  if (name.startsWith("open-")) return ["talloc", "APR pool"];
  if (question === "levels") return LEVELS;
  if (question === "pauses") return SERVICES;
  return FAMILIES[question as PeerQuestion].flatMap(({ peers }) => peers);
}

/** Perfloc takes 10 ns everywhere. */
function resultOf(row: Row, peerNs: number): RowResult {
  const peers = peersOf(row).flatMap((peer) =>
    NATIVE_PEERS.has(peer)
      ? [sideOf(peer, undefined, peerNs)]
      : RUNTIMES.map((runtime) => sideOf(`${peer}, ${runtime}`, runtime, peerNs)),
  );
  const loops =
    row.question === "traces"
      ? [sideOf("loop", RUNTIMES[0], 1), sideOf("loop, C", undefined, 1)]
      : [];
  const perfloc = RUNTIMES.map((runtime) => sideOf(runtime, runtime, 10));
  return summarizeRow(row, perfloc, peers, loops);
}

function reportOf(peerNs: number): Report {
  const results = listRows().map((row) => resultOf(row, peerNs));
  const memory = results
    .filter(({ question }) => question === "traces")
    .map(({ name }): MemoryResult => ({
      name,
      perfloc: { liveBytes: 1, usedBytes: 2, heldBytes: 3, planeBytes: 1, writtenBytes: 2 },
      glibc: { heldBytes: 2, residentBytes: 2 },
    }));
  const machine = {
    date: "2026-01-02T03:04:05.678Z",
    cpu: "a processor",
    cores: 2,
    load: 0.5,
    system: "Linux",
    node: "20.0.0",
    glibc: "2.36",
    cc: "cc 12",
  };
  return {
    command: "pnpm bench --node 22,24,26 --bun 1.4 --json latest.json",
    commit: "1234567",
    machine,
    rounds: 7,
    results,
    memory,
    memoryBefore: { commit: "0000000", memory },
    failures: [],
  };
}

test("losses to programs in C have their explanations; a loss without one is listed all the same", () => {
  const unexplained = lossesOf(reportOf(5).results).filter(({ why }) => why.includes("not expl"));
  expect(unexplained).toHaveLength(1);
  const { names } = unexplained[0]!;
  expect(names).toContain("replace-1000-random/@thi.ng/malloc 2.00");
  const native = /^[\w-]+\/(?:malloc|mimalloc|jemalloc|talloc|APR pool) /u;
  expect(names.filter((name) => native.test(name))).toEqual([]);
});

test("where everything loses, the document has 120 lines at most", () => {
  const lines = renderDocument(reportOf(5), FILES).split("\n");
  expect(lines.length).toBeLessThanOrEqual(121);
  const prose = lines.filter((line) => !/^[|!]/u.test(line));
  expect(Math.max(...prose.map((line) => line.length))).toBeLessThanOrEqual(130);
});

test("where nothing loses, it says so first", () => {
  const text = renderDocument(reportOf(20), FILES);
  expect(text).toMatch(/## What loses, and why\n\nNothing\.\n/);
  expect(text.indexOf("## What loses")).toBeLessThan(text.indexOf("| **Traces**"));
});

test("a table for each question, and every row in one", () => {
  const text = renderDocument(reportOf(20), FILES);
  const titles = [...text.matchAll(/^\| \*\*(\w+)\*\*/gmu)].map(([, title]) => title);
  const questions = ["Traces", "Churn", "Scopes", "Growth", "Structs", "Collections", "Programs"];
  expect(titles).toEqual([...questions, "Memory", "Pauses", "Runtimes"]);
  const rows = listRows().filter(({ question, name }) => {
    const isElsewhere = question === "levels" || /^fleet|-unchecked$/u.test(name);
    return !isElsewhere;
  });
  for (const { name } of rows) expect(text).toContain(`\n| ${name} `);
});

test("the best of a family is named, with its ratio", () => {
  const row = listRows().find(({ name }) => name === "struct-cursor");
  const slower = resultOf(row!, 100);
  const text = renderDocument({ ...reportOf(20), results: [slower] }, FILES);
  expect(text).toMatch(/\| struct-cursor .*\| 10\.00 \|.* 0\.10 \(typed array by hand\) \|/);
});

test("the chart is one file that needs no style sheet", () => {
  const svg = renderRatioSvg(reportOf(5).results);
  expect(svg).toMatch(/^<svg[^>]*><rect[^]*<\/svg>\n$/);
  expect(svg).not.toContain("var(");
  expect(svg).toContain("open-drop / talloc");
  expect(svg).toContain("map-get / Map<");
});
