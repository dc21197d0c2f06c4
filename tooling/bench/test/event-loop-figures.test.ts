import { expect, test } from "vitest";
import { eventLoopFigures } from "../src/event-loop-figures.js";
import { parseProcessReport } from "../src/process-report.js";

test("the longest turn, the one that all but a thousandth keep to, and the median resident set", () => {
  // 1 to 2000 ms, in an order that nobody sorted.
  const turnMs = Array.from({ length: 2000 }, (_, turn) => ((turn * 7) % 2000) + 1);
  expect(eventLoopFigures(turnMs, [5, 1, 3])).toEqual({
    longestPauseMs: 2000,
    p999PauseMs: 1998,
    rssBytes: 3,
  });
});

test("of a few turns the longest is both", () => {
  expect(eventLoopFigures([2, 9, 4], [1])).toMatchObject({ longestPauseMs: 9, p999PauseMs: 9 });
});

test("they arrive with the report of their process", () => {
  const eventLoop = eventLoopFigures([1], [2]);
  const report = { passes: [3], ops: 4, checksum: 5, peakRssBytes: 6, eventLoop };
  expect(parseProcessReport(JSON.stringify(report), undefined)).toEqual(report);
  const broken = { ...report, eventLoop: { ...eventLoop, rssBytes: null } };
  expect(parseProcessReport(JSON.stringify(broken), undefined)).toBeUndefined();
});
