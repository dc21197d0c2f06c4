/**
 * The alignment that was asked for an object, where it is more than a granule: noted in the cell of its second granule, so that
 * `realloc` keeps it.
 *
 *   bytes   | object at a multiple of 64, 48 bytes  |
 *   cells   | tag|2     tag|NOTE_CODE + 1     stale |        32 << 1 = 64
 *
 * A freed slot keeps its note, and a later object in the slot may be taken for aligned: it then stays aligned, which is no mistake. A note
 * that the address contradicts means nothing.
 */
import type { Address } from "@perfloc/arena";
import { GRANULE_SHIFT } from "@perfloc/arena/internal";
import type { ContextNode } from "../tables/context-node.js";
import { CODE_MASK, NOTE_CODE, TAG_MASK, isNote } from "./cells.js";

const LEAST_NOTED = 32;

/** An object with a note has two granules at least. */
export const LEAST_NOTED_BYTES = 32;

/** Notes the alignment of a new object of at least two granules. */
export function noteAlignment(context: ContextNode, address: Address, alignment: number): void {
  const { cells } = context.planes;
  const granule = address >>> GRANULE_SHIFT;
  const tag = cells[granule]! & TAG_MASK;
  cells[granule + 1] = tag | (NOTE_CODE + Math.log2(alignment / LEAST_NOTED));
}

/** The alignment that was noted for the object at `address`; 0 for none. */
export function notedAlignment(context: ContextNode, address: Address): number {
  const { cells } = context.planes;
  const granule = address >>> GRANULE_SHIFT;
  const note = cells[granule + 1] ?? 0;
  const code = note & CODE_MASK;
  if (note <= 0 || !isNote(code) || (note & TAG_MASK) !== (cells[granule]! & TAG_MASK)) return 0;
  const alignment = LEAST_NOTED << (code - NOTE_CODE);
  return (address & (alignment - 1)) === 0 ? alignment : 0;
}
