/**
 * C90: any program over the whole public API, against a plain model. Here with the weight on checkpoint, rollback and
 * commit: nested, stale, across big objects, frees and moves of objects that are older than the mark.
 */
import { describe, expect, it } from "vitest";
import { marks, marksInLargeHeaps } from "./model/program-profiles.js";
import { operationsFor, runPrograms } from "./model/program-run.js";

describe("C90 marks against a model", () => {
  it("C90 long programs in small heaps, verified after every operation", () => {
    const share = 0.2;
    expect(runPrograms("marks", marks, share)).toBeGreaterThanOrEqual(operationsFor(share));
  });

  it("C90 long programs in large heaps", () => {
    const share = 0.2;
    expect(runPrograms("marks, large", marksInLargeHeaps, share)).toBeGreaterThanOrEqual(
      operationsFor(share),
    );
  });
});
