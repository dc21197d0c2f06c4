/**
 * The free lists of a context: for each size class the newest freed slot, and a bit that says whether there is one.
 *
 *   freeMask    bit c       set: heads[c] is the first slot of class c, for classes 1 to LAST_MASKED_CLASS; on the context
 *   largerMask  bit c - 29  the same for the classes above
 *
 * A head whose bit is not set means nothing. So all lists are emptied by two stores, and looking for a slot that is not there
 * reads no memory but the mask: both happen far more often than reuse in programs that reset their contexts. (Clearing the
 * heads at each reset and looking at them at each allocation cost a third of the time of the PostgreSQL trace.)
 *
 * The heads are the only part of a context outside the JavaScript heap: a dropped context hands them on to the next.
 */
import type { Address } from "@perfloc/arena";
import { CLASS_COUNT, LAST_MASKED_CLASS } from "./size-classes.js";

/** What of the lists is not on the context itself. */
export class FreeLists {
  readonly heads: Int32Array = new Int32Array(CLASS_COUNT);
  largerMask = 0;
}

/** The lists of a moment, as a mark keeps them. */
export interface SavedLists {
  readonly heads: Int32Array;
  readonly freeMask: number;
  readonly largerMask: number;
}

/** The newest freed slot of a class; 0 when there is none. */
export function headIn(
  heads: Int32Array,
  freeMask: number,
  largerMask: number,
  sizeClass: number,
): Address {
  const bit =
    sizeClass <= LAST_MASKED_CLASS
      ? freeMask & (1 << sizeClass)
      : largerMask & (1 << (sizeClass - LAST_MASKED_CLASS));
  return bit === 0 ? 0 : heads[sizeClass]! >>> 0;
}

/** The same in saved lists. */
export function savedHead(saved: SavedLists, sizeClass: number): Address {
  return headIn(saved.heads, saved.freeMask, saved.largerMask, sizeClass);
}
