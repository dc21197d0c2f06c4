import { OP_ALLOC, OP_FREE, OP_REALLOC, RECORD_LENGTH } from "@perfloc-tooling/traces";
import type { ReplayContext, ReplayHeap } from "./replay-heap.js";

/** Of an object: the word that marks it takes four. */
const MIN_BYTES = 4;

/**
 * Does to a context what a part of a malloc trace says, and leaves it so. In no hurry: what is timed has a loop of its own,
 * which V8 would compile differently if it had run for anything else.
 *
 * @param records - of a malloc trace
 * @param addresses - by object id: what is live before, and afterwards what is live then
 */
export function replayUntimed(
  { arena }: ReplayHeap,
  context: ReplayContext,
  records: Int32Array,
  addresses: Uint32Array,
): void {
  for (let at = 0; at < records.length; at += RECORD_LENGTH) {
    const opcode = records[at];
    const id = records[at + 2]!;
    const bytes = Math.max(records[at + 3]!, MIN_BYTES);
    if (opcode === OP_FREE) context.free(addresses[id]!);
    else if (opcode === OP_ALLOC) addresses[id] = context.alloc(bytes);
    else if (opcode === OP_REALLOC) addresses[id] = context.realloc(addresses[id]!, bytes);
    if (opcode === OP_ALLOC || opcode === OP_REALLOC) {
      const { u32, base } = arena.chunkAt(addresses[id]!);
      const first = (addresses[id]! - base) >>> 2;
      u32[first] = id;
      u32[first + (bytes >>> 2) - 1] = id;
    }
  }
}
