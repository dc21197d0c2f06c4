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
import type { Work } from "./passes.js";

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
    for (let at = 0; at < ops.length; at += RECORD_LENGTH) {
      const id = ops[at + 2]!;
      switch (ops[at]) {
        case OP_ALLOC: {
          const wanted = ops[at + 3]!;
          const bytes = wanted < MIN_BYTES ? MIN_BYTES : wanted;
          const address = context.alloc(bytes);
          addresses[id] = address;
          const chunk = arena.chunkAt(address);
          const words = chunk.u32;
          const first = (address - chunk.base) >>> 2;
          words[first] = id;
          words[first + (bytes >>> 2) - 1] = id;
          break;
        }
        case OP_FREE:
          context.free(addresses[id]!);
          checksum += id;
          break;
        case OP_REALLOC: {
          const wanted = ops[at + 3]!;
          const bytes = wanted < MIN_BYTES ? MIN_BYTES : wanted;
          const address = context.realloc(addresses[id]!, bytes);
          addresses[id] = address;
          const chunk = arena.chunkAt(address);
          const words = chunk.u32;
          const first = (address - chunk.base) >>> 2;
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
