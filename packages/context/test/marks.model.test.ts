/**
 * C90: any program over the whole public API, against a plain model. Here with the weight on checkpoint, rollback and
 * commit: nested, stale, across big objects, frees and moves of objects that are older than the mark.
 */
import { describe, expect, it } from "vitest";
import { operationsFor, runPrograms } from "./model/program-run.js";
import type { ProgramProfile } from "./model/random-program.js";

const small: ProgramProfile = {
  bounds: {
    maxContexts: 4,
    maxObjects: 60,
    maxLiveBytes: 150_000,
    maxMarks: 5,
    maxChunkBytes: 8192,
  },
  weights: {
    open: 2,
    alloc: 50,
    allocZeroed: 2,
    tryAlloc: 2,
    write: 5,
    free: 30,
    realloc: 22,
    sizeOf: 3,
    bytes: 1,
    reset: 1,
    drop: 1,
    setParent: 1,
    checkpoint: 8,
    rollback: 5,
    commit: 4,
    setLimit: 1,
    releaseChunks: 1,
    misuse: 4,
  },
  heap: { initialChunkBytes: 32_768, maxChunkBytes: 262_144 },
  operations: 2000,
  maxByteLength: 70_000,
  verifyEvery: 1,
  compareEvery: 16,
};

const large: ProgramProfile = {
  ...small,
  weights: { ...small.weights, alloc: 300, free: 180, realloc: 120, write: 30 },
  bounds: { ...small.bounds, maxContexts: 8, maxObjects: 1000, maxLiveBytes: 2_000_000 },
  operations: 10_000,
  maxByteLength: 300_000,
  verifyEvery: 256,
  compareEvery: 4,
};

describe("C90 marks against a model", () => {
  it("C90 long programs in small heaps, verified after every operation", () => {
    const share = 0.2;
    expect(runPrograms("marks", small, share)).toBeGreaterThanOrEqual(operationsFor(share));
  });

  it("C90 long programs in large heaps", () => {
    const share = 0.2;
    expect(runPrograms("marks, large", large, share)).toBeGreaterThanOrEqual(operationsFor(share));
  });
});
