/** The memory at the peak of a trace, and its table. */
import { Heap } from "@perfloc/context";
import { expect, test } from "vitest";
import { memoryTable } from "../src/memory-table.js";
import { measurePeak } from "../src/perfloc/peak-memory.js";
import { replayUntimed } from "../src/perfloc/replay-untimed.js";
import { summarizeRow } from "../src/row-result.js";
import { tinyMallocTrace } from "./tiny-trace.js";

test("live <= used <= held at the peak, and live is what the trace asked for", () => {
  const trace = tinyMallocTrace();
  using heap = new Heap();
  const { liveBytes, usedBytes, heldBytes } = measurePeak(heap, trace);
  expect(liveBytes).toBe(trace.peakLiveBytes);
  expect(usedBytes).toBeGreaterThanOrEqual(liveBytes);
  expect(heldBytes).toBeGreaterThanOrEqual(usedBytes);
  heap.verify();
});

test("the pass ends at the peak, with the objects live that are live there", () => {
  const trace = tinyMallocTrace();
  using heap = new Heap();
  measurePeak(heap, trace);
  // 0, 1 and 2; object 3 is allocated later.
  expect(heap.stats().children).toMatchObject([{ liveObjects: 3 }]);
});

test("an untimed replay leaves the first word of each object in place", () => {
  const { ops, objectCount } = tinyMallocTrace();
  using heap = new Heap();
  const context = heap.open("untimed");
  const addresses = new Uint32Array(objectCount);
  replayUntimed(heap, context, ops, addresses);
  for (const id of [2, 3]) {
    const { u32, base } = heap.arena.chunkAt(addresses[id]!);
    expect(u32[(addresses[id]! - base) >>> 2]).toBe(id);
  }
  expect(context.stats().liveObjects).toBe(2);
});

test("the table has the ratios of the rows that were measured, and their geometric means", () => {
  const peaks = [
    { liveBytes: 100, usedBytes: 400, heldBytes: 800 },
    { liveBytes: 100, usedBytes: 100, heldBytes: 800 },
    undefined,
  ];
  const results = peaks.map((peak, index) =>
    summarizeRow(
      { name: `row-${index}`, summary: "" },
      [
        {
          label: "Node",
          node: "Node",
          isAfterDetach: false,
          reports: [{ passes: [1], ops: 1, checksum: undefined, peak }],
        },
      ],
      [],
    ),
  );
  expect(memoryTable(results)!.rows).toEqual([
    ["row-0", "100 B", "400 B", "800 B", "4.00", "2.00"],
    ["row-1", "100 B", "100 B", "800 B", "1.00", "8.00"],
    ["geometric mean", "", "", "", "2.00", "4.00"],
  ]);
  expect(memoryTable(results.slice(2))).toBeUndefined();
});
