/** The account of the guard: to the byte, and with what others give back. */
import { thrashGuard } from "@perfloc/trim";
import { expect, test } from "vitest";
import { PaperHeap, PaperTrimmer } from "./support/facts.js";

const KIB = 1024;

test("T22 what may come back is twice the rise, to the byte", () => {
  for (const [demand, gone] of [
    [32 * KIB, [1]],
    [32 * KIB - 1, []],
  ] as const) {
    const heap = new PaperHeap([16 * KIB, 64 * KIB]);
    const trimmer = new PaperTrimmer(heap, thrashGuard());
    heap.demand(demand);
    trimmer.trimAt(0);
    heap.demand(16 * KIB);
    expect(trimmer.trimAt(1)).toEqual(gone);
  }
});

test("T22 what is away counts as what will come back", () => {
  const heap = new PaperHeap([64 * KIB, 64 * KIB, 64 * KIB]);
  const trimmer = new PaperTrimmer(heap, thrashGuard());
  // Demand rises by 128 KiB and a little: the credit is four chunks.
  const gone: number[] = [];
  for (let round = 0; round < 4; round++) {
    heap.demand(128 * KIB + 1);
    gone.push(...trimmer.trimAt(2 * round));
    heap.demand(128 * KIB);
    gone.push(...trimmer.trimAt(2 * round + 1));
  }
  expect(gone).toEqual([2, 2, 2, 2]);
  expect(heap.recommittedBytes).toBe(3 * 64 * KIB);
  heap.demand(64 * KIB);
  expect(trimmer.trimAt(8)).toEqual([]);
});

test("T22 what somebody else gave back, and what came back before anybody looked, counts each time", () => {
  const heap = new PaperHeap([64 * KIB, 64 * KIB]);
  const trimmer = new PaperTrimmer(heap, thrashGuard());
  // The credit is two chunks.
  heap.demand(64 * KIB + 1);
  trimmer.trimAt(0);
  for (const now of [1, 2]) {
    heap.demand(64 * KIB);
    heap.release(1);
    heap.demand(64 * KIB + 1);
    trimmer.trimAt(now);
  }
  expect(heap.recommittedBytes).toBe(128 * KIB);
  heap.demand(64 * KIB);
  expect(trimmer.trimAt(3)).toEqual([]);
});
