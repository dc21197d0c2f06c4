/** Whether a heap may say that it has no room: only when a limit of the program really stands in the way. */
import { LimitExceededError, PAGE_BYTES } from "@perfloc/context";
import type { ContextRecord } from "./context-record.js";
import { fail } from "./fail.js";
import { type HeapModel, MAX_CANARY_BYTES } from "./heap-model.js";

/**
 * Checks what a failed allocation threw.
 * @throws the error itself when it is not about room
 */
export function checkJustified(
  model: HeapModel,
  context: ContextRecord,
  error: unknown,
  byteLength: number,
  alignment: number,
): void {
  if (!(error instanceof LimitExceededError)) throw error;
  if (error.report.length === 0) fail("an error for a limit has no report");
  if (error.code === "PERFLOC_CONTEXT_ARENA_LIMIT") {
    if (!model.hasMaxBytes) fail("maxBytes was met, but none was set");
    return;
  }
  const canaryBytes = model.isGuarded ? MAX_CANARY_BYTES : 0;
  const least = longestLeastChunk(context, byteLength + canaryBytes, alignment);
  for (const { limitBytes, real } of context.ancestry()) {
    const isReached = limitBytes < Infinity && real.stats().subtreeUsedBytes + least > limitBytes;
    if (isReached) return;
  }
  fail(`${byteLength} bytes were refused in ${context.name}, but every limit has room for them`);
}

/** What the shortest process chunk for an object may take at most: its size class, its alignment, whole pages. */
function longestLeastChunk(
  { slotBytes }: ContextRecord,
  byteLength: number,
  alignment: number,
): number {
  const classBytes = Math.max(slotBytes + 16, byteLength * 1.25 + 8);
  return Math.ceil((16 + classBytes + alignment) / PAGE_BYTES) * PAGE_BYTES;
}
