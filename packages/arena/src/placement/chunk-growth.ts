/**
 * Where a new top chunk goes and how long it is: pure decisions over the slots that are taken.
 *
 * One rule, "the lowest vacant slot that fits", gives all of: doubling under load (the slots double), an oversize request in one step
 * (slots below stay vacant and are filled later), the doubling restarting after releases, and the same addresses for a chunk
 * that comes back.
 */
import { PAGE_BYTES } from "./address.js";
import type { SlotLadder } from "./slot-ladder.js";

/** A chunk that would hold a span. */
export interface PlannedChunk {
  /** `slotCount` of the ladder when no slot is left. */
  readonly slot: number;
  readonly byteLength: number;
  /** The shortest chunk in that slot that holds the span. */
  readonly leastBytes: number;
}

/**
 * Plans a chunk for a span of `pageCount` pages, whose block has `order`.
 * @param allowedBytes - how many more bytes may be held; the plan exceeds them only when even `leastBytes` do
 */
export function planChunk(
  ladder: SlotLadder,
  slots: readonly unknown[],
  pageCount: number,
  order: number,
  allowedBytes: number,
): PlannedChunk {
  const needBytes = pageCount * PAGE_BYTES;
  const blockBytes = PAGE_BYTES * 2 ** order;
  const isOversize = blockBytes > ladder.capBytes;
  const slot = isOversize
    ? lowestVacantRun(ladder, slots, Math.ceil(needBytes / ladder.capBytes))
    : lowestVacantSlot(ladder, slots, blockBytes, allowedBytes);
  // An oversize span gets a chunk of just its length; any other a whole slot, or the part of one that the limit allows.
  const leastBytes = isOversize ? needBytes : leastInSlot(slot, blockBytes);
  let byteLength = Math.max(ladder.byteLengthOf(slot), leastBytes);
  while (byteLength > allowedBytes && byteLength / 2 >= leastBytes) byteLength /= 2;
  return { slot, byteLength, leastBytes };
}

/** The lowest vacant slot that can hold an aligned block of `blockBytes`; `slotCount` when there is none. */
function lowestVacantSlot(
  ladder: SlotLadder,
  slots: readonly unknown[],
  blockBytes: number,
  allowedBytes: number,
): number {
  const { slotCount } = ladder;
  // Half of slot 0 is all that it can give in one block: its first page is NULL.
  const fitsFirst =
    ladder.byteLengthOf(0) > blockBytes && leastInSlot(0, blockBytes) <= allowedBytes;
  let slot = fitsFirst ? 0 : 1;
  while (slot < slotCount && (slots[slot] !== undefined || ladder.byteLengthOf(slot) < blockBytes))
    slot++;
  return slot;
}

/** The lowest run of vacant slots at the cap; `slotCount` when there is none. */
function lowestVacantRun(ladder: SlotLadder, slots: readonly unknown[], runLength: number): number {
  const { slotCount, capBytes } = ladder;
  let vacant = 0;
  for (let slot = 1; slot < slotCount; slot++) {
    const isVacant = slots[slot] === undefined && ladder.byteLengthOf(slot) === capBytes;
    vacant = isVacant ? vacant + 1 : 0;
    if (vacant === runLength) return slot - runLength + 1;
  }
  return slotCount;
}

/** Shortest chunk that holds an aligned block: twice its length in slot 0, where the first page is NULL. */
function leastInSlot(slot: number, blockBytes: number): number {
  return slot === 0 ? 2 * blockBytes : blockBytes;
}
