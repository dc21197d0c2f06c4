/** A row of the table: one workload, done by Perfloc and by its peers, each in processes of its own. */
import type { Workshop } from "./workshop.js";

export interface Row {
  /** As `--only` takes it. */
  readonly name: string;
  /** One line for people: what is done, and what counts as one operation. */
  readonly summary: string;
  /** What the row helps to decide: rows of one question are in one table of the document. */
  readonly question: Question;
  /** The largest allowed ratio of Perfloc's time to its first peer's. */
  readonly bound?: number;
  /** For processes that take many seconds: fewer rounds than the other rows. */
  readonly maxRounds?: number;
  /** Whether Perfloc is measured once more in processes where an ArrayBuffer was detached. */
  readonly isAlsoDetached?: boolean;
  /** Makes what the processes need, and says how they are started. Runs once, before the rounds. */
  prepare(workshop: Workshop): Contest;
}

export type Question =
  | "traces"
  | "levels"
  | "churn"
  | "scopes"
  | "growth"
  | "structs"
  | "collections"
  | "programs"
  | "pauses";

export interface Contest {
  readonly perfloc: Script;
  /** Empty when none could be built on this machine. */
  readonly peers: readonly (Side | ScriptPeer)[];
  /** For rows whose loop takes a good part of the time. */
  readonly loop?: LoopSides;
  /** For rows that replay a whole program. */
  readonly memory?: MemorySides;
}

/** The loop of the row over a stub allocator, which returns recorded addresses. */
interface LoopSides {
  readonly perfloc: Script;
  /** That of the programs in C; undefined where it could not be built. */
  readonly native: Side | undefined;
}

/** How the memory of the row's work is measured. */
interface MemorySides {
  /** Prints a `PeakMemory`. */
  readonly perfloc: Script;
  /** Undefined where it could not be built. */
  readonly glibc:
    | {
        /** Reports `heldBytes` and `peakRssBytes`. */
        readonly replay: Side;
        /** The same without an object, whose `peakRssBytes` is that of the program itself. */
        readonly withoutObjects: Side;
      }
    | undefined;
}

/** A JavaScript program, to be run by every runtime that is asked for. */
export interface Script {
  readonly path: string;
  readonly args: readonly string[];
}

/** A competitor in JavaScript. Every runtime runs it, and it is compared with Perfloc on the same one. */
export interface ScriptPeer extends Script {
  readonly label: string;
  /** For peers that take long and tell little about an engine: the other runtimes leave them out. */
  readonly isOnFirstRuntimeOnly?: boolean;
}

/** How one competitor is run. Its process prints a {@link ProcessReport}. */
export interface Side {
  /** As the table names it; unique within its row. */
  readonly label: string;
  readonly command: string;
  readonly args: readonly string[];
  /** For programs that time several things at once: the member of the output that holds this one's passes. */
  readonly passesUnder?: string;
}

/** A row could not be measured; the others may. */
export class RowError extends Error {
  override readonly name = "RowError";
}
