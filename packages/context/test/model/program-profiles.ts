/** The kinds of programs that are run against the model. */
import type { ProgramProfile } from "./random-program.js";

/** The weight on objects: many of them, up to 300 KB long, in contexts that grow over many process and top chunks. */
export const objects: ProgramProfile = {
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
    rebuild: 2,
    reclaim: 2,
    misuse: 4,
  },
  heap: { initialChunkBytes: 32_768, maxChunkBytes: 4_194_304 },
  operations: 40_000,
  maxByteLength: 300_000,
  verifyEvery: 256,
  compareEvery: 4,
};

/** The same with addresses that do not fit an int32: contexts hold objects on both sides of 2^31. */
export const highAddresses: ProgramProfile = {
  ...objects,
  // A rebuild looks at a million pages.
  weights: { ...objects.weights, releaseChunks: 0, rebuild: 0 },
  heap: { initialChunkBytes: 2 ** 30, maxChunkBytes: 2 ** 30 },
  isHigh: true,
  verifyEvery: 1000,
  compareEvery: 1,
};

/** The weight on checkpoint, rollback and commit. */
export const marks: ProgramProfile = {
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
    rebuild: 1,
    reclaim: 1,
    misuse: 4,
  },
  heap: { initialChunkBytes: 32_768, maxChunkBytes: 262_144 },
  operations: 2000,
  maxByteLength: 70_000,
  verifyEvery: 1,
  compareEvery: 16,
};

/** The same in large heaps. */
export const marksInLargeHeaps: ProgramProfile = {
  ...marks,
  weights: { ...marks.weights, alloc: 300, free: 180, realloc: 120, write: 30 },
  bounds: { ...marks.bounds, maxContexts: 8, maxObjects: 1000, maxLiveBytes: 2_000_000 },
  operations: 10_000,
  maxByteLength: 300_000,
  verifyEvery: 256,
  compareEvery: 4,
};

/** The weight on opening, moving, resetting and dropping contexts, limits, callbacks. */
export const tree: ProgramProfile = {
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
    rebuild: 1,
    reclaim: 1,
    misuse: 5,
  },
  heap: { initialChunkBytes: 16_384, maxChunkBytes: 65_536 },
  operations: 2000,
  maxByteLength: 20_000,
  verifyEvery: 1,
  compareEvery: 16,
};

/** The same in heaps that meet their maxBytes. */
export const treeWithMaxBytes: ProgramProfile = {
  ...tree,
  heap: { ...tree.heap, maxBytes: 98_304 },
};

/** The weight on what takes new tags, with few of them: resets, checkpoints and what undoes them. */
export const fewTags: ProgramProfile = {
  ...marks,
  weights: {
    ...marks.weights,
    reset: 8,
    drop: 3,
    open: 5,
    checkpoint: 16,
    rollback: 10,
    commit: 8,
  },
  bounds: { ...marks.bounds, maxContexts: 6 },
  spareTags: 8,
};
