/** The memory of a trace, and its table. */
import { Heap } from "@perfloc/context";
import { expect, test } from "vitest";
import type { MemoryResult } from "../src/memory/measure-memory.js";
import { memoryLines, memoryTable } from "../src/memory/memory-table.js";
import { parsePeakMemory } from "../src/memory/peak-memory.js";
import { measurePeak } from "../src/perfloc/peak-memory.js";
import { replayUntimed } from "../src/perfloc/replay-untimed.js";
import { tinyContextTrace, tinyMallocTrace } from "./tiny-trace.js";

test.each([tinyMallocTrace(), tinyContextTrace()])(
  "$kind: live <= used <= held at the peak, planes counted, and live is what the trace asked for",
  (trace) => {
    using heap = new Heap();
    const { liveBytes, usedBytes, heldBytes, planeBytes } = measurePeak(heap, trace);
    expect(liveBytes).toBe(trace.peakLiveBytes);
    expect(usedBytes).toBeGreaterThanOrEqual(liveBytes);
    expect(heldBytes).toBeGreaterThanOrEqual(usedBytes);
    expect(planeBytes).toBeGreaterThan(0);
    expect(heldBytes - planeBytes).toBe(heap.arena.stats().peakHeldBytes);
    heap.verify();
  },
);

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

test.each(["", "null", "{}", '{"liveBytes":1,"usedBytes":2,"heldBytes":3,"planeBytes":4}'])(
  "%j is no report of memory",
  (text) => {
    expect(parsePeakMemory(text)).toBeUndefined();
  },
);

function memoryOf(
  name: string,
  [usedBytes, heldBytes, writtenBytes]: readonly [number, number, number],
  glibc?: MemoryResult["glibc"],
): MemoryResult {
  return {
    name,
    perfloc: { liveBytes: 100, usedBytes, heldBytes, planeBytes: 1, writtenBytes },
    glibc,
  };
}

test("the table has the ratios to before and to glibc, and their geometric means", () => {
  const now = [
    memoryOf("both", [400, 800, 100], { heldBytes: 100, residentBytes: 50 }),
    memoryOf("no compiler", [200, 200, 200]),
    memoryOf("new", [100, 100, 100], { heldBytes: 200, residentBytes: 100 }),
  ];
  const before = [memoryOf("both", [200, 400, 200]), memoryOf("no compiler", [400, 400, 400])];
  const rows = memoryTable(memoryLines(now, before))!.rows.map((cells) => cells.join("|"));
  expect(rows).toEqual([
    "both|100 B|200 B|400 B|2.00|400 B|800 B|2.00|100 B|8.00|200 B|100 B|0.50|50 B|2.00",
    "no compiler|100 B|400 B|200 B|0.50|400 B|200 B|0.50|||400 B|200 B|0.50||",
    "new|100 B||100 B|||100 B||200 B|0.50||100 B||100 B|1.00",
    "geometric mean||||1.00|||1.00||2.00|||0.50||1.41",
  ]);
  expect(memoryTable([])).toBeUndefined();
});
