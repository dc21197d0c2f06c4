/**
 * Replays a context trace through a heap: the work of `native/context-replay.c`, with contexts instead of lists of objects.
 *
 * Timed are the operations of the trace, the loop that reads them, the word (its id) that is written into every object when it
 * is allocated and when it moves, and the word that is read back after it moved. Every context is an allocset, whatever kind
 * the trace names: PostgreSQL's `generation` is not one of ours.
 */
import {
  type ContextTrace,
  OP_ALLOC,
  OP_CREATE,
  OP_DROP,
  OP_FREE,
  OP_REALLOC,
  OP_REPARENT,
  OP_RESET,
  RECORD_LENGTH,
} from "@perfloc-tooling/traces";
import { sumOfBulkDeaths } from "./bulk-deaths.js";
import { NO_WORDS } from "./no-words.js";
import type { Work } from "./passes.js";
import type { ReplayContext, ReplayHeap } from "./replay-heap.js";

const KEEP_CHILDREN = { children: "keep" } as const;

/*
 * Constants of this file's own. V8 compiles those into the loop, but loads imported ones anew in every step: 1 of 15 ns per
 * operation of the sqlite trace (Node 20).
 */
const ALLOC = OP_ALLOC;
const CREATE = OP_CREATE;
const DROP = OP_DROP;
const FREE = OP_FREE;
const REALLOC = OP_REALLOC;
const REPARENT = OP_REPARENT;
const RESET = OP_RESET;
const LENGTH = RECORD_LENGTH;

/** Of an object: the word that marks it takes four. */
const MIN_BYTES = 4;

/**
 * Call it once per process. The loop closes over what does not change, and V8 compiles those as constants as long as only one
 * such closure was ever made; as members of an object they are loaded anew in every step.
 *
 * @param addresses - by object id; written by the replay
 */
export function makeContextReplay(
  heap: ReplayHeap,
  trace: ContextTrace,
  addresses: Uint32Array = new Uint32Array(trace.objectCount),
): Work {
  const { arena } = heap;
  const { ops, contextNames } = trace;
  const contexts: (ReplayContext | undefined)[] = contextNames.map(() => undefined);
  const bulkDeaths = sumOfBulkDeaths(ops);

  function run(from = 0, to = ops.length, sumBefore = 0): number {
    let checksum = sumBefore + (from === 0 ? bulkDeaths : 0);
    // The top chunk of the last object, which most objects share. Found twice below and not in a function: the three variables
    // would have to leave the registers.
    let words = NO_WORDS;
    let base = 0;
    let byteLength = 0;
    for (let at = from; at < to; at += LENGTH) {
      const id = ops[at + 2]!;
      switch (ops[at]) {
        case ALLOC: {
          const bytes = ops[at + 3]!;
          const address = contexts[ops[at + 1]!]!.alloc(bytes < MIN_BYTES ? MIN_BYTES : bytes);
          addresses[id] = address;
          let offset = address - base;
          if (offset >>> 0 >= byteLength) {
            const chunk = arena.chunkAt(address);
            words = chunk.u32;
            base = chunk.base;
            byteLength = chunk.byteLength;
            offset = address - base;
          }
          words[offset >>> 2] = id;
          break;
        }
        case FREE:
          contexts[ops[at + 1]!]!.free(addresses[id]!);
          checksum += id;
          break;
        case REALLOC: {
          const bytes = ops[at + 3]!;
          const address = contexts[ops[at + 1]!]!.realloc(
            addresses[id]!,
            bytes < MIN_BYTES ? MIN_BYTES : bytes,
          );
          addresses[id] = address;
          let offset = address - base;
          if (offset >>> 0 >= byteLength) {
            const chunk = arena.chunkAt(address);
            words = chunk.u32;
            base = chunk.base;
            byteLength = chunk.byteLength;
            offset = address - base;
          }
          checksum += words[offset >>> 2]!;
          words[offset >>> 2] = id;
          break;
        }
        case CREATE: {
          const context = ops[at + 1]!;
          const name = contextNames[context]!;
          contexts[context] = id === 0 ? heap.open(name) : contexts[id]!.open(name);
          break;
        }
        case RESET:
          contexts[ops[at + 1]!]!.reset(KEEP_CHILDREN);
          break;
        case REPARENT:
          contexts[ops[at + 1]!]!.setParent(id === 0 ? heap : contexts[id]!);
          break;
        case DROP:
          contexts[ops[at + 1]!]!.drop();
          break;
        default: // The parser lets no other opcode into a context trace.
      }
    }
    return checksum;
  }

  /** The trace ends with contexts open. */
  function cleanUp(): void {
    for (const context of contexts) {
      if (context !== undefined && !context.isDropped) context.drop();
    }
    contexts.fill(undefined);
  }

  return { operations: trace.operationCount, runsPerPass: 1, steps: ops.length, run, cleanUp };
}
