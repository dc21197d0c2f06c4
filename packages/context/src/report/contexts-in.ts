/** Which contexts lie in a top chunk: those that keep it from going back to the OS. */
import { PAGE_BYTES, type TopChunk } from "@perfloc/arena";
import { recordAt, RUN_WORD } from "@perfloc/arena/internal";
import { ownerAt } from "../chunks/chunk-header.js";
import type { ContextNode, HeapState } from "../tables/context-node.js";

/** In the order of their lowest addresses there. O(pages of the chunk). */
export function contextsIn(state: HeapState, chunk: TopChunk): ContextNode[] {
  const found = new Set<ContextNode>();
  const end = chunk.base + chunk.byteLength;
  let address = chunk.base;
  while (address < end) {
    const owner = ownerAt(state, address);
    if (owner !== undefined) found.add(owner);
    address += Math.max(1, state.planes.pages[recordAt(address) | RUN_WORD]!) * PAGE_BYTES;
  }
  return [...found];
}
