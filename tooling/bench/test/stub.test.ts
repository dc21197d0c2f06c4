/** The loop over a stub: it adds up the checksum of the replay that was recorded, in JavaScript and in C. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Heap } from "@perfloc/context";
import { binaryTrace, type ContextTrace, type MallocTrace } from "@perfloc-tooling/traces";
import { afterAll, expect, test } from "vitest";
import { NativePrograms } from "../src/native-programs.js";
import { netTimes } from "../src/net-of-loop.js";
import { AddressRecorder } from "../src/perfloc/address-recorder.js";
import { makeContextReplay } from "../src/perfloc/context-replay.js";
import { makeMallocReplay } from "../src/perfloc/malloc-replay.js";
import type { Work } from "../src/perfloc/passes.js";
import type { ReplayHeap } from "../src/perfloc/replay-heap.js";
import { rewindAfterPass, StubHeap } from "../src/perfloc/stub-heap.js";
import { parseProcessReport, type ProcessReport } from "../src/process-report.js";
import { type SideReports, summarizeRow } from "../src/row-result.js";
import {
  TINY_CONTEXT_CHECKSUM,
  TINY_MALLOC_CHECKSUM,
  tinyContextTrace,
  tinyMallocTrace,
} from "./tiny-trace.js";

const folder = mkdtempSync(join(tmpdir(), "perfloc-bench-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

const traces: [ContextTrace | MallocTrace, number][] = [
  [tinyContextTrace(), TINY_CONTEXT_CHECKSUM],
  [tinyMallocTrace(), TINY_MALLOC_CHECKSUM],
];

function makeReplay(heap: ReplayHeap, trace: ContextTrace | MallocTrace): Work {
  return trace.kind === "contexts" ? makeContextReplay(heap, trace) : makeMallocReplay(heap, trace);
}

test.each(traces)("%o on a stub: the same checksum, and no object", (trace, checksum) => {
  using heap = new Heap();
  const recorder = new AddressRecorder(heap);
  const recorded = makeReplay(recorder, trace);
  expect(recorded.run()).toBe(checksum);
  recorded.cleanUp();
  const { liveBytes, contexts } = heap.stats();
  const stub = new StubHeap(heap.arena, recorder.take());
  const work = rewindAfterPass(stub, makeReplay(stub, trace));
  for (let pass = 0; pass < 2; pass++) {
    expect(work.run()).toBe(checksum);
    work.cleanUp();
  }
  expect(heap.stats()).toMatchObject({ liveBytes, contexts });
});

test.each(traces)("%o in C: the same checksum in every mode", (trace, checksum) => {
  const programs = new NativePrograms(folder, () => {});
  const command = programs.build(trace.kind === "contexts" ? "context-replay" : "malloc-replay");
  if (command === undefined) return;
  const path = join(folder, `${trace.kind}.bin`);
  writeFileSync(path, binaryTrace(trace));
  for (const mode of [[], ["--stub"], ["--held"], ["--no-memory"]]) {
    const output = execFileSync(command, [path, "3", ...mode], { encoding: "utf8" });
    expect([mode, parseProcessReport(output, undefined)?.checksum]).toEqual([mode, checksum]);
  }
});

function sideOf(label: string, runtime: string | undefined, ns: number): SideReports {
  const report: ProcessReport = { passes: [ns, ns + 1], ops: 1, checksum: undefined };
  return { label, runtime, isAfterDetach: false, reports: [report] };
}

test("net of the loop: each side without its own, of the fastest passes", () => {
  const row = { name: "a row", summary: "", question: "traces" } as const;
  const perfloc = [sideOf("Node", "Node", 10)];
  const peers = [sideOf("malloc", undefined, 8), sideOf("objects", "Node", 5)];
  const loops = [sideOf("loop, Node", "Node", 4), sideOf("loop, C", undefined, 2)];
  expect(netTimes(summarizeRow(row, perfloc, peers, loops))).toEqual([
    { peer: "malloc", perflocNs: 6, peerNs: 6, ratio: 1 },
  ]);
  expect(netTimes(summarizeRow(row, perfloc, peers))).toEqual([]);
});
