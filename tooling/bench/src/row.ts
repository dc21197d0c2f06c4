/** A row of the table: one workload, done by Perfloc and by its peers, each in processes of its own. */
import type { Workshop } from "./workshop.js";

export interface Row {
  /** As `--only` takes it. */
  readonly name: string;
  /** One line for people: what is done, and what counts as one operation. */
  readonly summary: string;
  /** For processes that take many seconds: fewer rounds than the other rows. */
  readonly maxRounds?: number;
  /** Whether Perfloc is measured once more in processes where an ArrayBuffer was detached. */
  readonly isAlsoDetached?: boolean;
  /** Makes what the processes need, and says how they are started. Runs once, before the rounds. */
  prepare(workshop: Workshop): Contest;
}

interface Contest {
  readonly perfloc: Script;
  /** Empty when none could be built on this machine. */
  readonly peers: readonly (Side | ScriptPeer)[];
}

/** A JavaScript program, to be run by every Node release that is asked for. */
export interface Script {
  readonly path: string;
  readonly args: readonly string[];
}

/** A competitor in JavaScript. Every Node release runs it, and it is compared with Perfloc on the same release. */
export interface ScriptPeer extends Script {
  readonly label: string;
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
