/** Workloads without a trace: all sides do the same work, every pass anew. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Heap } from "@perfloc/context";
import { afterAll, expect, test } from "vitest";
import { NativePrograms, type NativeProgram } from "../src/native-programs.js";
import { makeDoubledArrays, makePushedArrays } from "../src/peers/collected-growth.js";
import { makeBufferArray, makeObjectArray, makeObjectMap } from "../src/peers/collected-records.js";
import { makeCollectedScopes } from "../src/peers/collected-scopes.js";
import { makeFloat64Arrays } from "../src/peers/float64-array.js";
import { makeNodeBuffer } from "../src/peers/node-buffer.js";
import { makeSizedObjects } from "../src/peers/sized-object.js";
import { makeGrowth } from "../src/perfloc/growth.js";
import type { Work } from "../src/perfloc/passes.js";
import { makeRecordContext } from "../src/perfloc/record-context.js";
import { makeScopes } from "../src/perfloc/scopes.js";
import { parseProcessReport } from "../src/process-report.js";
import { type RecordStore, runRecordService } from "../src/record-service.js";
import { scopeSizes } from "../src/scope-shape.js";

const folder = mkdtempSync(join(tmpdir(), "perfloc-bench-test-"));
afterAll(() => rmSync(folder, { recursive: true }));
const programs = new NativePrograms(folder, () => {});

interface Sums {
  readonly operations: number;
  readonly checksum: number;
}

function sumsOf(work: Work): Sums {
  const checksum = work.run();
  work.cleanUp();
  expect(work.run()).toBe(checksum);
  work.cleanUp();
  return { operations: work.operations, checksum };
}

/** Nothing where the program cannot be built. */
function sumsOfNative(program: NativeProgram, args: readonly string[]): Sums[] {
  const command = programs.build(program);
  if (command === undefined) return [];
  const report = parseProcessReport(execFileSync(command, args, { encoding: "utf8" }), undefined);
  return [{ operations: report!.ops, checksum: report!.checksum! }];
}

test.each([
  { allocationCount: 0, depth: 1 },
  { allocationCount: 1, depth: 1 },
  { allocationCount: 100, depth: 1 },
  { allocationCount: 100, depth: 3 },
])("scopes with $allocationCount allocations, $depth deep", (shape) => {
  using heap = new Heap();
  const expected = sumsOf(makeScopes(heap, "allocset", shape));
  expect(expected.operations).toBe(100_000);
  heap.verify();
  expect(heap.stats().liveBytes).toBe(0);
  const args = [`${shape.allocationCount}`, `${shape.depth}`, "1"];
  const others = [
    sumsOf(makeScopes(heap, "bump", shape)),
    sumsOf(makeCollectedScopes(makeSizedObjects(), shape)),
    sumsOf(makeCollectedScopes(makeNodeBuffer(), shape)),
    sumsOf(makeCollectedScopes(makeFloat64Arrays(), shape)),
    ...sumsOfNative("scopes-malloc", args),
    ...sumsOfNative("scopes-talloc", args),
    ...sumsOfNative("scopes-apr", args),
  ];
  for (const other of others) expect(other).toEqual(expected);
});

test("sizes of a request: mixed, and within their limits", () => {
  const sizes = scopeSizes({ allocationCount: 10_000, depth: 1 });
  expect(Math.min(...sizes)).toBe(8);
  expect(Math.max(...sizes)).toBe(256);
});

test("plain objects have a field for each 8 bytes, within half a range of sizes", () => {
  for (let byteLength = 8; byteLength <= 256; byteLength++) {
    const fieldCount = Object.keys(makeSizedObjects().make(byteLength, 1)).length;
    expect(Math.abs(fieldCount - byteLength / 8)).toBeLessThanOrEqual(4);
  }
});

test.each(["factor", "step"] as const)("buffers that grow by a %s", (kind) => {
  using heap = new Heap();
  const expected = sumsOf(makeGrowth(heap, kind));
  heap.verify();
  expect(heap.stats().liveBytes).toBe(0);
  const others = [
    sumsOf(makePushedArrays(kind)),
    sumsOf(makeDoubledArrays(kind)),
    ...sumsOfNative("growth", [kind, "1"]),
  ];
  for (const other of others) expect(other).toEqual(expected);
});

test("a service: every store gives the records back that were put into it", async () => {
  const shape = { recordCount: 1000, recordsPerTurn: 100, turnCount: 20 };
  using heap = new Heap();
  const stores: RecordStore[] = [
    makeRecordContext(heap, "allocset", shape.recordCount),
    makeRecordContext(heap, "slab", shape.recordCount),
    makeObjectArray(),
    makeObjectMap(shape.recordCount),
    makeBufferArray(),
  ];
  const checksums = new Set<number>();
  for (const store of stores) {
    // oxlint-disable-next-line no-await-in-loop -- each has the event loop to itself
    const { ops, passes, checksum, eventLoop } = await runRecordService(store, shape);
    expect(ops).toBe(2000);
    expect(passes).toHaveLength(1);
    expect(eventLoop!.longestPauseMs).toBeGreaterThanOrEqual(eventLoop!.p999PauseMs);
    checksums.add(checksum!);
  }
  expect(checksums.size).toBe(1);
  heap.verify();
  const liveObjects = heap.stats().children.map((context) => context.liveObjects);
  expect(liveObjects).toEqual([shape.recordCount, shape.recordCount]);
});
