/** What the page table tells of process chunks: who owns which. Derived anew each time; cold. */
import { type Address, PAGE_BYTES } from "@perfloc/arena";
import {
  NEXT_WORD,
  OWNER_ID_MASK,
  OWNER_WORD,
  PAGE_SHIFT,
  PAGE_WORDS_SHIFT,
  runAt,
} from "@perfloc/arena/internal";
import type { HeapState } from "./context-node.js";

/** The process chunks of one owner. */
export interface OwnedChunks {
  readonly bases: Set<Address>;
  /** Those that no other follows: one, unless words were damaged. */
  readonly newest: Address[];
  byteLength: number;
}

/** The process chunks of an arena by the ids of their owners. O(pages held). */
export function ownedChunks({ arena, planes }: HeapState): Map<number, OwnedChunks> {
  const { pages } = planes;
  const owned = new Map<number, OwnedChunks>();
  for (const { base, byteLength } of arena.chunks) {
    const end = (base + byteLength) / PAGE_BYTES;
    for (let page = base / PAGE_BYTES; page < end; page++) {
      const pageCount = runAt(pages, page);
      const at = page << PAGE_WORDS_SHIFT;
      const id = pages[at | OWNER_WORD]! & OWNER_ID_MASK;
      if (pageCount <= 0 || id === 0) continue;
      const chunks = owned.get(id) ?? { bases: new Set(), newest: [], byteLength: 0 };
      owned.set(id, chunks);
      const address = (page << PAGE_SHIFT) >>> 0;
      chunks.bases.add(address);
      chunks.byteLength += pageCount * PAGE_BYTES;
      if (pages[at | NEXT_WORD] === 0) chunks.newest.push(address);
    }
  }
  return owned;
}
