import { expect, test } from "vitest";
import { parseProcessReport } from "../src/process-report.js";

test("the passes of a program that times one thing", () => {
  const text = '{"ns_per_op":2,"min":1,"passes":[3,1,2],"peakRssBytes":7,"ops":5,"checksum":6}\n';
  expect(parseProcessReport(text, undefined)).toEqual({
    passes: [3, 1, 2],
    ops: 5,
    checksum: 6,
    peakRssBytes: 7,
  });
});

test("the passes of one thing among several", () => {
  const text = '{"apr":{"passes":[1],"peakRssBytes":7},"malloc":{"passes":[2]},"ops":5}';
  expect(parseProcessReport(text, "apr")).toEqual({ passes: [1], ops: 5, peakRssBytes: 7 });
});

test("what malloc held, where the program was asked for it", () => {
  const report = { passes: [1], ops: 5, checksum: 6, heldBytes: 3 };
  expect(parseProcessReport(JSON.stringify(report), undefined)).toEqual(report);
});

test.each([
  "",
  "null",
  "12",
  '{"passes":[],"ops":5}',
  '{"passes":[1]}',
  '{"passes":["1"],"ops":5}',
  '{"passes":[1],"ops":5,"checksum":"6"}',
  '{"passes":[1],"ops":5,"peakRssBytes":"7"}',
  '{"passes":[1],"ops":5,"heldBytes":"7"}',
])("%j is no report", (text) => {
  expect(parseProcessReport(text, undefined)).toBeUndefined();
  expect(parseProcessReport(text, "apr")).toBeUndefined();
});
