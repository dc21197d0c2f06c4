/** A heap with one of everything that lies in memory: all kinds, chains of chunks, freed slots, big objects, a mark. */
import { type CheckLevel, Heap, type MemoryContext } from "@perfloc/typed";

export interface Victim {
  readonly heap: Heap;
  readonly contexts: readonly MemoryContext[];
}

const SMALL = { maxChunkBytes: 8192 } as const;

export function makeVictim(check: CheckLevel): Victim {
  const heap = new Heap({ check });
  const allocset = heap.open("allocset", SMALL);
  const slab = heap.open("slab", { kind: "slab", slotBytes: 72, ...SMALL });
  const bump = heap.open("bump", { kind: "bump", ...SMALL });
  const big = heap.open("big");
  const marked = allocset.open("marked", SMALL);
  fillAndFree(allocset, 60, (n) => 8 + n * 5);
  fillAndFree(slab, 90, () => 72);
  fillAndFree(marked, 30, (n) => 16 + n * 3);
  marked.checkpoint();
  fillAndFree(marked, 30, (n) => 16 + n * 3);
  for (let n = 0; n < 20; n++) bump.alloc(200);
  big.alloc(33_000, 64);
  heap.verify();
  return { heap, contexts: [allocset, slab, bump, big, marked] };
}

/** Frees every third object, so that there are lists of several slots and of one. */
function fillAndFree(context: MemoryContext, count: number, lengthOf: (n: number) => number): void {
  const addresses = Array.from({ length: count }, (_, n) => context.alloc(lengthOf(n)));
  for (const [n, address] of addresses.entries()) if (n % 3 === 0) context.free(address);
}
