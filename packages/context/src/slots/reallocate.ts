/**
 * Reallocation in an allocset: where the object lies if it can, else in new memory.
 *
 *   fits its slot or chunk, and does not waste more than half of it      stays
 *   newest slot of the current chunk, room behind it, no freed slot      grows in place
 *   big object, pages behind it are free                                 grows in place
 *   else                                                                 moves; one that grows by a little gets room for twice its length
 *
 * The room makes appending to a buffer, by however little at a time, cost one copy for each doubling. It goes with the object; a big one
 * that shrinks gives its pages back. Guarded objects get no room, for their lengths are known to the byte: what gets room is a plain one.
 */
import { type Address, OutOfMemoryError } from "@perfloc/arena";
import {
  ASKED_WORD,
  GRANULE_SHIFT,
  PAGE_SHIFT,
  type Planes,
  RUN_WORD,
  recordAt,
} from "@perfloc/arena/internal";
import { MIN_ALIGNMENT, checkAlignment, checkByteLength } from "../allocation-request.js";
import { resizeDedicated } from "../chunks/chunk-chain.js";
import { chunkAround, chunkBytes } from "../chunks/chunk-header.js";
import { copyBytes } from "../chunks/copy-bytes.js";
import { LEAST_NOTED_BYTES, noteAlignment, notedAlignment } from "./alignment-note.js";
import { CODE_MASK, DEDICATED_CODE, GUARDED } from "./cells.js";
import { headOf, pushSlot } from "./free-lists.js";
import { CLASS_BYTES, CLASS_OF, MAX_SMALL_BYTES } from "./size-classes.js";
import type { SlottedContext } from "./slot-walk.js";

/** What reallocation asks of an allocset. */
export interface ReallocatingContext extends SlottedContext {
  alloc(byteLength: number, alignment?: number): Address;
  /** Allocates an object without guards. */
  plainAlloc(byteLength: number, alignment: number): Address;
  free(address: Address): void;
  allocBig(byteLength: number, step: number, roomyBytes: number): Address;
  extendNewest(address: Address, oldBytes: number, newBytes: number): boolean;
  /** @throws DoubleFreeError, InvalidAddressError, UseAfterDropError */
  liveCellAt(address: Address): number;
  isSealed(cell: number): boolean;
  bytesOf(address: Address, code: number): number;
  reallocGuarded(address: Address, byteLength: number, alignment: number): Address;
}

const PAGE_MASK = (1 << PAGE_SHIFT) - 1;

/** Shorter objects get no room: their classes are far enough apart. */
const LEAST_ROOMY_BYTES = 64;

/**
 * An object that grows to more than this gets a process chunk of its own, which grows by pages where it lies: one that grew once most often
 * grows again, and every move copies it.
 */
const LARGEST_GROWING_SLOT = 8 * 1024;

/** A big object that shrinks to no more goes back into a slot. */
const LARGEST_SHRUNK = LARGEST_GROWING_SLOT / 2;

/** Gives the object in a slot a length that does not stay in it. Part of the hot path of `realloc`. */
export function resizeSlot(
  context: ReallocatingContext,
  address: Address,
  oldClass: number,
  byteLength: number,
): Address {
  const newClass = CLASS_OF[(byteLength + 15) >>> 4]!;
  const oldBytes = CLASS_BYTES[oldClass]!;
  const newBytes = CLASS_BYTES[newClass]!;
  if (newBytes > oldBytes && growsNewest(context, address, oldBytes, newClass)) return address;
  const alignment = oldClass === 0 ? 0 : notedAlignment(context, address);
  const target = allocMoved(context, byteLength, oldBytes, alignment);
  copyTo(context, target, address, oldBytes < newBytes ? oldBytes : byteLength);
  pushSlot(context, address >>> GRANULE_SHIFT, oldClass);
  return target;
}

/**
 * Whether the live big object at `address` stays where it is, at its last length or longer, in the room that its chunk has. Hot for buffers
 * that are appended to. False for everything else.
 */
export function growsInRoom({ pages }: Planes, address: Address, byteLength: number): boolean {
  const at = recordAt(address);
  const run = pages[at | RUN_WORD]!;
  // An object that alignment put behind the first page goes the slow way.
  if (run <= 0 || byteLength < pages[at | ASKED_WORD]!) return false;
  if (byteLength > (run << PAGE_SHIFT) - (address & PAGE_MASK)) return false;
  pages[at | ASKED_WORD] = byteLength;
  return true;
}

/** Bad arguments, mistakes, an alignment, guarded objects, big ones, those older than a checkpoint. */
export function reallocSlow(
  context: ReallocatingContext,
  address: Address,
  byteLength: number,
  alignment: number,
): Address {
  checkByteLength(byteLength);
  if (alignment !== 0) checkAlignment(alignment);
  const cell = context.liveCellAt(address);
  if ((cell & GUARDED) !== 0) return context.reallocGuarded(address, byteLength, alignment);
  const step = Math.max(alignment, notedAlignment(context, address));
  if (step === 0 || address % step === 0) {
    // At least two granules, for the note.
    const least = alignment > MIN_ALIGNMENT ? Math.max(byteLength, LEAST_NOTED_BYTES) : byteLength;
    if (resizeInPlace(context, address, cell, least)) {
      if (alignment > MIN_ALIGNMENT) noteAlignment(context, address, alignment);
      return address;
    }
  }
  const oldBytes = context.bytesOf(address, cell & CODE_MASK);
  const target = allocMoved(context, byteLength, oldBytes, step);
  copyTo(context, target, address, Math.min(oldBytes, byteLength));
  context.free(address);
  return target;
}

/** Whether an object could get another length where it lies. */
function resizeInPlace(
  context: ReallocatingContext,
  address: Address,
  cell: number,
  byteLength: number,
): boolean {
  const code = cell & CODE_MASK;
  if (code === DEDICATED_CODE)
    return byteLength > LARGEST_SHRUNK && resizeBig(context, address, cell, byteLength);
  if (byteLength > MAX_SMALL_BYTES) return false;
  const newClass = CLASS_OF[(byteLength + 15) >>> 4]!;
  const oldBytes = CLASS_BYTES[code]!;
  const newBytes = CLASS_BYTES[newClass]!;
  // An object that shrinks may have up to twice what it needs.
  if (newBytes <= oldBytes) return newBytes * 2 >= oldBytes;
  return !context.isSealed(cell) && growsNewest(context, address, oldBytes, newClass);
}

/** Whether the newest slot of the current chunk could become one of a larger class where it lies. */
function growsNewest(
  context: ReallocatingContext,
  address: Address,
  oldBytes: number,
  newClass: number,
): boolean {
  // A freed slot first: a program that grows one buffer after the other would else cut new memory for each.
  if (headOf(context, newClass) !== 0) return false;
  if (!context.extendNewest(address, oldBytes, CLASS_BYTES[newClass]!)) return false;
  context.planes.cells[address >>> GRANULE_SHIFT] = context.tag | newClass;
  return true;
}

/** Whether a big object could stay where it is: its chunk gives its end back, or takes the pages behind it. */
function resizeBig(
  context: ReallocatingContext,
  address: Address,
  cell: number,
  byteLength: number,
): boolean {
  const { pages } = context.planes;
  const base = chunkAround(context.planes, address);
  const capacity = base + chunkBytes(context.planes, base) - address;
  if (context.isSealed(cell)) return byteLength <= capacity;
  const isGrown = byteLength > capacity;
  const roomyBytes = isGrown ? roomyLength(context, byteLength, capacity) : byteLength;
  const isResized =
    resizeDedicated(context, base, address - base + roomyBytes) ||
    (roomyBytes > byteLength && resizeDedicated(context, base, address - base + byteLength));
  if (isResized) pages[recordAt(base) | ASKED_WORD] = byteLength;
  return isResized;
}

/** Memory for an object of `oldBytes` that moves. @throws what `alloc` throws */
function allocMoved(
  context: ReallocatingContext,
  byteLength: number,
  oldBytes: number,
  alignment: number,
): Address {
  const step = Math.max(alignment, MIN_ALIGNMENT);
  const roomyBytes =
    byteLength > oldBytes ? roomyLength(context, byteLength, oldBytes) : byteLength;
  const isGrowing = byteLength > oldBytes && context.state.ledger?.isDebug !== true;
  // It will grow again: where the pages behind it are free it need not move.
  const isBig = byteLength > MAX_SMALL_BYTES;
  if (isGrowing && isBig && step === MIN_ALIGNMENT)
    return context.allocBig(byteLength, step, roomyBytes);
  if (roomyBytes === byteLength || step > MIN_ALIGNMENT) return context.alloc(byteLength, step);
  if (byteLength > LARGEST_GROWING_SLOT) return context.allocBig(byteLength, step, roomyBytes);
  try {
    return context.plainAlloc(roomyBytes, MIN_ALIGNMENT);
  } catch (error) {
    if (error instanceof OutOfMemoryError) return context.alloc(byteLength);
    throw error;
  }
}

/** What an object of `oldBytes` that grows to `byteLength` gets: at least twice its old length, where that is no mistake. */
function roomyLength(context: ReallocatingContext, byteLength: number, oldBytes: number): number {
  if (oldBytes < LEAST_ROOMY_BYTES || context.state.ledger?.isDebug === true) return byteLength;
  if (byteLength > oldBytes * SMALL_STEP) return byteLength;
  return Math.max(byteLength, Math.min(2 * oldBytes, LARGEST_ROOMY_BYTES));
}

/** Programs that grow a buffer by more than this factor do what the room is for themselves. */
const SMALL_STEP = 1.25;

/** Longer objects get no more room than this; it is what the longest object may have. */
const LARGEST_ROOMY_BYTES = 2 ** 30;

/** Copies the bytes of an object that moves. @throws UseAfterDropError, with `target` freed, when memory was transferred away */
function copyTo(
  context: ReallocatingContext,
  target: Address,
  address: Address,
  byteLength: number,
): void {
  try {
    copyBytes(context.state.arena, address, target, byteLength);
  } catch (error) {
    context.free(target);
    throw error;
  }
}
