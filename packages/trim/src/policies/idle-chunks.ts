/** Since when each chunk is empty: a pure reducer over facts. */
import type { TrimFacts } from "../trim-facts.js";

/** A chunk that was empty when it was last seen. */
interface IdleChunk {
  readonly byteLength: number;
  readonly spansCut: number;
  /** Time of the first facts that showed it empty. */
  readonly since: number;
}

/** By chunk index. A chunk that was released since stays in it, until it is needed again or `memoryMs` old. */
export type IdleChunks = ReadonlyMap<number, IdleChunk>;

export const NO_IDLE_CHUNKS: IdleChunks = new Map();

export function observeIdle(state: IdleChunks, facts: TrimFacts, memoryMs: number): IdleChunks {
  const next = new Map<number, IdleChunk>();
  const held = new Set<number>();
  for (const { chunkIndex, byteLength, usedBytes, spansCut } of facts.chunks) {
    held.add(chunkIndex);
    if (usedBytes > 0) continue;
    const before = state.get(chunkIndex);
    const since = before?.spansCut === spansCut ? before.since : facts.now;
    next.set(chunkIndex, { byteLength, spansCut, since });
  }
  for (const [chunkIndex, idle] of state) {
    if (!held.has(chunkIndex) && facts.now - idle.since < memoryMs) next.set(chunkIndex, idle);
  }
  return next;
}
