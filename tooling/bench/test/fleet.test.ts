/** Traces made from a distribution: they keep its balance, and their timed part can follow itself. */
import { Heap } from "@perfloc/context";
import {
  binaryTrace,
  type MallocTrace,
  OP_ALLOC,
  OP_FREE,
  RECORD_LENGTH,
} from "@perfloc-tooling/traces";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { FleetSize } from "../src/fleet-distributions.js";
import { readFleetDistribution } from "../src/fleet-distributions.js";
import { makeFleetTrace } from "../src/fleet-trace.js";
import { makeMallocReplay } from "../src/perfloc/malloc-replay.js";
import { readBinaryTrace } from "../src/perfloc/read-binary-trace.js";
import { WeightedChoice } from "../src/weighted-choice.js";

const TARGET = 1024 * 1024;

/** Many that die soon, few that stay, one that is too large for the target. */
const SIZES: FleetSize[] = [
  { bytes: 16, allocations: 900, liveObjects: 100 },
  { bytes: 200, allocations: 90, liveObjects: 800 },
  { bytes: 4000, allocations: 10, liveObjects: 100 },
  { bytes: TARGET, allocations: 1, liveObjects: 1 },
];

/** Live bytes after each step of the timed part. Checks on the way that what is freed is live and what is allocated is not. */
function liveBytesOf({ ops }: MallocTrace, timedFrom: number): number[] {
  const live = new Map<number, number>();
  const sums: number[] = [];
  let sum = 0;
  for (let at = 0; at < ops.length; at += RECORD_LENGTH) {
    const [opcode, , id = 0, bytes = 0] = ops.subarray(at, at + RECORD_LENGTH);
    expect(live.has(id)).toBe(opcode === OP_FREE);
    sum += opcode === OP_ALLOC ? bytes : -live.get(id)!;
    if (opcode === OP_ALLOC) live.set(id, bytes);
    else live.delete(id);
    if (opcode === OP_ALLOC && at >= timedFrom * RECORD_LENGTH) sums.push(sum);
  }
  return sums;
}

test("live bytes stay near the target", () => {
  const { trace, timedFrom } = makeFleetTrace("fleet", SIZES, TARGET);
  const sums = liveBytesOf(trace, timedFrom);
  expect(sums).toHaveLength(trace.objectCount);
  expect(Math.min(...sums)).toBeGreaterThan(TARGET * 0.9);
  expect(Math.max(...sums)).toBeLessThan(TARGET * 1.1);
});

test("sizes are allocated at their rates, those that are too large not at all", () => {
  const { trace, timedFrom } = makeFleetTrace("fleet", SIZES, TARGET);
  const counts = new Map<number, number>();
  for (let at = timedFrom * RECORD_LENGTH; at < trace.ops.length; at += RECORD_LENGTH) {
    const bytes = trace.ops[at + 3]!;
    if (trace.ops[at] === OP_ALLOC) counts.set(bytes, (counts.get(bytes) ?? 0) + 1);
  }
  expect(counts.get(16)! / trace.objectCount).toBeCloseTo(0.9, 1);
  expect(counts.get(200)! / trace.objectCount).toBeCloseTo(0.09, 1);
  expect(counts.has(TARGET)).toBe(false);
});

test("the same trace every time", () => {
  expect(makeFleetTrace("fleet", SIZES, TARGET)).toEqual(makeFleetTrace("fleet", SIZES, TARGET));
});

test("the timed part follows itself, with the same objects live and the same checksum", () => {
  const { trace, timedFrom } = makeFleetTrace("fleet", SIZES, TARGET);
  using heap = new Heap();
  const work = makeMallocReplay(heap, trace, timedFrom);
  expect(work.operations).toBe(2 * trace.objectCount);
  const checksums = new Set<number>();
  for (let pass = 0; pass < 3; pass++) {
    checksums.add(work.run());
    work.cleanUp();
    expect(heap.stats().children).toMatchObject([{ liveObjects: trace.objectCount }]);
  }
  heap.verify();
  expect(checksums.size).toBe(1);
});

test("files: a distribution is read, a binary trace read back", () => {
  const folder = mkdtempSync(join(tmpdir(), "perfloc-bench-test-"));
  try {
    const csv = join(folder, "TCMALLOC_9.csv");
    writeFileSync(csv, "16, 900.5, 100\n200, 90, 0.25\n");
    const sizes = readFleetDistribution(csv);
    expect(sizes).toEqual([
      { bytes: 16, allocations: 900.5, liveObjects: 100 },
      { bytes: 200, allocations: 90, liveObjects: 0.25 },
    ]);
    const { trace } = makeFleetTrace("fleet", SIZES, TARGET);
    const file = join(folder, "fleet.bin");
    writeFileSync(file, binaryTrace(trace));
    const { ops, objectCount } = trace;
    expect(readBinaryTrace(file)).toMatchObject({ ops, objectCount });
    expect(() => readBinaryTrace(csv)).toThrow("expected a malloc trace");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a weighted choice divides the line from 0 to 1, before and after a change", () => {
  const choice = new WeightedChoice([1, 0, 2, 1, 4]);
  const picked = Array.from({ length: 8 }, (_, eighth) => choice.at(eighth / 8));
  expect(picked).toEqual([0, 2, 2, 3, 4, 4, 4, 4]);
  choice.add(4, -4);
  choice.add(1, 4);
  const changed = Array.from({ length: 8 }, (_, eighth) => choice.at(eighth / 8));
  expect(changed).toEqual([0, 1, 1, 1, 1, 2, 2, 3]);
});
