/**
 * Buffers that grow by `realloc` in one allocset context: the work of `native/growth.c`. After each resize the first word of what
 * was appended before is read back.
 */
import type { Heap } from "@perfloc/context";
import {
  buffersPerPass,
  FIRST_BYTES,
  type GrowthKind,
  lengthsOf,
  resizesPerPass,
  WORDS_BETWEEN_WRITES,
} from "../growth-shape.js";
import { NO_WORDS } from "./no-words.js";
import type { Work } from "./passes.js";

/** Call it once per process, for the reason that `makeContextReplay` gives. */
export function makeGrowth(heap: Heap, kind: GrowthKind): Work {
  const { arena } = heap;
  const context = heap.open("growing buffers");
  const lengths = lengthsOf(kind);
  const bufferCount = buffersPerPass(kind);
  const stride = WORDS_BETWEEN_WRITES;

  function run(): number {
    let checksum = 0;
    // The top chunk of the buffer, as in `context-replay.ts`.
    let words = NO_WORDS;
    let base = 0;
    let byteLength = 0;
    for (let buffer = 0; buffer < bufferCount; buffer++) {
      let address = context.alloc(FIRST_BYTES);
      const firstChunk = arena.chunkAt(address);
      firstChunk.u32[(address - firstChunk.base) >>> 2] = buffer;
      // Where what was appended last begins and ends, in words from the beginning of the buffer.
      let from = 0;
      let end = FIRST_BYTES >>> 2;
      for (let index = 0; index < lengths.length; index++) {
        const length = lengths[index]!;
        address = context.realloc(address, length);
        let offset = address - base;
        if (offset >>> 0 >= byteLength) {
          const chunk = arena.chunkAt(address);
          words = chunk.u32;
          base = chunk.base;
          byteLength = chunk.byteLength;
          offset = address - base;
        }
        const first = offset >>> 2;
        checksum += words[first + from]!;
        from = end;
        end = length >>> 2;
        for (let word = from; word < end; word += stride) words[first + word] = buffer + word;
      }
      context.free(address);
    }
    return checksum;
  }

  return { operations: resizesPerPass(kind), runsPerPass: 1, run, cleanUp };
}

/** Nothing to do: every buffer is freed when it has its last length. */
function cleanUp(): void {}
