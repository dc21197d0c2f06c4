/** Clears stale cells before tags are given out again. O(pages held + cells of their objects), once in 16 million tags. */
import { type Arena, GRANULE_BYTES, PAGE_BYTES } from "@perfloc/arena";
import { TAG_MASK } from "../slots/cells.js";
import type { TagHolder } from "./tag-source.js";

/** @returns the tags in use: those of the contexts and of their checkpoints */
export function sweepTags(arena: Arena, contexts: readonly (TagHolder | undefined)[]): Set<number> {
  const inUse = new Set<number>();
  for (const context of contexts) {
    if (context === undefined) continue;
    inUse.add(context.tag);
    for (const { tag } of context.marks) inUse.add(tag);
  }
  const { cells } = arena.planes;
  for (const chunk of arena.chunks) {
    const firstCell = chunk.base / GRANULE_BYTES;
    // Those of released chunks too: they can come back with their cells. Planes that shrank since end before them.
    const end = Math.min(cells.length, firstCell + chunk.cellsBytes / GRANULE_BYTES);
    for (let page = firstCell; page < end; page += PAGE_BYTES / GRANULE_BYTES)
      sweepPage(cells, page, inUse);
  }
  return inUse;
}

function sweepPage(cells: Int32Array, firstCell: number, inUse: ReadonlySet<number>): void {
  const end = firstCell + PAGE_BYTES / GRANULE_BYTES;
  for (let granule = firstCell; granule < end; granule++) {
    const cell = cells[granule]!;
    // Links have no tag. Writing only what changes keeps untouched memory untouched.
    if (cell > 0 && !inUse.has(cell & TAG_MASK)) cells[granule] = 0;
  }
}
