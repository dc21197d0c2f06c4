/** What is remembered of demand: peaks at looks, between them, and one after the other. */
import { type TrimPolicy, makeFacts, peakWindow, threshold } from "@perfloc/trim";
import { expect, test } from "vitest";
import { PaperHeap, PaperTrimmer } from "./support/facts.js";

const KIB = 1024;
const WINDOW_MS = 5000;
/** A demand counts for up to this much longer. */
const BUCKET_MS = WINDOW_MS / 16;

/** Three equal chunks of 8 KiB, all in use at time 0. */
function threeInUse(policy: TrimPolicy): { heap: PaperHeap; trimmer: PaperTrimmer } {
  const heap = new PaperHeap([8 * KIB, 8 * KIB, 8 * KIB]);
  const trimmer = new PaperTrimmer(heap, policy);
  heap.demand(24 * KIB);
  trimmer.trimAt(0);
  return { heap, trimmer };
}

const exactWindow = (): TrimPolicy => peakWindow({ windowMs: WINDOW_MS, headroom: 0 });

test("T19 a span that was cut in a chunk between two looks says that what lies below was not enough", () => {
  const heap = new PaperHeap([8 * KIB, 8 * KIB]);
  const trimmer = new PaperTrimmer(heap, exactWindow());
  heap.demand(4 * KIB);
  trimmer.trimAt(0);
  heap.demand(8 * KIB + 1);
  heap.demand(4 * KIB);
  expect(trimmer.trimAt(100)).toEqual([]);
  expect(trimmer.trimAt(5099)).toEqual([]);
  expect(trimmer.trimAt(5100 + BUCKET_MS)).toEqual([1]);
});

test("T19 a burst between two looks counts also where demand was seen to be high before", () => {
  const heap = new PaperHeap([8 * KIB, 8 * KIB, 8 * KIB]);
  const trimmer = new PaperTrimmer(heap, exactWindow());
  heap.demand(8 * KIB);
  trimmer.trimAt(0);
  heap.demand(24 * KIB);
  heap.demand(4 * KIB);
  expect(trimmer.trimAt(100)).toEqual([]);
  expect(trimmer.trimAt(5099)).toEqual([]);
  expect(trimmer.trimAt(5100 + BUCKET_MS)).toEqual([2, 1]);
});

test("T19 demand that is exactly what lies below a chunk does not need it", () => {
  const { heap, trimmer } = threeInUse(exactWindow());
  heap.demand(16 * KIB);
  expect(trimmer.trimAt(100)).toEqual([]);
  expect(trimmer.trimAt(5100)).toEqual([2]);
});

test("T19 nor does a peak that was", () => {
  const { heap, trimmer } = threeInUse(exactWindow());
  heap.demand(16 * KIB);
  expect(trimmer.trimAt(3000)).toEqual([]);
  heap.demand(4 * KIB);
  expect(trimmer.trimAt(6000)).toEqual([]);
  expect(trimmer.trimAt(7999)).toEqual([]);
  expect(trimmer.trimAt(8000)).toEqual([2]);
  expect(trimmer.trimAt(10_999)).toEqual([]);
  expect(trimmer.trimAt(11_000)).toEqual([1]);
});

test("T19 of peaks shortly one after the other each counts for a window", () => {
  const { heap, trimmer } = threeInUse(exactWindow());
  heap.demand(16 * KIB);
  trimmer.trimAt(10);
  heap.demand(4 * KIB);
  trimmer.trimAt(20);
  expect(trimmer.trimAt(30)).toEqual([]);
  expect(trimmer.trimAt(5009)).toEqual([]);
  expect(trimmer.trimAt(5020 + BUCKET_MS)).toEqual([2, 1]);
});

test("T19 what is remembered is a few numbers, however often and for however long demand is looked at", () => {
  const policy = exactWindow();
  const heap = new PaperHeap([8 * KIB, 8 * KIB]);
  let state = policy.initialState;
  let longest = 0;
  for (let look = 0; look < 1000; look++) {
    heap.demand(16 * KIB - look);
    state = policy.observe!(state, heap.factsAt(look * 50));
    longest = Math.max(longest, JSON.stringify(state).length);
  }
  // Sixteen samples and the newest, each of fewer than forty characters.
  expect(longest).toBeLessThan(1000);
});

test("T19 what lies below a chunk is told by addresses, not by positions", () => {
  const chunk = { byteLength: 8 * KIB, spansCut: 1, epoch: 0 };
  const chunks = [
    { ...chunk, chunkIndex: 0, base: 8 * KIB, usedBytes: 0 },
    { ...chunk, chunkIndex: 1, base: 0, usedBytes: 8 * KIB },
  ];
  const policy = exactWindow();
  let state = policy.initialState;
  for (const now of [0, 2 * WINDOW_MS]) state = policy.observe!(state, factsAt(now));
  expect(policy.decide(factsAt(2 * WINDOW_MS), state)).toMatchObject([
    { chunkIndex: 0, action: "release" },
  ]);

  function factsAt(now: number): ReturnType<typeof makeFacts> {
    return makeFacts(now, chunks, "test", true);
  }
});

test("T21 demand of exactly theta of what stays is low enough, of a byte more is not", () => {
  const low = threeInUse(threshold());
  low.heap.demand(8 * KIB);
  expect(low.trimmer.trimAt(100)).toEqual([2]);
  const high = threeInUse(threshold());
  high.heap.demand(8 * KIB + 1);
  expect(high.trimmer.trimAt(100)).toEqual([]);
});

test("T21 while demand is too high the chunk stays, and demand is looked at again a second later", () => {
  const { heap, trimmer } = threeInUse(threshold());
  heap.demand(9 * KIB);
  const facts = heap.factsAt(100);
  const { policy } = trimmer;
  expect(policy.decide(facts, policy.observe!(policy.initialState, facts))).toEqual([
    {
      chunkIndex: 2,
      action: "keep",
      dueAt: 1100,
      reason: "demand is more than 0.5 of the 16384 bytes that would stay",
    },
  ]);
});
