/** Heaps in the states that trims are tested in, and programs that lead there. */
import { Heap, type HeapOptions, type MemoryContext } from "@perfloc/trim";
import * as fc from "fast-check";

/** Small chunks, so that a few kilobytes already make several. */
export const smallChunks = { initialChunkBytes: 8192, maxChunkBytes: 65_536 };

/** A heap with chunks of 8, 16, 32 and 64 KiB, of which only the first is in use. */
export function heapAfterPeak(options: HeapOptions = smallChunks): {
  heap: Heap;
  kept: MemoryContext;
} {
  const heap = new Heap(options);
  const kept = heap.open("kept");
  kept.alloc(16);
  const peak = heap.open("peak", { kind: "bump", maxChunkBytes: 8192 });
  for (let count = 0; count < 90; count++) peak.alloc(1024);
  peak.drop();
  return { heap, kept };
}

/** One step of a random program: open a context that allocates so many bytes, or drop one. */
export type Step = { readonly openBytes: number } | { readonly dropIndex: number };

export const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({ openBytes: fc.integer({ min: 1, max: 150_000 }) }),
    fc.record({ dropIndex: fc.nat({ max: 20 }) }),
  ),
  { maxLength: 30 },
);

/** Runs a program; answers the contexts that live, each with one object filled with its own byte. */
export function run(heap: Heap, program: readonly Step[]): LiveObject[] {
  const live: LiveObject[] = [];
  for (const [position, step] of program.entries()) {
    if ("openBytes" in step) {
      const context = heap.open(`c${position}`);
      const address = context.alloc(step.openBytes);
      context.bytes(address, step.openBytes).fill(position + 1);
      live.push({ context, address, byteLength: step.openBytes, fill: position + 1 });
    } else if (live.length > 0) {
      const [dropped] = live.splice(step.dropIndex % live.length, 1);
      dropped?.context.drop();
    }
  }
  return live;
}

export interface LiveObject {
  readonly context: MemoryContext;
  readonly address: number;
  readonly byteLength: number;
  readonly fill: number;
}
