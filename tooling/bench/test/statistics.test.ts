import { expect, test } from "vitest";
import type { ProcessReport } from "../src/process-report.js";
import { type RowResult, type SideReports, summarizeRow } from "../src/row-result.js";
import { distribution, geometricMean, median, pairwiseRatios } from "../src/statistics.js";

test.each([
  [[4], 4],
  [[9, 1, 2], 2],
  [[10, 1, 2, 4], 3],
])("median of %j is %d", (values, expected) => {
  expect(median(values)).toBe(expected);
});

test("median leaves its values in their order", () => {
  const values = [3, 1, 2];
  median(values);
  expect(values).toEqual([3, 1, 2]);
});

test("distribution: the spread is in percent of the median", () => {
  expect(distribution([5, 4, 3])).toEqual({ min: 3, median: 4, max: 5, spreadPercent: 50 });
});

test("geometric mean: a factor and its inverse cancel out", () => {
  expect(geometricMean([2, 0.5])).toBeCloseTo(1, 12);
  expect(geometricMean([1.5])).toBeCloseTo(1.5, 12);
});

test("ratios are made round by round", () => {
  expect(pairwiseRatios([2, 9], [4, 3])).toEqual([0.5, 3]);
});

const row = { name: "a row", summary: "what it does", question: "churn" } as const;

function reports(passes: readonly (readonly number[])[], checksum?: number): ProcessReport[] {
  return passes.map((figures) => ({ passes: figures, ops: 10, checksum }));
}

function perflocOn(runtime: string, sideReports: ProcessReport[]): SideReports {
  return { label: runtime, runtime, isAfterDetach: false, reports: sideReports };
}

function native(label: string, sideReports: ProcessReport[]): SideReports {
  return { label, runtime: undefined, isAfterDetach: false, reports: sideReports };
}

/** Perfloc against one peer. */
function summarize(perfloc: ProcessReport[], peer: ProcessReport[]): RowResult {
  return summarizeRow(row, [perflocOn("Node", perfloc)], [native("malloc", peer)]);
}

test("the ratio is the median of the rounds' ratios, not the ratio of the medians", () => {
  // Round 2 met a machine that was ten times slower, for both.
  const perfloc = reports([
    [1, 2, 3],
    [10, 20, 30],
    [4, 4, 4],
  ]);
  const peer = reports([
    [4, 4, 4],
    [40, 40, 40],
    [2, 2, 2],
  ]);
  const { comparisons, perfloc: sides, operations } = summarize(perfloc, peer);
  expect(operations).toBe(10);
  expect(sides[0]).toMatchObject({ medianOfRound: [2, 20, 4], minOfRound: [1, 10, 4] });
  expect(comparisons).toEqual([
    {
      perfloc: "Node",
      peer: "malloc",
      ratio: 0.5,
      ratioLowest: 0.5,
      ratioHighest: 2,
      ratioOfMinima: 0.5,
    },
  ]);
});

test("sides that did not do the same work are not compared", () => {
  const [report] = reports([[1]], 7);
  expect(() => summarize([report!], reports([[1]], 8))).toThrow("checksums differ");
  expect(() => summarize([report!], [{ ...report!, ops: 11 }])).toThrow("10 operations, malloc 11");
});

test("a side without a checksum is compared all the same", () => {
  expect(summarize(reports([[1]], 7), reports([[1]])).comparisons).toHaveLength(1);
});

test("peers in JavaScript are compared with Perfloc on their own runtime", () => {
  const { comparisons } = summarizeRow(
    row,
    [perflocOn("Node 20", reports([[1]])), perflocOn("Node 22", reports([[1]]))],
    [
      { ...perflocOn("Node 20", reports([[2]])), label: "objects, Node 20" },
      { ...perflocOn("Node 22", reports([[4]])), label: "objects, Node 22" },
      native("malloc", reports([[8]])),
    ],
  );
  expect(comparisons.map(({ perfloc, peer, ratio }) => [perfloc, peer, ratio])).toEqual([
    ["Node 20", "objects, Node 20", 0.5],
    ["Node 20", "malloc", 0.125],
    ["Node 22", "objects, Node 22", 0.25],
    ["Node 22", "malloc", 0.125],
  ]);
});

test("peak memory is that of the processes that say theirs", () => {
  const [report] = reports([[1]]);
  const { perfloc, peers } = summarize(
    [
      { ...report!, peakRssBytes: 30 },
      { ...report!, peakRssBytes: 10 },
      { ...report!, peakRssBytes: 20 },
    ],
    [report!, report!, report!],
  );
  expect(perfloc[0]!.peakRssBytes).toMatchObject({ min: 10, median: 20, max: 30 });
  expect(peers[0]!.peakRssBytes).toBeUndefined();
});
