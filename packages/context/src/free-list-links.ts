/**
 * The links between freed slots, which lie in the slots' own first words, where a program that writes to a freed object
 * damages them. So each is checked before it is followed: it must lead to a freed slot of the same class and context.
 */
import type { Address } from "@perfloc/arena";
import type { FreeListContext } from "./free-list-context.js";
import { FREED } from "./marks.js";
import { processChunkAt } from "./process-chunk.js";
import { reportCorruption } from "./slot-walk.js";

/**
 * The slot behind `address` on the free list of `sizeClass`; 0 at the end. `before` is the slot whose link led here, 0 when it
 * was the head.
 * @throws CorruptionError when no freed slot of the class is at `address`
 */
export function readLink(
  context: FreeListContext,
  address: Address,
  sizeClass: number,
  before: Address,
): Address {
  const chunk = processChunkAt(context.state.arena, address);
  if (chunk === undefined || chunk.context !== context || address % 8 !== 0)
    reportBadLink(context, address, before);
  const position = address - chunk.topBase;
  if (chunk.marks[position >>> 3] !== (FREED | sizeClass)) reportBadLink(context, address, before);
  return chunk.words[position >>> 2]! >>> 0;
}

/** Makes `next` the slot behind `address`, which is a freed one. */
export function writeLink(context: FreeListContext, address: Address, next: Address): void {
  const chunk = context.state.pages[address >>> 12]!;
  chunk.words[(address - chunk.topBase) >>> 2] = next;
}

/** The last slot of the list that begins at `first`. */
export function lastOfList(context: FreeListContext, sizeClass: number, first: Address): Address {
  let before = 0;
  let last = first;
  for (
    let next = readLink(context, last, sizeClass, 0);
    next !== 0;
    next = readLink(context, last, sizeClass, before)
  ) {
    before = last;
    last = next;
  }
  return last;
}

/**
 * How many slots are on the list that begins at `first`.
 * @throws CorruptionError for a bad link, and when there are more than `atMost`: then the list goes round
 */
export function lengthOfList(
  context: FreeListContext,
  sizeClass: number,
  first: Address,
  atMost: number,
): number {
  let length = 0;
  let before = 0;
  let address = first;
  while (address !== 0) {
    const next = readLink(context, address, sizeClass, before);
    if (++length > atMost) reportCorruption(context, address, "a free list goes round in a circle");
    before = address;
    address = next;
  }
  return length;
}

function reportBadLink(context: FreeListContext, address: Address, before: Address): never {
  if (before === 0) {
    const fact =
      "the first slot of a free list is no freed object: it was freed twice unchecked, or its mark was overwritten";
    reportCorruption(context, address, fact);
  }
  reportCorruption(
    context,
    before,
    `the link in a freed object was overwritten: it leads to ${address}, which is no freed object`,
  );
}
