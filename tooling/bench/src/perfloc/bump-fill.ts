/**
 * Fills a bump context with small objects and resets it: the work of the pool in `native/bump-apr.c`. The first word (its
 * index) is written into every object.
 */
import type { Heap } from "@perfloc/context";
import { BUMP_OBJECT_BYTES, runsPerBumpPass } from "../bump-shape.js";
import { NO_WORDS } from "./no-words.js";
import type { Work } from "./passes.js";

/** The module's own copy: V8 folds it into the loop, while an imported binding is a load from memory each time. */
const OBJECT_BYTES = BUMP_OBJECT_BYTES;

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

  return { operations: objectCount, runsPerPass: runsPerBumpPass(objectCount), run, cleanUp };
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
