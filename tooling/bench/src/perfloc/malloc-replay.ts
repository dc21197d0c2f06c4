/**
 * Replays a malloc trace in one allocset context: the work of `native/malloc-replay.c`.
 *
 * Timed are the operations of the trace, the loop that reads them, the first and the last word (its id) that are written into
 * every object when it is allocated and when it is resized, and the first word that is read back after a resize.
 */
import type { Heap } from "@perfloc/context";
import {
  type MallocTrace,
  OP_ALLOC,
  OP_FREE,
  OP_REALLOC,
  RECORD_LENGTH,
} from "@perfloc-tooling/traces";
import { sumOfBulkDeaths } from "./bulk-deaths.js";
import { NO_WORDS } from "./no-words.js";
import type { Work } from "./passes.js";

/*
 * Constants of this file's own. V8 compiles those into the loop, but loads imported ones anew in every step: 1 of 15 ns per
 * operation of the sqlite trace (Node 20).
 */
const ALLOC = OP_ALLOC;
const FREE = OP_FREE;
const REALLOC = OP_REALLOC;
const LENGTH = RECORD_LENGTH;

/** Of an object: the word that marks it takes four. */
const MIN_BYTES = 4;

/** Call it once per process, for the reason that `makeContextReplay` gives. */
export function makeMallocReplay(heap: Heap, trace: MallocTrace): Work {
  const { arena } = heap;
  const { ops } = trace;
  const context = heap.open(trace.name);
  const addresses = new Uint32Array(trace.objectCount);
  const leftovers = findLeftovers(trace);
  const bulkDeaths = sumOfBulkDeaths(trace);

  function run(): number {
    let checksum = bulkDeaths;
    // The top chunk of the last object; found twice below, as in `context-replay.ts`.
    let words = NO_WORDS;
    let base = 0;
    let byteLength = 0;
    for (let at = 0; at < ops.length; at += LENGTH) {
      const id = ops[at + 2]!;
      switch (ops[at]) {
        case ALLOC: {
          const wanted = ops[at + 3]!;
          const bytes = wanted < MIN_BYTES ? MIN_BYTES : wanted;
          const address = context.alloc(bytes);
          addresses[id] = address;
          let offset = address - base;
          if (offset >>> 0 >= byteLength) {
            const chunk = arena.chunkAt(address);
            words = chunk.u32;
            base = chunk.base;
            byteLength = chunk.byteLength;
            offset = address - base;
          }
          const first = offset >>> 2;
          words[first] = id;
          words[first + (bytes >>> 2) - 1] = id;
          break;
        }
        case FREE:
          context.free(addresses[id]!);
          checksum += id;
          break;
        case REALLOC: {
          const wanted = ops[at + 3]!;
          const bytes = wanted < MIN_BYTES ? MIN_BYTES : wanted;
          const address = context.realloc(addresses[id]!, bytes);
          addresses[id] = address;
          let offset = address - base;
          if (offset >>> 0 >= byteLength) {
            const chunk = arena.chunkAt(address);
            words = chunk.u32;
            base = chunk.base;
            byteLength = chunk.byteLength;
            offset = address - base;
          }
          const first = offset >>> 2;
          checksum += words[first]!;
          words[first] = id;
          words[first + (bytes >>> 2) - 1] = id;
          break;
        }
        default: // OP_THREAD: the program in C has one thread too.
      }
    }
    return checksum;
  }

  /** Object by object, so that the context keeps its memory from pass to pass, as malloc does. */
  function cleanUp(): void {
    for (const id of leftovers) context.free(addresses[id]!);
  }

  return { operations: trace.operationCount, runsPerPass: 1, run, cleanUp };
}

/** The objects that the trace leaves alive. */
function findLeftovers({ ops }: MallocTrace): ReadonlySet<number> {
  const live = new Set<number>();
  for (let at = 0; at < ops.length; at += RECORD_LENGTH) {
    if (ops[at] === OP_ALLOC) live.add(ops[at + 2]!);
    else if (ops[at] === OP_FREE) live.delete(ops[at + 2]!);
  }
  return live;
}
