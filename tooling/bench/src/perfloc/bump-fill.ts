/**
 * Fills a bump context with small objects and resets it: the work of the pool in `native/bump-apr.c`. The first word (its
 * index) is written into every object.
 */
import type { Heap } from "@perfloc/context";
import { NO_WORDS } from "./no-words.js";
import type { Work } from "./passes.js";

export const OBJECT_BYTES = 24;

/**
 * Objects per pass at least. A single fill of 1,000 takes about a microsecond, and reading the clock a tenth of that here (in
 * C a fiftieth), so that a pass fills several times.
 */
export const MIN_OBJECTS_PER_PASS = 100_000;

/**
 * Call it once per process, for the reason that `makeContextReplay` gives.
 *
 * The program in C makes no checksum. Here it is the sum of the words of one fill, made and read back before the first pass:
 * reading them in the passes would be work that C does not do.
 */
export function makeBumpFill(heap: Heap, objectCount: number): Work {
  const { arena } = heap;
  const context = heap.open("bump fill", { kind: "bump" });
  const checksum = readBackOneFill(heap, objectCount);

  function run(): number {
    // The top chunk of the last object, as in `context-replay.ts`.
    let words = NO_WORDS;
    let base = 0;
    let byteLength = 0;
    for (let index = 0; index < objectCount; index++) {
      const address = context.alloc(OBJECT_BYTES);
      let offset = address - base;
      if (offset >>> 0 >= byteLength) {
        const chunk = arena.chunkAt(address);
        words = chunk.u32;
        base = chunk.base;
        byteLength = chunk.byteLength;
        offset = address - base;
      }
      words[offset >>> 2] = index;
    }
    context.reset();
    return checksum;
  }

  const runsPerPass = Math.ceil(MIN_OBJECTS_PER_PASS / objectCount);
  return { operations: objectCount, runsPerPass, run, cleanUp };
}

function readBackOneFill(heap: Heap, objectCount: number): number {
  using context = heap.open("read back", { kind: "bump" });
  const addresses = Array.from({ length: objectCount }, () => context.alloc(OBJECT_BYTES));
  for (const [index, address] of addresses.entries()) {
    const chunk = heap.arena.chunkAt(address);
    chunk.u32[(address - chunk.base) >>> 2] = index;
  }
  let sum = 0;
  for (const address of addresses) {
    const chunk = heap.arena.chunkAt(address);
    sum += chunk.u32[(address - chunk.base) >>> 2]!;
  }
  return sum;
}

/** Nothing to do: every fill ends with its reset. */
function cleanUp(): void {}
