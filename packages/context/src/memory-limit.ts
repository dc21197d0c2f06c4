/**
 * A limit on what a context and its subtree may hold in process chunks. Limits nest: a chunk is charged to the nearest
 * limit above it and to every limit around that one.
 *
 *   usedBytes = the sum of byteLength over the process chunks of all contexts below      [checked by verifyHeap]
 *
 * It is tested when a chunk is added, not for each object: a context may fill the chunks that it has.
 */
import type { MemoryContext } from "./memory-context.js";

export class MemoryLimit {
  readonly context: MemoryContext;
  /** The limit around this one. */
  outer: MemoryLimit | undefined;
  maxBytes: number;
  usedBytes: number;

  constructor(
    context: MemoryContext,
    outer: MemoryLimit | undefined,
    maxBytes: number,
    usedBytes: number,
  ) {
    this.context = context;
    this.outer = outer;
    this.maxBytes = maxBytes;
    this.usedBytes = usedBytes;
  }
}

/** The innermost limit, from `limit` outwards, that `byteLength` more bytes would exceed. */
export function exceededLimit(
  limit: MemoryLimit | undefined,
  byteLength: number,
): MemoryLimit | undefined {
  for (let at = limit; at !== undefined; at = at.outer) {
    if (at.usedBytes + byteLength > at.maxBytes) return at;
  }
  return undefined;
}

/** Adds `byteLength` (which may be negative) to `limit` and every limit around it. */
export function charge(limit: MemoryLimit | undefined, byteLength: number): void {
  for (let at = limit; at !== undefined; at = at.outer) at.usedBytes += byteLength;
}
