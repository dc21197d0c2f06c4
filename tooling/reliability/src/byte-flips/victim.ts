/**
 * A heap with one of everything that lies in memory: all kinds, chains of chunks, freed slots, big objects, a mark; on the levels with
 * guards also canaries behind every object, a quarantine, and what resets left.
 */
import { type Address, type CheckLevel, Heap, type MemoryContext } from "@perfloc/typed";

export interface Victim {
  readonly heap: Heap;
  readonly contexts: readonly MemoryContext[];
  /** What was asked for at each address: the last time, where memory was reused. */
  readonly askedBytes: ReadonlyMap<Address, number>;
  /** None on the levels without guards. */
  readonly leftByResets: readonly LeftByReset[];
  readonly guards: Guards | undefined;
}

/** What a level with guards does to each of its objects. */
export interface Guards {
  /** No more bytes of an object are overwritten and looked at, and no more of its canary. */
  readonly lookedAtBytes: number;
  /** Whether contexts are looked at as a whole, and overwritten when they are reset. */
  readonly isDebug: boolean;
}

/** Memory that a reset left to its context, and that was not handed out again. */
export interface LeftByReset {
  readonly context: MemoryContext;
  readonly start: Address;
  readonly end: Address;
}

const SMALL = { maxChunkBytes: 8192 } as const;
const SLOT_BYTES = 72;
/** So little that there are freed slots of objects that left it, too. */
const QUARANTINE_BYTES = 4000;
/** On `sample`, see guard-ledger.ts of the package. */
const SAMPLED_BYTES = 128;
/** Little, so that there are few free pages to flip. */
const TOP_CHUNK_BYTES = 256 * 1024;
/** With the canary the size of a class, so that the next object begins right behind it. */
const RESET_BYTES = 56;
const STRIDE_BYTES = 64;

function guardsOf(check: CheckLevel): Guards | undefined {
  if (check === "debug") return { lookedAtBytes: Infinity, isDebug: true };
  return check === "sample" ? { lookedAtBytes: SAMPLED_BYTES, isDebug: false } : undefined;
}

export function makeVictim(check: CheckLevel): Victim {
  const heap = new Heap({
    check,
    sampleEvery: 1,
    quarantineBytes: QUARANTINE_BYTES,
    initialChunkBytes: TOP_CHUNK_BYTES,
  });
  const askedBytes = new Map<Address, number>();
  function alloc(context: MemoryContext, byteLength: number, alignment?: number): Address {
    const address = context.alloc(byteLength, alignment);
    askedBytes.set(address, byteLength);
    return address;
  }
  /** Frees every third object, so that there are lists of several slots and of one. */
  function fillAndFree(
    context: MemoryContext,
    count: number,
    lengthOf: (n: number) => number,
  ): void {
    const addresses = Array.from({ length: count }, (_, n) => alloc(context, lengthOf(n)));
    for (const [n, address] of addresses.entries()) if (n % 3 === 0) context.free(address);
  }
  const allocset = heap.open("allocset", SMALL);
  const slab = heap.open("slab", { kind: "slab", slotBytes: SLOT_BYTES, ...SMALL });
  const bump = heap.open("bump", { kind: "bump", ...SMALL });
  const big = heap.open("big");
  const marked = allocset.open("marked", SMALL);
  fillAndFree(allocset, 60, (n) => 8 + n * 5);
  fillAndFree(slab, 90, (n) => SLOT_BYTES - (n % 5) * 4);
  fillAndFree(marked, 30, (n) => 16 + n * 3);
  const older = [alloc(marked, 40), alloc(marked, 300), alloc(marked, 2000)];
  marked.checkpoint();
  for (const address of older) marked.free(address);
  fillAndFree(marked, 30, (n) => 16 + n * 3);
  for (let n = 0; n < 3; n++) alloc(allocset, 100, 64);
  for (let n = 0; n < 80; n++) alloc(bump, 200);
  alloc(big, 33_000, 64);
  alloc(big, 40_000);
  // Leaves a free record, and a parked page.
  const dropped = heap.open("dropped");
  alloc(dropped, 24);
  dropped.drop();
  const contexts = [allocset, slab, bump, big, marked];
  const guards = guardsOf(check);
  const leftByResets = guards === undefined ? [] : resetContexts(heap, alloc);
  heap.verify();
  return {
    heap,
    contexts: [...contexts, ...leftByResets.map(({ context }) => context)],
    askedBytes,
    leftByResets,
    guards,
  };
}

/** Contexts that were reset, and where some of the memory is in use again. */
function resetContexts(
  heap: Heap,
  alloc: (context: MemoryContext, byteLength: number) => Address,
): LeftByReset[] {
  const contexts = [heap.open("reset allocset"), heap.open("reset bump", { kind: "bump" })];
  return contexts.map((context) => {
    const before = Array.from({ length: 30 }, () => alloc(context, RESET_BYTES));
    context.reset();
    const since = Array.from({ length: 5 }, () => alloc(context, RESET_BYTES));
    return {
      context,
      start: since.at(-1)! + STRIDE_BYTES,
      end: before.at(-1)! + STRIDE_BYTES,
    };
  });
}
