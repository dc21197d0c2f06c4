/**
 * Kind numbers that every context trace shares: the index into this list. A trace that uses other
 * kinds (PostgreSQL's `generation`) appends their names in its own `kindNames`.
 */
export const KNOWN_KINDS: readonly string[] = ["allocset", "bump", "slab"];

/**
 * The memory-context traffic of one program. Guaranteed by the parser: every operation names an
 * open context and a live object, no context id is declared twice, no reparenting makes a cycle.
 * Objects die with `OP_FREE`, or all together at the reset or drop of their context. What is open
 * and live at the end of the trace stays so: a replay that repeats itself must clean up.
 */
export interface ContextTrace {
  readonly kind: "contexts";
  /** The file's name without its extensions. */
  readonly name: string;
  /** Contexts are numbered from 1 to this; 0 is the root, the parent of the outermost contexts. */
  readonly contextCount: number;
  /** By context id; entry 0 is the empty string. */
  readonly contextNames: readonly string[];
  /** By context id: an index into `kindNames`. */
  readonly contextKinds: Uint8Array;
  /** Starts with {@link KNOWN_KINDS}. */
  readonly kindNames: readonly string[];
  /** Objects are numbered from 0 to below this. */
  readonly objectCount: number;
  readonly operationCount: number;
  /** The highest sum of the sizes asked for, over the objects alive at the same time. */
  readonly peakLiveBytes: number;
  /** Records of four integers, laid out as `opcode.ts` says. */
  readonly ops: Int32Array;
}

/**
 * The malloc, realloc and free calls of one program. Guaranteed by the parser: `OP_ALLOC` names an
 * object that is not live, `OP_REALLOC` and `OP_FREE` name one that is. Objects may be live at the
 * end of the trace.
 */
export interface MallocTrace {
  readonly kind: "malloc";
  /** The file's name without its extensions. */
  readonly name: string;
  /** Objects are numbered from 0 to below this. */
  readonly objectCount: number;
  /** Without the `OP_THREAD` records, which ask for no memory. */
  readonly operationCount: number;
  /** The highest sum of the sizes asked for, over the objects alive at the same time. */
  readonly peakLiveBytes: number;
  /** Records of four integers, laid out as `opcode.ts` says. */
  readonly ops: Int32Array;
}

export type Trace = ContextTrace | MallocTrace;
