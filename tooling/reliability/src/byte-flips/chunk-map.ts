/** Finds everything in the memory of a heap: spans, slots and guarded objects. */
import { type Address, DoubleFreeError, type MemoryContext, PAGE_BYTES } from "@perfloc/typed";
import { freedSlots, type SlotState } from "./freed-slots.js";
import {
  cellAt,
  DEDICATED_FLAG,
  GRANULE_BYTES,
  HIGH_WATER_WORD,
  meaningOf,
  OWNER_ID_MASK,
  OWNER_WORD,
  pageWordAt,
  RUN_WORD,
  tagsOf,
} from "../planes.js";
import type { LeftByReset, Victim } from "./victim.js";

/** Bytes of a process chunk's header. */
const HEADER_BYTES = 16;
/** Least length of a canary. */
const CANARY_BYTES = 8;

/** One process chunk. */
export interface MappedChunk {
  readonly base: Address;
  readonly byteLength: number;
  readonly context: MemoryContext;
  readonly slots: readonly MappedSlot[];
  /** Objects with guards: all of them on the levels that have any, those of bump contexts included. */
  readonly guarded: readonly GuardedObject[];
  readonly leftByReset: LeftByReset | undefined;
  /** Whether objects are cut from it now: its high-water mark is the cursor of the context. */
  readonly isCurrent: boolean;
  readonly isDedicated: boolean;
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
  readonly state: SlotState;
}

/** All process chunks of a heap that has its arena for itself, in the order of their addresses. */
export function mapChunks(victim: Victim): MappedChunk[] {
  const { heap, contexts } = victim;
  return heap.arena.chunks
    .filter(({ isHeld }) => isHeld)
    .flatMap((top) => {
      const chunks: MappedChunk[] = [];
      for (let page = top.base; page < top.base + top.byteLength; page += PAGE_BYTES) {
        const run = pageWordAt(heap, page, RUN_WORD);
        if (run <= 0) continue;
        const id = pageWordAt(heap, page, OWNER_WORD) & OWNER_ID_MASK;
        const context = contexts.find((candidate) => candidate.id === id);
        if (context === undefined) throw new Error(`nobody owns the process chunk at ${page}`);
        chunks.push(mapChunk(victim, context, page, run * PAGE_BYTES));
      }
      return chunks;
    });
}

function mapChunk(
  victim: Victim,
  context: MemoryContext,
  base: Address,
  byteLength: number,
): MappedChunk {
  const { heap } = victim;
  const end = base + byteLength;
  const isCurrent = base === context.currentChunk;
  const isDedicated = (pageWordAt(heap, base, OWNER_WORD) & DEDICATED_FLAG) !== 0;
  const highWater = isCurrent ? context.cursor : pageWordAt(heap, base, HIGH_WATER_WORD);
  const slots = context.kind === "bump" ? [] : mapSlots(victim, context, base, highWater);
  const guarded = victim.guards === undefined ? [] : mapGuarded(victim, context, base, end, slots);
  const leftByReset = victim.leftByResets.find(({ start }) => start >= base && start < end);
  const usedEnd = Math.max(
    base + HEADER_BYTES,
    leftByReset?.end ?? 0,
    ...slots.map((slot) => slot.address + slot.byteLength),
    ...guarded.map(({ address, capacity }) => address + capacity),
  );
  const chunk = { base, byteLength, context, slots, guarded, leftByReset };
  return { ...chunk, isCurrent, isDedicated, usedEnd };
}

/** Slots lie one behind the other, up to the high-water mark. */
function mapSlots(
  { heap }: Victim,
  context: MemoryContext,
  base: Address,
  highWater: Address,
): MappedSlot[] {
  const tags = tagsOf(context);
  const freed = freedSlots(heap, context);
  const starts: { address: Address; state: SlotState }[] = [];
  for (let address = base + HEADER_BYTES; address < highWater; address += GRANULE_BYTES) {
    const state = freed.get(address) ?? "live";
    if (state !== "live" || meaningOf(cellAt(heap, address), tags) === "object")
      starts.push({ address, state });
  }
  return starts.map(({ address, state }, position) => {
    const end = starts[position + 1]?.address ?? highWater;
    return { address, byteLength: end - address, state };
  });
}

/** Objects of a bump context lie one behind the other and have no cells; others fill their slots. */
function mapGuarded(
  { askedBytes }: Victim,
  context: MemoryContext,
  base: Address,
  end: Address,
  slots: readonly MappedSlot[],
): GuardedObject[] {
  if (context.kind !== "bump") {
    return slots
      .filter(({ state }) => state !== "freed")
      .map(({ address, byteLength: capacity, state }) => {
        const byteLength = askedBytes.get(address)!;
        const isWaiting = state === "live" && isQuarantined(context, address);
        return { address, byteLength, capacity, isQuarantined: isWaiting };
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
