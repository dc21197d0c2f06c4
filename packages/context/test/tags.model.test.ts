/**
 * C90: any program over the whole public API, against a plain model. Here with so few tags that they are used up, swept and given out
 * again all the time: no stale cell may ever be taken for an object.
 */
import { describe, expect, it } from "vitest";
import { fewTags } from "./model/program-profiles.js";
import { operationsFor, runPrograms } from "./model/program-run.js";

describe("C90 tags against a model", () => {
  it("C90 long programs in small heaps, verified after every operation", () => {
    const share = 0.1;
    expect(runPrograms("few tags", fewTags, share)).toBeGreaterThanOrEqual(operationsFor(share));
  });
});
