/** What the curves ask for at their middle, at their end, and after it. */
import { type TrimPolicy, decay, patientDecay } from "@perfloc/trim";
import { expect, test } from "vitest";
import { PaperHeap, PaperTrimmer } from "./support/facts.js";

const KIB = 1024;
const LENGTHS = [8, 64, 64].map((kib) => kib * KIB);
const ALL = 136 * KIB;

test("T20 a chunk that ran empty alone goes at half the horizon, to the millisecond", () => {
  const heap = new PaperHeap(LENGTHS);
  const policy = decay({ horizonMs: 1000 });
  const trimmer = new PaperTrimmer(heap, policy);
  heap.demand(ALL);
  trimmer.trimAt(0);
  heap.demand(72 * KIB);
  const facts = heap.factsAt(1000);
  expect(policy.decide(facts, policy.observe!(policy.initialState, facts))).toMatchObject([
    { chunkIndex: 2, action: "wait", dueAt: 1500 },
  ]);
  expect(trimmer.trimAt(1000)).toEqual([]);
  expect(trimmer.trimAt(1499)).toEqual([]);
  expect(trimmer.trimAt(1500)).toEqual([2]);
});

test.each(["smootherstep", "exponential"] as const)(
  "T20 %s: what is empty for longer than the horizon asks for nothing, and takes nothing from the others",
  (curve) => {
    const inner = decay({ horizonMs: 1000, curve });
    // Somebody keeps the last chunk, however old it is.
    const policy: TrimPolicy = {
      ...inner,
      decide: (facts, state) =>
        inner.decide(facts, state).filter(({ chunkIndex }) => chunkIndex !== 2),
    };
    const heap = new PaperHeap(LENGTHS);
    const trimmer = new PaperTrimmer(heap, policy);
    heap.demand(ALL);
    trimmer.trimAt(0);
    heap.demand(72 * KIB);
    trimmer.trimAt(0);
    heap.demand(8 * KIB);
    expect(trimmer.trimAt(5000)).toEqual([]);
    expect(trimmer.trimAt(5400)).toEqual([]);
    expect(trimmer.trimAt(6000)).toEqual([1]);
  },
);

test("T33 a chunk that went long ago does not hasten the next one", () => {
  const heap = new PaperHeap(LENGTHS);
  const trimmer = new PaperTrimmer(heap, patientDecay());
  heap.demand(ALL);
  trimmer.trimAt(0);
  heap.demand(72 * KIB);
  trimmer.trimAt(0);
  expect(trimmer.trimAt(10_000)).toEqual([2]);
  heap.demand(8 * KIB);
  expect(trimmer.trimAt(100_000)).toEqual([]);
  expect(trimmer.trimAt(106_390)).toEqual([]);
  expect(trimmer.trimAt(106_400)).toEqual([1]);
});

test("T33 a gap of exactly the break-even time was short", () => {
  const heap = new PaperHeap([64 * KIB, 64 * KIB]);
  const trimmer = new PaperTrimmer(heap, patientDecay());
  heap.demand(128 * KIB);
  trimmer.trimAt(0);
  heap.demand(64 * KIB);
  trimmer.trimAt(0);
  heap.demand(128 * KIB);
  trimmer.trimAt(10_000);
  heap.demand(64 * KIB);
  expect(trimmer.trimAt(10_000)).toEqual([]);
  expect(trimmer.trimAt(16_940)).toEqual([]);
  expect(trimmer.trimAt(16_950)).toEqual([1]);
});

test("T33 a span that came and went between two looks ends a gap, and the chunk begins anew", () => {
  const heap = new PaperHeap([64 * KIB, 64 * KIB]);
  const trimmer = new PaperTrimmer(heap, patientDecay());
  heap.demand(128 * KIB);
  trimmer.trimAt(0);
  heap.demand(64 * KIB);
  trimmer.trimAt(0);
  heap.touch(1);
  expect(trimmer.trimAt(6000)).toEqual([]);
  expect(trimmer.trimAt(12_940)).toEqual([]);
  expect(trimmer.trimAt(12_950)).toEqual([1]);
});
