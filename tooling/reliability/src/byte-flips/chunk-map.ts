/** Finds everything in the memory of a heap by what is public: spans, marks, the figures of contexts. */
import { type Address, type Heap, type MemoryContext, PAGE_BYTES } from "@perfloc/typed";

/** Bytes of a process chunk's header. */
const HEADER_BYTES = 16;
/** Bytes that one mark stands for. */
export const GRANULE_BYTES = 8;
/** A mark above this is of a live object, one from FREED on of a freed slot. */
const LIVE = 0x80;
const FREED = 0x40;

/** One process chunk. */
export interface MappedChunk {
  readonly base: Address;
  readonly byteLength: number;
  readonly context: MemoryContext;
  readonly slots: readonly MappedSlot[];
  /** Behind the last slot. The same as the end of the header in a bump context, which has no slots. */
  readonly slotsEnd: Address;
}

/** A live object or a freed slot. */
export interface MappedSlot {
  readonly address: Address;
  readonly byteLength: number;
  readonly isLive: boolean;
}

/** All process chunks of a heap that has its arena for itself, in the order of their addresses. */
export function mapChunks(heap: Heap, contexts: readonly MemoryContext[]): MappedChunk[] {
  return heap.arena.chunks
    .filter(({ isHeld }) => isHeld)
    .flatMap((top) => {
      const chunks: MappedChunk[] = [];
      for (let page = top.base; page < top.base + top.byteLength; page += PAGE_BYTES) {
        if (top.ownerAt(page) === undefined || top.ownerAt(page) === top.ownerAt(page - PAGE_BYTES))
          continue;
        const context = contexts.find((candidate) => hasChunkAt(candidate, page));
        if (context === undefined) throw new Error(`nobody owns the process chunk at ${page}`);
        const byteLength = heap.arena.spanBytes(page);
        chunks.push(mapChunk(heap, context, page, byteLength));
      }
      return chunks;
    });
}

function hasChunkAt(context: MemoryContext, base: Address): boolean {
  try {
    context.bytes(base + HEADER_BYTES, 0);
    return true;
  } catch {
    return false;
  }
}

function mapChunk(
  heap: Heap,
  context: MemoryContext,
  base: Address,
  byteLength: number,
): MappedChunk {
  const slots: MappedSlot[] = [];
  const top = heap.arena.chunkAt(base);
  const marked: { address: Address; mark: number }[] = [];
  for (let address = base; address < base + byteLength; address += GRANULE_BYTES) {
    const mark = top.marks[(address - top.base) / GRANULE_BYTES]!;
    if (mark !== 0) marked.push({ address, mark });
  }
  for (const [position, { address, mark }] of marked.entries()) {
    const next = marked[position + 1]?.address;
    const isLive = mark > LIVE;
    const slotBytes = next === undefined ? lastSlotBytes(context, address, isLive) : next - address;
    if (mark > FREED) slots.push({ address, byteLength: slotBytes, isLive });
  }
  const last = slots.at(-1);
  const slotsEnd = last === undefined ? base + HEADER_BYTES : last.address + last.byteLength;
  return { base, byteLength, context, slots, slotsEnd };
}

/** The last slot of a chunk has no neighbour to end it: a live one tells its length; a freed one is counted as a granule. */
function lastSlotBytes(context: MemoryContext, address: Address, isLive: boolean): number {
  return isLive ? context.sizeOf(address) : GRANULE_BYTES;
}
