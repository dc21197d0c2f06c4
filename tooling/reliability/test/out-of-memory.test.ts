/**
 * Memory runs out at every single request of programs over all four packages, once and for good: the failed call has changed no
 * byte, cell or figure, works as soon as there is memory, and in the end nothing is left behind.
 *
 * Of the rules: A26 of the arena, C91 of contexts, T14 of trim, Y69 of collections.
 */
import { expect, test } from "vitest";
import { playMatrix } from "../src/out-of-memory/matrix.js";
import { scenarios } from "../src/out-of-memory/scenarios.js";

test("there are scenarios for everything that allocates", () => {
  expect(scenarios.length).toBeGreaterThanOrEqual(40);
  expect(new Set(scenarios.map(({ name }) => name)).size).toBe(scenarios.length);
});

test.each(scenarios)("memory runs out at every request: $name", (scenario) => {
  const { requests, runs, failedCalls } = playMatrix(scenario);
  expect(requests).toBeGreaterThan(2);
  expect(runs).toBeGreaterThanOrEqual(2 * requests);
  // For good it reaches the program nearly always; once, a shorter chunk may do instead.
  expect(failedCalls).toBeGreaterThanOrEqual(requests / 2);
});
