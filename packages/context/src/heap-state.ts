/** What all contexts of one heap share. The heap owns it; contexts reach the arena and their siblings' counters through it. */
import type { Address, Arena } from "@perfloc/arena";
import type { GuardLedger } from "./checks/guard-ledger.js";
import { type Tenancy, tenancyAt } from "./checks/tenancy.js";
import type { ContextOptions } from "./context-options.js";
import type { ContextParent } from "./context-tree.js";
import type { FreeLists } from "./free-lists.js";
import type { EventHub } from "./heap-events.js";
import type { MemoryContext } from "./memory-context.js";
import type { ProcessChunk } from "./process-chunk.js";

/**
 * How much a heap checks.
 *
 * - `off`: frees of small objects are not checked; only for programs that were tested with checks on
 * - `check`: every free is checked, always with the same outcome for the same mistake
 * - `debug`: as `check`, and every object has a canary, is overwritten when it is fresh and when it is freed, waits in a quarantine
 *   before its memory serves again, and remembers where it was allocated and freed; contexts are verified before they end
 * - `sample`: as `check`, and all that for one object in many: it can stay on in production
 * @public
 */
export type CheckLevel = "check" | "off" | "debug" | "sample";

export class HeapState implements ContextParent {
  readonly arena: Arena;
  readonly check: CheckLevel;
  /** What is known of guarded objects; `undefined` on the levels that have none. */
  readonly guards: GuardLedger | undefined;
  /** The arena's page table, as the contexts read it. Owners that are no process chunks have no `freesFor`. */
  readonly pages: readonly (ProcessChunk | undefined)[];
  /** Makes and links a context. The heap injects it, so that contexts need not know the kinds. */
  readonly openContext: (
    state: HeapState,
    parent: MemoryContext | undefined,
    name: string,
    options: ContextOptions,
  ) => MemoryContext;
  firstChild: MemoryContext | undefined = undefined;
  isDisposed = false;
  /** Ids go into chunk headers, where 0 would mean nobody. */
  lastContextId = 0;
  contextsOpened = 0;
  contextsDropped = 0;
  /** Process chunks that were made because an object did not fit. */
  forwards = 0;
  resets = 0;
  /** Free lists of dropped contexts, all empty. */
  readonly spareLists: FreeLists[] = [];
  /** Whether tryAlloc is running, which needs no report of who holds the memory when it runs out. */
  isTrying = false;
  /** Who listens to events; `undefined` while nobody does. */
  events: EventHub | undefined = undefined;
  /**
   * Registered reset callbacks in the whole heap, plus one for each run of them, plus one while somebody listens, plus one on the level
   * `debug`, which looks at what ends: while 0, reset and drop look for none.
   */
  callbackCount: number;
  /** The contexts whose reset or drop is running callbacks now. */
  readonly goingAway: MemoryContext[] = [];

  constructor(
    arena: Arena,
    check: CheckLevel,
    guards: GuardLedger | undefined,
    openContext: HeapState["openContext"],
  ) {
    this.arena = arena;
    this.check = check;
    this.guards = guards;
    this.callbackCount = guards?.isDebug === true ? 1 : 0;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see the field: others fail the freesFor test
    this.pages = arena.pageOwners as readonly (ProcessChunk | undefined)[];
    this.openContext = openContext;
  }

  /** Whether typed views test at each access that what they look at is still there. */
  get checksAccess(): boolean {
    return this.check === "debug";
  }

  /** Who has an address now; `undefined` where no context has memory. */
  tenancyAt(address: Address): Tenancy | undefined {
    return tenancyAt(this, address);
  }
}
