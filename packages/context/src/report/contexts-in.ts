/** Which contexts lie in a top chunk: those that keep it from going back to the OS. */
import { PAGE_BYTES, type TopChunk } from "@perfloc/arena";
import { recordAt, RUN_WORD } from "@perfloc/arena/internal";
import { ownerIdAt } from "../chunks/chunk-header.js";
import type { ContextNode, HeapState } from "../tables/context-node.js";

/** In the order of their lowest addresses there. O(pages of the chunk). */
export function contextsIn({ planes, table }: HeapState, chunk: TopChunk): ContextNode[] {
  const found = new Set<ContextNode>();
  const end = chunk.base + chunk.byteLength;
  let address = chunk.base;
  while (address < end) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every context of the table is one
    const owner = table.contexts[ownerIdAt(planes, address)] as ContextNode | undefined;
    if (owner !== undefined) found.add(owner);
    address += Math.max(1, planes.pages[recordAt(address) | RUN_WORD]!) * PAGE_BYTES;
  }
  return [...found];
}
