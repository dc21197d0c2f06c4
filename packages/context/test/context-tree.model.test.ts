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
import { tree, treeWithMaxBytes } from "./model/program-profiles.js";
import { operationsFor, runPrograms } from "./model/program-run.js";
import { endProgram } from "./model/random-program.js";
import { runOperation } from "./model/run-operation.js";

const RUNS = 200;

describe("C90 the tree of contexts against a model", () => {
  it.each<CheckLevel>(["check", "off", "debug", "sample"])(
    "C90 any short program, checked as a whole after every operation, with check %s",
    (check) => {
      let made = 0;
      const bounds = { ...tree.bounds, maxMarks: 4 };
      fc.assert(
        fc.property(programs(150), (operations) => {
          const source = new FailingSource();
          const model = new HeapModel({ ...tree.heap, source, check, sampleEvery: 3 });
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
    expect(runPrograms("tree", tree, share)).toBeGreaterThanOrEqual(operationsFor(share));
  });

  it("C90 long programs in heaps that meet maxBytes", () => {
    const share = 0.05;
    const made = runPrograms("tree with maxBytes", treeWithMaxBytes, share);
    expect(made).toBeGreaterThanOrEqual(operationsFor(share));
  });
});
