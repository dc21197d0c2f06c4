/** Walks the slots of an allocset or slab by their marks: what figures and verification see. All cold. */
import { type Address, CorruptionError } from "@perfloc/arena";
import { corruptionHint } from "./errors.js";
import type { FreeListContext } from "./free-list-context.js";
import { CLASS_MASK, DEDICATED_CLASS, FREED, GUARDED, LIVE } from "./marks.js";
import type { ProcessChunk } from "./process-chunk.js";

/** Sees one slot: a live object, or a freed one. */
export type SlotVisitor = (
  chunk: ProcessChunk,
  address: Address,
  byteLength: number,
  isLive: boolean,
) => void;

/**
 * Visits the slots of all chunks, oldest chunk first, in the order of their addresses.
 * @throws CorruptionError when they do not tile a chunk up to its high-water mark
 */
export function walkSlots(context: FreeListContext, visit: SlotVisitor): void {
  for (let chunk = context.chain.first; chunk !== undefined; chunk = chunk.next) {
    const { marks, topBase } = chunk;
    const end = context.highWaterOf(chunk);
    let address = chunk.isDedicated ? startOfDedicated(chunk) : chunk.firstObject;
    while (address < end) {
      const mark = marks[(address - topBase) >>> 3]!;
      const sizeClass = mark & CLASS_MASK;
      const byteLength =
        sizeClass === DEDICATED_CLASS ? end - address : context.classBytes(sizeClass);
      const isLive = mark > LIVE;
      // A bit, and a class; both bits just for what guards look after.
      const isMark = mark > FREED && byteLength > 0;
      if (!isMark || mark > GUARDED !== context.guardsObjectAt(address))
        reportLostMark(context, address);
      visit(chunk, address, byteLength, isLive);
      address += byteLength;
    }
    if (address !== end)
      reportCorruption(context, address, "an object reaches past the end of what was allocated");
  }
}

/** @throws CorruptionError when a mark stands inside a slot */
export function verifyNoMarksInside(
  context: FreeListContext,
  chunk: ProcessChunk,
  address: Address,
  byteLength: number,
): void {
  const { marks, topBase } = chunk;
  const end = Math.min(address + byteLength, chunk.end) - topBase;
  for (let offset = address - topBase + 8; offset < end; offset += 8) {
    if (marks[offset >>> 3] !== 0)
      reportCorruption(context, address, "a mark stands inside an object");
  }
}

/** @throws CorruptionError always */
export function reportLostMark(context: FreeListContext, address: Address): never {
  reportCorruption(context, address, "the mark of an object was lost");
}

/** @throws CorruptionError always, naming the context */
export function reportCorruption(context: FreeListContext, address: Address, fact: string): never {
  throw new CorruptionError(
    "PERFLOC_CONTEXT_CORRUPT",
    address,
    `${fact} (context "${context.name}")`,
    corruptionHint(context.state.check),
  );
}

/** Where the object of a dedicated chunk begins: behind the header and the alignment that was asked for. */
function startOfDedicated(chunk: ProcessChunk): Address {
  const { marks, topBase } = chunk;
  let address = chunk.firstObject;
  while (address < chunk.end && marks[(address - topBase) >>> 3] === 0) address += 8;
  return address;
}
