/**
 * C90: any program over the whole public API, against a plain model. Here with the weight on the tree: opening, moving,
 * resetting and dropping contexts, limits, callbacks. See test/model/heap-model.ts for what the model knows.
 */
import type { CheckLevel } from "@perfloc/context";
import { FailingSource } from "@perfloc-tooling/testkit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkEverything } from "./model/check-model.js";
import { HeapModel } from "./model/heap-model.js";
import { programs } from "./model/operation-arbitrary.js";
import { operationsFor, runPrograms } from "./model/program-run.js";
import { endProgram, type ProgramProfile } from "./model/random-program.js";
import { runOperation } from "./model/run-operation.js";

const RUNS = 200;

const small: ProgramProfile = {
  bounds: {
    maxContexts: 12,
    maxObjects: 60,
    maxLiveBytes: 60_000,
    maxMarks: 3,
    maxChunkBytes: 12_288,
  },
  weights: {
    open: 10,
    alloc: 30,
    allocZeroed: 3,
    tryAlloc: 5,
    write: 3,
    free: 10,
    realloc: 8,
    sizeOf: 2,
    bytes: 2,
    reset: 4,
    drop: 3,
    dropChildren: 2,
    setParent: 7,
    checkpoint: 2,
    rollback: 1,
    commit: 1,
    onReset: 4,
    unregister: 2,
    setLimit: 4,
    stats: 1,
    releaseChunks: 1,
    misuse: 5,
  },
  heap: { initialChunkBytes: 16_384, maxChunkBytes: 65_536 },
  operations: 2000,
  maxByteLength: 20_000,
  verifyEvery: 1,
  compareEvery: 16,
};

describe("C90 the tree of contexts against a model", () => {
  it.each<CheckLevel>(["check", "off", "debug", "sample"])(
    "C90 any short program, checked as a whole after every operation, with check %s",
    (check) => {
      let made = 0;
      const bounds = { ...small.bounds, maxMarks: 4, hasMisuse: check !== "off" };
      fc.assert(
        fc.property(programs(150), (operations) => {
          const source = new FailingSource();
          const model = new HeapModel({ ...small.heap, source, check, sampleEvery: 3 });
          for (const operation of operations) {
            runOperation(model, operation, bounds);
            checkEverything(model);
          }
          endProgram(model);
          expect(source.live.size).toBe(0);
          made += operations.length;
        }),
        { numRuns: RUNS },
      );
      console.log(`C90 short programs, check ${check}: ${made} operations against the model`);
    },
    120_000,
  );

  it("C90 long programs in small heaps, verified after every operation", () => {
    const share = 0.15;
    expect(runPrograms("tree", small, share)).toBeGreaterThanOrEqual(operationsFor(share));
  });

  it("C90 long programs in heaps that meet maxBytes", () => {
    const share = 0.05;
    const heap = { ...small.heap, maxBytes: 98_304 };
    const made = runPrograms("tree with maxBytes", { ...small, heap }, share);
    expect(made).toBeGreaterThanOrEqual(operationsFor(share));
  });
});
