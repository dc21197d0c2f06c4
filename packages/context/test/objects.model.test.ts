/**
 * C90: any program over the whole public API, against a plain model. Here with the weight on objects: many of them, up to
 * 300 KB long, in contexts of every kind that grow over many process and top chunks.
 */
import { describe, expect, it } from "vitest";
import { highAddresses, objects } from "./model/program-profiles.js";
import { operationsFor, runPrograms } from "./model/program-run.js";

describe("C90 objects against a model", () => {
  it("C90 long programs in large heaps", () => {
    const share = 0.3;
    expect(runPrograms("objects", objects, share)).toBeGreaterThanOrEqual(operationsFor(share));
  });

  it("C90 long programs at addresses above 2^31", () => {
    const share = 0.1;
    expect(runPrograms("high addresses", highAddresses, share)).toBeGreaterThanOrEqual(
      operationsFor(share),
    );
  });
});
