/**
 * A limit on what a context and its subtree may hold in process chunks. Limits nest: a chunk is charged to the nearest
 * limit above it and to every limit around that one.
 *
 *   usedBytes = the sum of byteLength over the process chunks of all contexts below      [checked by verifyHeap]
 *
 * It is tested when a chunk is added, not for each object: a context may fill the chunks that it has.
 */
import type { ContextNode, ContextParent, MemoryLimit } from "../tables/context-node.js";
import { allContexts } from "./context-tree.js";

/** The limit that was set on this very context. */
export function ownLimitOf(context: ContextNode): MemoryLimit | undefined {
  return context.limit?.context === context ? context.limit : undefined;
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

/** What each limit of a heap has to count, by the chains below it. O(contexts). */
export function chargesOf(heap: ContextParent): Map<MemoryLimit, number> {
  const charges = new Map<MemoryLimit, number>();
  for (const context of allContexts(heap)) {
    for (let { limit } = context; limit !== undefined; limit = limit.outer)
      charges.set(limit, (charges.get(limit) ?? 0) + context.usedBytes);
  }
  return charges;
}
