/**
 * Replays a trace through a heap as fast as it goes, for the clock. Timed is: every operation of the trace, the loop that
 * reads it, and one word written into every new object, because memory that nobody touches would flatter the figure.
 * Not timed: parsing, contents, samples, the drop of what the trace leaves open.
 */
import { Heap, type MemoryContext, type TopChunk } from "@perfloc/context";
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
  const replay = new TimedReplay(heap, trace);
  const times: number[] = [];
  const deadline = performance.now() + BUDGET_MS;
  for (let round = 1 - WARM_UP_ROUNDS; round <= TIMED_ROUNDS; round++) {
    const ms = replay.run();
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

class TimedReplay {
  readonly #heap: Heap;
  readonly #trace: Trace;
  readonly #addresses: Float64Array;
  readonly #contexts: MemoryContext[] = [];

  constructor(heap: Heap, trace: Trace) {
    this.#heap = heap;
    this.#trace = trace;
    this.#addresses = new Float64Array(trace.objectCount);
  }

  /** Milliseconds for the whole trace. */
  run(): number {
    // Also the root of a context trace: what the trace leaves open goes with it.
    using root = this.#heap.open("timed replay");
    this.#contexts[0] = root;
    const began = performance.now();
    this.#replay();
    return performance.now() - began;
  }

  #replay(): void {
    const { arena } = this.#heap;
    const { ops } = this.#trace;
    const contexts = this.#contexts;
    const addresses = this.#addresses;
    let chunk: TopChunk | undefined;
    for (let at = 0; at < ops.length; at += RECORD_LENGTH) {
      const context = ops[at + 1]!;
      const operand = ops[at + 2]!;
      switch (ops[at]) {
        case OP_ALLOC: {
          const address = contexts[context]!.alloc(ops[at + 3]!);
          addresses[operand] = address;
          if (chunk === undefined || (address - chunk.base) >>> 0 >= chunk.byteLength) {
            chunk = arena.chunkAt(address);
          }
          chunk.u32[(address - chunk.base) >>> 2] = operand;
          break;
        }
        case OP_FREE:
          contexts[context]!.free(addresses[operand]!);
          break;
        case OP_REALLOC:
          addresses[operand] = contexts[context]!.realloc(addresses[operand]!, ops[at + 3]!);
          break;
        case OP_CREATE:
          contexts[context] = contexts[operand]!.open("timed");
          break;
        case OP_RESET:
          contexts[context]!.reset(KEEP_CHILDREN);
          break;
        case OP_REPARENT:
          contexts[context]!.setParent(contexts[operand]!);
          break;
        case OP_DROP:
          contexts[context]!.drop();
          break;
        default: // OP_THREAD
      }
    }
  }
}
