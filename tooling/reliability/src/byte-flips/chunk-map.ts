/** Finds everything in the memory of a heap by what is public: spans, marks, the figures of contexts. */
import {
  type Address,
  DoubleFreeError,
  Heap,
  type MemoryContext,
  PAGE_BYTES,
  UseAfterFreeError,
} from "@perfloc/typed";
import type { LeftByReset, Victim } from "./victim.js";

/** Bytes of a process chunk's header. */
const HEADER_BYTES = 16;
/** Bytes that one mark stands for. */
export const GRANULE_BYTES = 8;
/** Least length of a canary. */
const CANARY_BYTES = 8;
/** The longest slot; what is longer has a process chunk to itself. */
const LARGEST_SLOT_BYTES = 32_768;
/** A mark above this is of a live object, one from FREED on of a freed slot. */
const LIVE = 0x80;
const FREED = 0x40;

/** One process chunk. */
export interface MappedChunk {
  readonly base: Address;
  readonly byteLength: number;
  readonly context: MemoryContext;
  readonly slots: readonly MappedSlot[];
  /** Objects with guards: all of them on the levels that have any, those of bump contexts included. */
  readonly guarded: readonly GuardedObject[];
  readonly leftByReset: LeftByReset | undefined;
  /** Behind the last slot, guarded object and byte that a reset left: what is handed out next. */
  readonly usedEnd: Address;
}

/** An object with its canary. */
export interface GuardedObject {
  readonly address: Address;
  /** What was asked for. */
  readonly byteLength: number;
  /** With the canary. */
  readonly capacity: number;
  readonly isQuarantined: boolean;
}

/** A live object or a freed slot. */
export interface MappedSlot {
  readonly address: Address;
  readonly byteLength: number;
  readonly isLive: boolean;
}

/** All process chunks of a heap that has its arena for itself, in the order of their addresses. */
export function mapChunks(victim: Victim): MappedChunk[] {
  const { heap, contexts } = victim;
  return heap.arena.chunks
    .filter(({ isHeld }) => isHeld)
    .flatMap((top) => {
      const chunks: MappedChunk[] = [];
      for (let page = top.base; page < top.base + top.byteLength; page += PAGE_BYTES) {
        if (top.ownerAt(page) === undefined || top.ownerAt(page) === top.ownerAt(page - PAGE_BYTES))
          continue;
        const context = contexts.find((candidate) => hasChunkAt(candidate, page));
        if (context === undefined) throw new Error(`nobody owns the process chunk at ${page}`);
        chunks.push(mapChunk(victim, context, page, heap.arena.spanBytes(page)));
      }
      return chunks;
    });
}

/** Also when the first object there waits in the quarantine of this very context. */
function hasChunkAt(context: MemoryContext, base: Address): boolean {
  try {
    context.bytes(base + HEADER_BYTES, 0);
    return true;
  } catch (error) {
    return error instanceof UseAfterFreeError;
  }
}

function mapChunk(
  victim: Victim,
  context: MemoryContext,
  base: Address,
  byteLength: number,
): MappedChunk {
  const end = base + byteLength;
  const slots = mapSlots(victim, context, base, end);
  const guarded = victim.guards === undefined ? [] : mapGuarded(victim, context, base, end, slots);
  const leftByReset = victim.leftByResets.find(({ start }) => start >= base && start < end);
  const usedEnd = Math.max(
    base + HEADER_BYTES,
    leftByReset?.end ?? 0,
    ...slots.map((slot) => slot.address + slot.byteLength),
    ...guarded.map(({ address, capacity }) => address + capacity),
  );
  return { base, byteLength, context, slots, guarded, leftByReset, usedEnd };
}

function mapSlots(
  victim: Victim,
  context: MemoryContext,
  base: Address,
  end: Address,
): MappedSlot[] {
  const slots: MappedSlot[] = [];
  const top = victim.heap.arena.chunkAt(base);
  const marked: { address: Address; mark: number }[] = [];
  for (let address = base; address < end; address += GRANULE_BYTES) {
    const mark = top.marks[(address - top.base) / GRANULE_BYTES]!;
    if (mark !== 0) marked.push({ address, mark });
  }
  for (const [position, { address, mark }] of marked.entries()) {
    const next = marked[position + 1]?.address;
    const isLive = mark > LIVE;
    const slotBytes =
      next === undefined
        ? lastSlotBytes(victim, context, { address, isLive, end, before: slots.at(-1) })
        : next - address;
    if (mark > FREED) slots.push({ address, byteLength: slotBytes, isLive });
  }
  return slots;
}

interface LastSlot {
  readonly address: Address;
  readonly isLive: boolean;
  /** Of the chunk. */
  readonly end: Address;
  readonly before: MappedSlot | undefined;
}

/** The last slot of a chunk has no neighbour to end it: a live one tells its length; a freed one is counted as a granule. */
function lastSlotBytes(
  { guards, askedBytes }: Victim,
  context: MemoryContext,
  { address, isLive, end, before }: LastSlot,
): number {
  if (!isLive) return GRANULE_BYTES;
  if (guards === undefined) return context.sizeOf(address);
  // All slots of a slab have one length.
  if (context.kind === "slab" && before !== undefined) return before.byteLength;
  const asked = askedBytes.get(address)! + CANARY_BYTES;
  return asked > LARGEST_SLOT_BYTES ? end - address : slotBytesOf(context, asked);
}

/** How long a slot for so many bytes is: a plain heap tells it, where `sizeOf` has no canary to leave out. */
function slotBytesOf(context: MemoryContext, askedBytes: number): number {
  using heap = new Heap();
  const plain = heap.open(context.name);
  return plain.sizeOf(plain.alloc(askedBytes));
}

/** Objects of a bump context lie one behind the other and have no marks; others fill their slots. */
function mapGuarded(
  { askedBytes }: Victim,
  context: MemoryContext,
  base: Address,
  end: Address,
  slots: readonly MappedSlot[],
): GuardedObject[] {
  if (context.kind !== "bump") {
    return slots
      .filter(({ isLive }) => isLive)
      .map(({ address, byteLength: capacity }) => {
        const byteLength = askedBytes.get(address)!;
        return { address, byteLength, capacity, isQuarantined: isQuarantined(context, address) };
      });
  }
  return [...askedBytes]
    .filter(([address]) => address >= base && address < end && isBumpObject(context, address))
    .map(([address, byteLength]) => {
      const unrounded = byteLength + CANARY_BYTES + GRANULE_BYTES - 1;
      const capacity = unrounded - (unrounded % GRANULE_BYTES);
      return { address, byteLength, capacity, isQuarantined: false };
    });
}

function isQuarantined(context: MemoryContext, address: Address): boolean {
  try {
    context.sizeOf(address);
    return false;
  } catch (error) {
    if (error instanceof DoubleFreeError) return true;
    throw error;
  }
}

/** A bump context has no bytes beyond what it handed out. */
function isBumpObject(context: MemoryContext, address: Address): boolean {
  try {
    context.bytes(address, 1);
    return true;
  } catch {
    return false;
  }
}
