/** Which contexts lie in a top chunk: those that keep it from going back to the OS. */
import { PAGE_BYTES, type TopChunk } from "@perfloc/arena";
import type { HeapState } from "./heap-state.js";
import type { MemoryContext } from "./memory-context.js";
import { ProcessChunk } from "./process-chunk.js";

/** In the order of their lowest addresses there. O(pages of the chunk). */
export function contextsIn(state: HeapState, chunk: TopChunk): MemoryContext[] {
  const found = new Set<MemoryContext>();
  const end = (chunk.base + chunk.byteLength) / PAGE_BYTES;
  let page = chunk.base / PAGE_BYTES;
  while (page < end) {
    const owner: unknown = state.pages[page];
    const isOurs = owner instanceof ProcessChunk && owner.context!.state === state;
    if (isOurs) found.add(owner.context!);
    page += isOurs ? owner.byteLength / PAGE_BYTES : 1;
  }
  return [...found];
}
