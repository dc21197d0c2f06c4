/**
 * The free lists of a context: for each size class the newest freed slot, and a bit that says whether there is one.
 *
 *   freeMask    bit c       set: heads[c] is the granule of the first freed slot of class c, for classes up to LAST_MASKED_CLASS
 *   largerMask  bit c - 30  the same for the classes above
 *   heads       words of the context's record; a head whose bit is not set means nothing
 *   cells       the cell of a freed slot is the link to the next one: see cells.ts
 *
 * So all lists are emptied by two stores, and looking for a slot that is not there reads no memory but the mask: both happen far
 * more often than reuse in programs that reset their contexts. Freed cells carry no class: a slot's class is that of its list.
 *
 * A slot is pushed or taken by two stores with no call between them: if the stack overflowed in that call, the second store would be missing.
 */
import { type Address, CorruptionError } from "@perfloc/arena";
import { GRANULE_SHIFT } from "@perfloc/arena/internal";
import { ownerIdAt } from "../chunks/chunk-header.js";
import { corruptionHint } from "../errors.js";
import type { SavedLists } from "../scopes/context-mark.js";
import type { ContextNode } from "../tables/context-node.js";
import { FREED, LINK_MASK } from "./cells.js";
import { CLASS_COUNT, LAST_MASKED_CLASS } from "./size-classes.js";

/** How many slots of a free list are looked at for one that is aligned; more would make such an allocation slow. */
const ALIGNED_SEARCH = 32;

/** Whether a class has freed slots. */
function hasSlots(freeMask: number, largerMask: number, sizeClass: number): boolean {
  const bit =
    sizeClass <= LAST_MASKED_CLASS
      ? freeMask & (1 << sizeClass)
      : largerMask & (1 << (sizeClass - LAST_MASKED_CLASS - 1));
  return bit !== 0;
}

/** Granule of the newest freed slot of a class; 0 when there is none. */
export function headOf(context: ContextNode, sizeClass: number): number {
  return hasSlots(context.freeMask, context.largerMask, sizeClass) ? context.heads[sizeClass]! : 0;
}

/** The same in saved lists. */
function savedHead({ heads, freeMask, largerMask }: SavedLists, sizeClass: number): number {
  return hasSlots(freeMask, largerMask, sizeClass) ? heads[sizeClass]! : 0;
}

/** Makes `granule` the newest freed slot of a class; 0 empties its list. */
function setHead(context: ContextNode, sizeClass: number, granule: number): void {
  context.heads[sizeClass] = granule;
  if (sizeClass <= LAST_MASKED_CLASS) {
    const bit = 1 << sizeClass;
    context.freeMask = granule === 0 ? context.freeMask & ~bit : context.freeMask | bit;
  } else {
    const bit = 1 << (sizeClass - LAST_MASKED_CLASS - 1);
    context.largerMask = granule === 0 ? context.largerMask & ~bit : context.largerMask | bit;
  }
}

export function emptyLists(context: ContextNode): void {
  context.freeMask = 0;
  context.largerMask = 0;
}

/** Puts the slot at a granule on the free list of its class. */
export function pushSlot(context: ContextNode, granule: number, sizeClass: number): void {
  const { cells } = context.planes;
  const cell = FREED | headOf(context, sizeClass);
  setHead(context, sizeClass, granule);
  cells[granule] = cell;
}

/** Takes the newest freed slot of a class, and makes it live. @returns its address; 0 for none @throws CorruptionError */
export function takeSlot(context: ContextNode, sizeClass: number): Address {
  const granule = headOf(context, sizeClass);
  if (granule === 0) return 0;
  const { cells } = context.planes;
  setHead(context, sizeClass, linkAt(context, granule, 0));
  cells[granule] = context.tag | sizeClass;
  return (granule << GRANULE_SHIFT) >>> 0;
}

/** The same for a slot at a multiple of `alignment`, if one of the newest is. */
export function takeAlignedSlot(
  context: ContextNode,
  sizeClass: number,
  alignment: number,
): Address {
  const { cells } = context.planes;
  let before = 0;
  let granule = headOf(context, sizeClass);
  for (let looked = 0; granule !== 0 && looked < ALIGNED_SEARCH; looked++) {
    const next = linkAt(context, granule, before);
    if (((granule << GRANULE_SHIFT) & (alignment - 1)) === 0) {
      if (before === 0) setHead(context, sizeClass, next);
      else cells[before] = FREED | next;
      cells[granule] = context.tag | sizeClass;
      return (granule << GRANULE_SHIFT) >>> 0;
    }
    before = granule;
    granule = next;
  }
  return 0;
}

/** The lists as they are now. */
export function saveLists(context: ContextNode): SavedLists {
  const { freeMask, heads, largerMask } = context;
  return { heads: heads.slice(), freeMask, largerMask };
}

export function restoreLists(context: ContextNode, saved: SavedLists): void {
  // A context that had no memory then has a record since.
  if (saved.heads.length > 0) context.heads.set(saved.heads);
  context.freeMask = saved.freeMask;
  context.largerMask = saved.largerMask;
}

/** Hangs saved lists behind the lists of now. @throws CorruptionError; the other lists are done then */
export function appendLists(context: ContextNode, saved: SavedLists): void {
  for (let sizeClass = 0; sizeClass < CLASS_COUNT; sizeClass++) {
    const first = savedHead(saved, sizeClass);
    if (first === 0) continue;
    const head = headOf(context, sizeClass);
    if (head === 0) setHead(context, sizeClass, first);
    else context.planes.cells[lastOf(context, head)] = FREED | first;
  }
}

function lastOf(context: ContextNode, head: number): number {
  let last = head;
  let count = 1;
  for (let next = linkAt(context, head, 0); next !== 0; next = linkAt(context, last, last)) {
    last = next;
    checkCount(context, last, ++count);
  }
  return last;
}

/** @throws CorruptionError when a list has more slots than its context has granules */
function checkCount(context: ContextNode, granule: number, count: number): void {
  if (count > context.usedBytes >>> GRANULE_SHIFT)
    reportCorruption(context, granule, "a free list goes round in a circle");
}

/** Visits the freed slots of all lists. @throws CorruptionError for a bad link, and for a list that goes round in a circle */
export function walkLists(
  context: ContextNode,
  visit: (granule: number, sizeClass: number) => void,
): void {
  const saved = context.marks.map(({ lists }) => lists!);
  for (let sizeClass = 0; sizeClass < CLASS_COUNT; sizeClass++) {
    walkList(context, headOf(context, sizeClass), sizeClass, visit);
    for (const lists of saved) walkList(context, savedHead(lists, sizeClass), sizeClass, visit);
  }
}

function walkList(
  context: ContextNode,
  head: number,
  sizeClass: number,
  visit: (granule: number, sizeClass: number) => void,
): void {
  let before = 0;
  let count = 0;
  for (let granule = head; granule !== 0;) {
    const next = linkAt(context, granule, before);
    checkCount(context, granule, ++count);
    visit(granule, sizeClass);
    before = granule;
    granule = next;
  }
}

/** Keeps those freed slots on the lists that `stays` wants, in their order. */
export function filterLists(context: ContextNode, stays: (granule: number) => boolean): void {
  const { cells } = context.planes;
  for (let sizeClass = 0; sizeClass < CLASS_COUNT; sizeClass++) {
    let last = 0;
    let granule = headOf(context, sizeClass);
    setHead(context, sizeClass, 0);
    while (granule !== 0) {
      const next = linkAt(context, granule, last);
      if (stays(granule)) {
        if (last === 0) setHead(context, sizeClass, granule);
        else cells[last] = FREED | granule;
        cells[granule] = FREED;
        last = granule;
      }
      granule = next;
    }
  }
}

/** Whether the slot at a granule is on one of the lists. For messages: O(freed slots). */
export function isListed(context: ContextNode, granule: number): boolean {
  let found = false;
  walkLists(context, (listed) => {
    found ||= listed === granule;
  });
  return found;
}

/** The slot behind a freed one. `before` is the slot whose link led there, 0 when it was the head. @throws CorruptionError */
function linkAt(context: ContextNode, granule: number, before: number): number {
  const cell = context.planes.cells[granule] ?? 0;
  const address = (granule << GRANULE_SHIFT) >>> 0;
  const isFreed = (cell & ~LINK_MASK) === FREED;
  if (isFreed && ownerIdAt(context.planes, address) === context.id) return cell & LINK_MASK;
  return reportCorruption(
    context,
    before,
    before === 0
      ? `the head of a free list leads to ${address}, which is no freed object`
      : `the link of a freed object leads to ${address}, which is no freed object`,
  );
}

/** @throws CorruptionError always, naming the context and the address of a granule */
export function reportCorruption(context: ContextNode, granule: number, fact: string): never {
  throw new CorruptionError(
    "PERFLOC_CONTEXT_CORRUPT",
    (granule << GRANULE_SHIFT) >>> 0,
    `${fact} (context "${context.name}")`,
    corruptionHint(context.state.check),
  );
}
