/** The freed slots of a context, by its free lists: what their cells alone do not tell from stale ones. */
import type { Address, Heap, MemoryContext } from "@perfloc/typed";
import { cellAt, GRANULE_BYTES, LINK_MASK, MASKED_CLASSES } from "../planes.js";

/** `deferred`: freed while a checkpoint lived, which may bring the object back. */
export type SlotState = "live" | "freed" | "deferred";

interface Lists {
  readonly heads: Int32Array;
  readonly freeMask: number;
  readonly largerMask: number;
}

/** Those on the lists of now and of checkpoints, and those that wait for a commit. */
export function freedSlots(heap: Heap, context: MemoryContext): Map<Address, SlotState> {
  const { marks } = context;
  const saved = marks.flatMap(({ lists }) => (lists === undefined ? [] : [lists]));
  const freed = new Map<Address, SlotState>();
  for (const head of [context, ...saved].flatMap(headsIn)) {
    for (let granule = head; granule !== 0;) {
      const address = granule * GRANULE_BYTES;
      freed.set(address, "freed");
      granule = cellAt(heap, address) & LINK_MASK;
    }
  }
  for (const { deferred } of marks)
    for (const granule of deferred.keys()) freed.set(granule * GRANULE_BYTES, "deferred");
  return freed;
}

/** Granules that lists begin with: of the classes whose bits are set. */
function headsIn(lists: Lists): number[] {
  return [...lists.heads].filter((_, sizeClass) => hasSlots(lists, sizeClass));
}

/** Whether the list of a size class has slots: else its head means nothing. */
export function hasSlots({ freeMask, largerMask }: Lists, sizeClass: number): boolean {
  return sizeClass < MASKED_CLASSES
    ? (freeMask & (1 << sizeClass)) !== 0
    : (largerMask & (1 << (sizeClass - MASKED_CLASSES))) !== 0;
}
