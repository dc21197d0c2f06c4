/** Figures of a whole heap. Equation: usedBytes = liveBytes + freeBytes + headerBytes, as for each context. */
import type { ArenaStats } from "@perfloc/arena";
import type { ContextStats } from "./context-stats.js";
import type { HeapState } from "../tables/context-node.js";
import { childrenStats } from "./print-tree.js";

/**
 * A snapshot of a heap. `usedBytes = liveBytes + freeBytes + headerBytes <= heldBytes`.
 * @public
 */
export interface HeapStats {
  /** Bytes held from the OS, by the whole arena. */
  readonly heldBytes: number;
  /** Bytes in this heap's process chunks. */
  readonly usedBytes: number;
  /** Bytes in live objects. */
  readonly liveBytes: number;
  /** Bytes in process chunks that new objects can take. */
  readonly freeBytes: number;
  /** Bytes in process chunk headers. */
  readonly headerBytes: number;
  /** Process chunks now. */
  readonly processChunks: number;
  /** Contexts open now. */
  readonly contexts: number;
  /** Contexts opened so far. */
  readonly contextsOpened: number;
  /** Contexts dropped so far. */
  readonly contextsDropped: number;
  /** How often a context went on in a further process chunk. */
  readonly forwards: number;
  /** Resets so far. */
  readonly resets: number;
  /** The arena's counters. */
  readonly arena: ArenaStats;
  /** The contexts at the top of the tree, newest first. */
  readonly children: readonly ContextStats[];
}

export function heapStats(state: HeapState): HeapStats {
  const children = childrenStats(state);
  const sums = { usedBytes: 0, liveBytes: 0, freeBytes: 0, headerBytes: 0, processChunks: 0 };
  const pending = [...children];
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    sums.usedBytes += at.usedBytes;
    sums.liveBytes += at.liveBytes;
    sums.freeBytes += at.freeBytes;
    sums.headerBytes += at.headerBytes;
    sums.processChunks += at.processChunks;
    for (const child of at.children) pending.push(child);
  }
  const arena = state.arena.stats();
  return {
    heldBytes: arena.heldBytes,
    ...sums,
    contexts: state.contextsOpened - state.contextsDropped,
    contextsOpened: state.contextsOpened,
    contextsDropped: state.contextsDropped,
    forwards: state.forwards,
    resets: state.resets,
    arena,
    children,
  };
}
