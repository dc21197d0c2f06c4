/** Walks the slots of an allocset or slab by their cells: what figures and verification see. All cold. */
import type { Address } from "@perfloc/arena";
import { GRANULE_SHIFT } from "@perfloc/arena/internal";
import {
  HEADER_BYTES,
  chunkBytes,
  chunksOf,
  highWaterOf,
  isDedicated,
} from "../chunks/chunk-header.js";
import type { ContextNode } from "../tables/context-node.js";
import { CODE_MASK, DEDICATED_CODE, FREED, GUARDED, codeOf, isNote } from "./cells.js";
import { reportCorruption, walkLists } from "./free-lists.js";

/** A context whose objects lie in slots. */
export interface SlottedContext extends ContextNode {
  /** Length of the slots of a class; 0 for what is none. */
  classBytes(sizeClass: number): number;
}

/** Sees one slot: a live object, or a freed one. `code` is its size class, or DEDICATED_CODE. */
export type SlotVisitor = (
  address: Address,
  byteLength: number,
  isLive: boolean,
  code: number,
) => void;

/**
 * Visits the slots of all chunks, oldest chunk first, in the order of their addresses.
 * @returns how many slots are on free lists or wait for a commit
 * @throws CorruptionError when they do not tile a chunk up to its high-water mark
 */
export function walkSlots(context: SlottedContext, visit: SlotVisitor): number {
  const freed = freedSlots(context);
  for (const base of chunksOf(context)) walkChunk(context, base, freed, visit);
  return freed.size;
}

/** The code of the live object in a cell: of now, or from before a checkpoint; -1 when there is none. */
export function liveCode(context: ContextNode, cell: number): number {
  if (cell <= 0) return -1;
  let code = codeOf(cell, context.tag);
  const { marks } = context;
  for (let position = marks.length - 1; code < 0 && position >= 0; position--)
    code = codeOf(cell, marks[position]!.tag);
  return isNote(code) ? -1 : code;
}

/** How many checkpoints are older than the live object in a cell; -1 when there is none. */
export function depthOfCell(context: ContextNode, cell: number): number {
  const { marks } = context;
  if (liveCode(context, cell) < 0) return -1;
  const depth = marks.findIndex(({ tag }) => codeOf(cell, tag) >= 0);
  return depth < 0 ? marks.length : depth;
}

/** The class of every freed slot, by granule, and the code of every object whose free waits for a commit. */
function freedSlots(context: ContextNode): Map<number, number> {
  const freed = new Map<number, number>();
  walkLists(context, (granule, sizeClass) => {
    if (freed.has(granule))
      reportCorruption(context, granule, "a freed object is on two free lists");
    freed.set(granule, sizeClass);
  });
  for (const { deferred } of context.marks) {
    for (const [granule, cell] of deferred) {
      if (context.planes.cells[granule] !== FREED)
        reportCorruption(
          context,
          granule,
          "the cell of an object that was freed under a checkpoint was overwritten",
        );
      freed.set(granule, cell & CODE_MASK);
    }
  }
  return freed;
}

function walkChunk(
  context: SlottedContext,
  base: Address,
  freed: Map<number, number>,
  visit: SlotVisitor,
): void {
  const { extras, guards, planes } = context;
  const { cells } = planes;
  const end = highWaterOf(context, base);
  let address = isDedicated(planes, base)
    ? startOfDedicated(context, base, freed)
    : base + HEADER_BYTES;
  while (address < end) {
    const granule = address >>> GRANULE_SHIFT;
    const cell = cells[granule]!;
    const live = liveCode(context, cell);
    const code = live >= 0 ? live : (freed.get(granule) ?? -1);
    const isBig = code === DEDICATED_CODE;
    const byteLength = isBig ? end - address : context.classBytes(code);
    if (byteLength <= 0 || isBig !== isDedicated(planes, base)) reportLostCell(context, address);
    const isGuarded = cell > 0 && (cell & GUARDED) !== 0;
    const hasReason = guards?.guardsObjectAt(address) === true || extras.watched.has(address);
    if (isGuarded !== hasReason) reportLostCell(context, address);
    visit(address, byteLength, live >= 0, code);
    address += byteLength;
  }
  if (address !== end) {
    const granule = base >>> GRANULE_SHIFT;
    reportCorruption(context, granule, "an object reaches past the end of what was allocated");
  }
}

/** @throws CorruptionError when a live object seems to begin inside a slot */
export function verifyNoCellsInside(
  context: ContextNode,
  address: Address,
  byteLength: number,
): void {
  const { cells } = context.planes;
  const first = address >>> GRANULE_SHIFT;
  const end = (address + byteLength) / 2 ** GRANULE_SHIFT;
  for (let granule = first + 1; granule < end; granule++)
    if (liveCode(context, cells[granule]!) >= 0)
      reportCorruption(context, first, "the cell of an object stands inside another object");
}

/** @throws CorruptionError always */
export function reportLostCell(context: ContextNode, address: Address): never {
  reportCorruption(context, address >>> GRANULE_SHIFT, "the cell of an object was lost");
}

/** Where the object of a dedicated chunk begins: behind the header and the alignment that was asked for. */
function startOfDedicated(
  context: ContextNode,
  base: Address,
  freed: Map<number, number>,
): Address {
  const { cells } = context.planes;
  const first = (base + HEADER_BYTES) >>> GRANULE_SHIFT;
  const end = first + (chunkBytes(context.planes, base) >>> GRANULE_SHIFT) - 1;
  for (let granule = first; granule < end; granule++) {
    const code = liveCode(context, cells[granule]!);
    if (code === DEDICATED_CODE || freed.get(granule) === DEDICATED_CODE)
      return (granule << GRANULE_SHIFT) >>> 0;
  }
  return reportLostCell(context, base + HEADER_BYTES);
}
