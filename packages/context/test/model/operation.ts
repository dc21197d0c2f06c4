/**
 * An operation as plain numbers, so that one generator serves long random programs and fast-check, which shrinks numbers.
 * They are taken modulo what exists when the operation runs: any operation fits any state.
 */
export interface Operation {
  readonly name: OperationName;
  /** Which of the open contexts. */
  readonly context: number;
  /** Which of its objects, marks or callbacks, or which other context. */
  readonly target: number;
  readonly byteLength: number;
  readonly alignment: number;
  /** Which variant. */
  readonly choice: number;
}

export const OPERATION_NAMES = [
  "open",
  "alloc",
  "allocZeroed",
  "tryAlloc",
  "write",
  "free",
  "realloc",
  "sizeOf",
  "bytes",
  "reset",
  "drop",
  "dropChildren",
  "setParent",
  "checkpoint",
  "rollback",
  "commit",
  "onReset",
  "unregister",
  "setLimit",
  "stats",
  "releaseChunks",
  "rebuild",
  "reclaim",
  "misuse",
] as const;

export type OperationName = (typeof OPERATION_NAMES)[number];

/** Alignments that are asked for; 16, the default, most often. */
export const ALIGNMENTS: readonly number[] = [
  16, 16, 16, 16, 16, 1, 2, 4, 8, 32, 64, 256, 1024, 4096,
];

/** Lengths at which an allocator changes its mind, and their neighbours. */
export const EDGE_LENGTHS: readonly number[] = [
  16, 32, 128, 160, 256, 320, 512, 1024, 2048, 4064, 4080, 4096, 8176, 20_480, 32_752, 32_768,
].flatMap((edge) => [edge - 1, edge, edge + 1]);
