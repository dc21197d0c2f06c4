/**
 * Replays a malloc trace in one allocset context: the work of `native/malloc-replay.c`.
 *
 * Timed are the operations of the trace, the loop that reads them, the first and the last word (its id) that are written into
 * every object when it is allocated and when it is resized, and the first word that is read back after a resize.
 */
import {
  type MallocTrace,
  OP_ALLOC,
  OP_FREE,
  OP_REALLOC,
  OP_THREAD,
  RECORD_LENGTH,
} from "@perfloc-tooling/traces";
import { sumOfBulkDeaths } from "./bulk-deaths.js";
import type { Work } from "./passes.js";
import type { ReplayHeap } from "./replay-heap.js";
import { replayUntimed } from "./replay-untimed.js";

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

/** What a replay needs of a malloc trace. */
export type MallocCalls = Pick<MallocTrace, "kind" | "name" | "objectCount" | "ops">;

/**
 * Call it once per process, for the reason that `makeContextReplay` gives.
 *
 * @param timedFrom - the record with which a pass begins. What stands before it is done here, once; the rest must be able to
 *   follow itself
 * @param addresses - by object id; written by the replay
 */
export function makeMallocReplay(
  heap: ReplayHeap,
  calls: MallocCalls,
  timedFrom = 0,
  addresses: Uint32Array = new Uint32Array(calls.objectCount),
): Work {
  const { arena } = heap;
  const context = heap.open(calls.name);
  replayUntimed(heap, context, calls.ops.subarray(0, timedFrom * LENGTH), addresses);
  const ops = calls.ops.subarray(timedFrom * LENGTH);
  const leftovers = findLeftovers(ops, calls.objectCount);
  const bulkDeaths = sumOfBulkDeaths(ops);

  function run(from = 0, to = ops.length, sumBefore = 0): number {
    let checksum = sumBefore + (from === 0 ? bulkDeaths : 0);
    for (let at = from; at < to; at += LENGTH) {
      const id = ops[at + 2]!;
      switch (ops[at]) {
        case ALLOC: {
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
        case FREE:
          context.free(addresses[id]!);
          checksum += id;
          break;
        case REALLOC: {
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

  return { operations: countOperations(ops), runsPerPass: 1, steps: ops.length, run, cleanUp };
}

/** The objects that are live at the end, and were not at the beginning. */
function findLeftovers(ops: Int32Array, objectCount: number): number[] {
  const births = new Int32Array(objectCount);
  for (let at = 0; at < ops.length; at += LENGTH) {
    if (ops[at] === ALLOC) births[ops[at + 2]!]!++;
    else if (ops[at] === FREE) births[ops[at + 2]!]!--;
  }
  return [...births.keys()].filter((id) => births[id]! > 0);
}

/** Thread switches are none. */
function countOperations(ops: Int32Array): number {
  let count = 0;
  for (let at = 0; at < ops.length; at += LENGTH) {
    if (ops[at] !== OP_THREAD) count++;
  }
  return count;
}
