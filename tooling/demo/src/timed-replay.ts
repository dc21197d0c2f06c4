/**
 * Replays a trace through a heap as fast as it goes, for the clock. Timed is: every operation of the trace, the loop that
 * reads it, and one word written into every new object, because memory that nobody touches would flatter the figure.
 * Not timed: parsing, contents, samples, the drop of what the trace leaves open.
 */
import { Heap, type MemoryContext } from "@perfloc/context";
import {
  OP_ALLOC,
  OP_CREATE,
  OP_DROP,
  OP_FREE,
  OP_REALLOC,
  OP_REPARENT,
  OP_RESET,
  RECORD_LENGTH,
  type Trace,
} from "@perfloc-tooling/traces";

/** Rounds until the code is compiled; they are not counted. Fewer: the median still shows the interpreter. */
const WARM_UP_ROUNDS = 4;
/** Odd, so that the median is one of them. */
const TIMED_ROUNDS = 11;
/** No further round starts after this, for traces that are longer than the shipped ones. */
const BUDGET_MS = 4000;

/** Made once: a construction in the loop's function makes V8 throw its code away. */
const NO_WORDS: Uint32Array = new Uint32Array(0);

const KEEP_CHILDREN = { children: "keep" } as const;

/** Per operation. */
export interface ReplayTiming {
  readonly medianNs: number;
  readonly fastestNs: number;
  readonly rounds: number;
}

/** @param afterRound - awaited between two rounds, with the share that is done */
export async function timeReplay(
  trace: Trace,
  afterRound: (share: number) => Promise<void>,
): Promise<ReplayTiming> {
  using heap = new Heap();
  const replay = makeTimedReplay(heap, trace);
  const times: number[] = [];
  const deadline = performance.now() + BUDGET_MS;
  for (let round = 1 - WARM_UP_ROUNDS; round <= TIMED_ROUNDS; round++) {
    const ms = replay();
    if (round > 0) times.push(ms);
    // oxlint-disable-next-line no-await-in-loop -- one round after the other, or they would disturb each other
    await afterRound((round + WARM_UP_ROUNDS) / (TIMED_ROUNDS + WARM_UP_ROUNDS));
    if (times.length > 0 && performance.now() > deadline) break;
  }
  const sorted = times.toSorted((a, b) => a - b);
  const nsPerMs = 1e6 / Math.max(1, trace.operationCount);
  return {
    medianNs: sorted[sorted.length >> 1]! * nsPerMs,
    fastestNs: sorted[0]! * nsPerMs,
    rounds: sorted.length,
  };
}

/**
 * Makes the replay; its `run` answers the milliseconds for the whole trace. The loop closes over what does not change: V8
 * compiles those as constants, while members of an object are loaded anew in every step.
 */
function makeTimedReplay(heap: Heap, trace: Trace): () => number {
  const { arena } = heap;
  const { ops } = trace;
  const addresses = new Uint32Array(trace.objectCount);
  const contexts: MemoryContext[] = [];

  function replay(): void {
    // The top chunk of the last object, which most objects share.
    let words = NO_WORDS;
    let base = 0;
    let byteLength = 0;
    for (let at = 0; at < ops.length; at += RECORD_LENGTH) {
      const operand = ops[at + 2]!;
      switch (ops[at]) {
        case OP_ALLOC: {
          const address = contexts[ops[at + 1]!]!.alloc(ops[at + 3]!);
          addresses[operand] = address;
          let offset = address - base;
          if (offset >>> 0 >= byteLength) {
            const chunk = arena.chunkAt(address);
            words = chunk.u32;
            base = chunk.base;
            byteLength = chunk.byteLength;
            offset = address - base;
          }
          words[offset >>> 2] = operand;
          break;
        }
        case OP_FREE:
          contexts[ops[at + 1]!]!.free(addresses[operand]!);
          break;
        case OP_REALLOC:
          addresses[operand] = contexts[ops[at + 1]!]!.realloc(addresses[operand]!, ops[at + 3]!);
          break;
        case OP_CREATE:
          contexts[ops[at + 1]!] = contexts[operand]!.open("timed");
          break;
        case OP_RESET:
          contexts[ops[at + 1]!]!.reset(KEEP_CHILDREN);
          break;
        case OP_REPARENT:
          contexts[ops[at + 1]!]!.setParent(contexts[operand]!);
          break;
        case OP_DROP:
          contexts[ops[at + 1]!]!.drop();
          break;
        default: // OP_THREAD
      }
    }
  }

  return () => {
    // Also the root of a context trace: what the trace leaves open goes with it.
    using root = heap.open("timed replay");
    contexts[0] = root;
    const began = performance.now();
    replay();
    return performance.now() - began;
  };
}
