/**
 * C90: any program over the whole public API, against a plain model. Here with the weight on objects: many of them, up to
 * 300 KB long, in contexts of every kind that grow over many process and top chunks.
 */
import { describe, expect, it } from "vitest";
import { operationsFor, runPrograms } from "./model/program-run.js";
import type { ProgramProfile } from "./model/random-program.js";

const large: ProgramProfile = {
  bounds: {
    maxContexts: 24,
    maxObjects: 1500,
    maxLiveBytes: 3_000_000,
    maxMarks: 2,
    maxChunkBytes: 1_048_576,
  },
  weights: {
    open: 6,
    alloc: 460,
    allocZeroed: 20,
    tryAlloc: 20,
    write: 30,
    free: 260,
    realloc: 120,
    sizeOf: 20,
    bytes: 10,
    reset: 2,
    drop: 2,
    dropChildren: 1,
    setParent: 3,
    checkpoint: 4,
    rollback: 2,
    commit: 3,
    onReset: 1,
    unregister: 1,
    setLimit: 1,
    releaseChunks: 2,
    misuse: 4,
  },
  heap: { initialChunkBytes: 32_768, maxChunkBytes: 4_194_304 },
  operations: 40_000,
  maxByteLength: 300_000,
  verifyEvery: 256,
  compareEvery: 4,
};

/** The same with addresses that do not fit an int32: contexts hold objects on both sides of 2^31. */
const high: ProgramProfile = {
  ...large,
  weights: { ...large.weights, releaseChunks: 0 },
  heap: { initialChunkBytes: 2 ** 30, maxChunkBytes: 2 ** 30 },
  isHigh: true,
  verifyEvery: 1000,
  compareEvery: 1,
};

describe("C90 objects against a model", () => {
  it("C90 long programs in large heaps", () => {
    const share = 0.3;
    expect(runPrograms("objects", large, share)).toBeGreaterThanOrEqual(operationsFor(share));
  });

  it("C90 long programs at addresses above 2^31", () => {
    const share = 0.1;
    expect(runPrograms("high addresses", high, share)).toBeGreaterThanOrEqual(operationsFor(share));
  });
});
