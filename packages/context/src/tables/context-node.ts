/**
 * What a context and a heap are made of: fields, and ports to what is built on them. Every layer of this package imports this file; it
 * imports none of them but tables and types of plain data, so imports form no cycle.
 *
 *   ContextNode ◄── MemoryContext (facade) ◄── BumpContext
 *                                          ◄── SlotContext ◄── AllocsetContext, SlabContext
 *   HeapState   ◄── owned by Heap (facade); shared by all contexts of a heap
 */
import type { Address, Arena, PerflocError } from "@perfloc/arena";
import type { Planes, SpanAllocator } from "@perfloc/arena/internal";
import type { ContextFigures } from "../report/context-figures.js";
import {
  type ContextOptions,
  type ResolvedContextOptions,
  ResolvedOptionsCache,
} from "../context-options.js";
import type { ContextMark } from "../scopes/context-mark.js";
import type { Lifetime } from "../scopes/lifetime.js";
import { NO_TAG } from "../slots/cells.js";
import { type ContextTable, contextTableOf } from "./context-table.js";

/**
 * How much a heap checks.
 *
 * - `off`: the checks of the layers above (ranges of typed values) are left out; only for programs that were tested with checks on
 * - `check`: every free is checked, always with the same outcome for the same mistake
 * - `debug`: as `check`, and every object has a canary, is overwritten when it is fresh and when it is freed, waits in a quarantine
 *   before its memory is used again, and remembers where it was allocated and freed; contexts are verified before they end
 * - `sample`: as `check`, and all that for one object in many: it can stay on in production
 * @public
 */
export type CheckLevel = "check" | "off" | "debug" | "sample";

/** An object whose end is noticed: see scopes/watched-objects.ts. */
export interface WatchedObject {
  /** Its own. It joins no other: `isOver` is asked on hot paths, and a step to another object more than doubles what an access takes. */
  readonly lifetime: Lifetime;
  /** That of everything that was allocated at its time. */
  readonly epoch: Lifetime;
  /** No other object of the arena has it: 1 to 2^32 - 1. */
  readonly identity: number;
}

/** One registration of a reset callback; it is its own identity, so that the same function can be registered twice. */
export interface ResetCallback {
  readonly run: () => void;
}

/** Whose callbacks run, or whose end is looked at: those of the context, of everything below it, or both. */
export type EndScope = "self" | "children" | "subtree";

/** What has children: a context, or the heap. */
export interface ContextParent {
  firstChild: ContextNode | undefined;
}

/** A limit on what a context and its subtree may hold in process chunks. Limits nest. */
export interface MemoryLimit {
  readonly context: ContextNode;
  /** The limit around this one. */
  outer: MemoryLimit | undefined;
  maxBytes: number;
  usedBytes: number;
}

/** The port to the listeners of a heap: see events/. */
export interface EventPort {
  emit(name: string, event: object): void;
  /** The heap was disposed; its arena may outlive it. */
  readonly stopWatching: () => void;
}

/** The port to what a heap with guarded objects keeps: see guards/. */
export interface LedgerPort {
  readonly isDebug: boolean;
  /** How much more than the program asked for is asked for its guard, while an object is allocated: errors leave it out. */
  readonly guardBytes: number;
  /** Findings of calls that are not over yet. */
  readonly pendingCount: number;
  /** Keeps what a call throws for the report. */
  keep(finding: PerflocError): void;
  /** Empties the quarantine, before memory runs out for any object; false when it was empty. @throws what was found */
  emptyQuarantine(): boolean;
  /** Tells what was noted since there were `start` findings, and throws the first of it. */
  throwSince(start: number): void;
  /** Tells what was noted since there were `start` findings, in a call that throws something else. */
  tellSince(start: number): void;
  /** What has an address now; `undefined` where no context has memory. */
  identityAt(state: HeapState, address: Address): ObjectIdentityPort | undefined;
}

/** The port to an object that was at an address when it was asked for. */
export interface ObjectIdentityPort {
  /** Bytes that were asked for; -1 within an object. */
  readonly byteLength: number;
  /** What the layer above says that it is. */
  kind: unknown;
  /** @throws UseAfterDropError, UseAfterFreeError when it is there no more; `what` names it, with its article */
  check(what: string): void;
}

/** The port to the guarded objects of one context: see guards/. All calls are cold. */
export interface GuardsPort {
  free(address: Address): void;
  realloc(address: Address, byteLength: number, alignment: number): Address;
  /** Before a `realloc` that may be refused. @throws DoubleFreeError for a guarded object that was freed */
  checkReallocated(address: Address): void;
  /** What was asked for; -1 for an object without guards. */
  sizeOf(address: Address): number;
  /** @throws UseAfterFreeError, InvalidAddressError */
  checkRange(address: Address, byteLength: number): void;
  /** Whether the object at an address must have a guarded cell: a deferred one has that of a freed one, until a commit frees it again. */
  guardsObjectAt(address: Address): boolean;
  /** Before the end of what is in `scope`, when its callbacks have run. */
  beforeEnd(scope: EndScope): void;
  /** Notes what is damaged in the context alone. */
  noteDamage(): void;
  checkpoint(make: () => ContextMark): ContextMark;
  rollback(position: number, goBack: () => void): void;
  commit(position: number, forget: () => void): void;
  figures(figures: ContextFigures): ContextFigures;
  verify(): void;
  /** A process chunk, cut up to `highWater`, goes back to the arena. */
  abandonChunk(base: Address, highWater: Address): void;
  /** All objects end; `keeper` is what is left of the chain, cut up to `highWater`; 0 for none. */
  reset(keeper: Address, highWater: Address): void;
  /** The context is dropped. */
  drop(): void;
}

/** The fields of a context. */
export abstract class ContextNode {
  /** Next free byte of the current process chunk. @internal */
  declare cursor: Address;
  /** End of the current process chunk. @internal */
  declare limitAddress: Address;
  /** One bit for each of the smaller size classes: whether it has freed slots. Always 0 in a bump context. @internal */
  declare freeMask: number;
  /** Of the cells of its objects; NO_TAG while it has no memory. @internal */
  declare tag: number;
  /** @internal */
  declare readonly planes: Planes;
  /** @internal */
  declare readonly table: ContextTable;
  /** The heads of its free lists: a view of its record. @internal */
  declare heads: Int32Array;
  /** The same as `freeMask` for the larger classes. @internal */
  declare largerMask: number;
  /** Id with the arena; 0 while it has no memory. @internal */
  declare id: number;
  /** The newest process chunk of its chain; 0 for none. @internal */
  declare newestChunk: Address;
  /** The first one that is not dedicated to one object: it stays at a reset. @internal */
  declare keeper: Address;
  /** The one that [cursor, limitAddress) lies in. @internal */
  declare currentChunk: Address;
  /** Bytes in its process chunks. @internal */
  declare usedBytes: number;
  /** The name that it was opened with. */
  declare readonly name: string;
  /** @internal */
  declare readonly options: ResolvedContextOptions;
  /** @internal */
  declare readonly state: HeapState;
  /** The nearest limit that counts for it: its own or an inherited one. @internal */
  declare limit: MemoryLimit | undefined;
  /** @internal */
  declare parentNode: ContextNode | undefined;
  /** @internal */
  declare firstChild: ContextNode | undefined;
  /** @internal */
  declare nextSibling: ContextNode | undefined;
  /** @internal */
  declare previousSibling: ContextNode | undefined;
  /** What few contexts ever have. @internal */
  declare extras: ContextExtras;
  /** @internal */
  declare guards: GuardsPort | undefined;
  /** Whether it was dropped. A dropped context refuses every call except a second `[Symbol.dispose]`. */
  declare isDropped: boolean;

  /**
   * The fields of the hot paths come first, so that they share a cache line or two: programs have many contexts open, and what an allocation
   * costs is mostly the lines that it touches. NewAllocset does the same. @internal
   */
  constructor(
    state: HeapState,
    parent: ContextNode | undefined,
    name: string,
    options: ResolvedContextOptions,
  ) {
    this.cursor = 0;
    this.limitAddress = 0;
    this.freeMask = 0;
    this.tag = UNTAGGED;
    this.planes = state.planes;
    this.table = state.table;
    this.heads = NO_HEADS;
    this.largerMask = 0;
    this.id = 0;
    this.newestChunk = 0;
    this.keeper = 0;
    this.currentChunk = 0;
    this.usedBytes = 0;
    this.name = name;
    this.options = options;
    this.state = state;
    this.limit = parent === undefined ? undefined : parent.limit;
    this.parentNode = parent;
    this.firstChild = undefined;
    this.nextSibling = undefined;
    this.previousSibling = undefined;
    this.extras = WITHOUT_EXTRAS;
    this.guards = undefined;
    this.isDropped = false;
  }

  /** Live checkpoints, oldest first. @internal */
  get marks(): readonly ContextMark[] {
    return this.extras.marks;
  }

  /** Flags of the owner words of its process chunks. @internal */
  abstract get ownerFlags(): number;

  /** Figures of this context alone. @internal */
  abstract figures(): ContextFigures;

  /** Checks every record of this context's objects. @internal */
  abstract verifyObjects(): void;

  /** Forgets all objects: the chain has only its keeper left, or nothing. @internal */
  abstract forgetObjects(): void;

  /** Gives its process chunks without a live object back to the arena. Returns how many bytes these were. @internal */
  abstract releaseEmpty(): number;

  /** A checkpoint of this moment. @throws LimitExceededError @internal */
  abstract makeMark(): ContextMark;

  /** Goes back to `mark`; `undone` are that mark and all younger ones, oldest first, and off the list. @internal */
  abstract restoreMark(mark: ContextMark, undone: readonly ContextMark[]): void;

  /** Goes on without `mark`, which was the newest and is off the list. @internal */
  abstract forgetMark(mark: ContextMark): void;

  /**
   * How many checkpoints are older than the object at an address; -1 where no object begins that lives. A bump context, which does not know
   * where its objects begin, takes every address that it has cut. @internal
   */
  abstract depthOf(address: Address): number;

  /** Gives the object that begins at an address a lifetime and an identity of its own: see scopes/watched-objects.ts. @internal */
  abstract watch(address: Address): WatchedObject | undefined;

  /** Keeps a watched object off the hot path of free, or no longer. Nothing where there is no free. @internal */
  abstract setWatched(address: Address, isWatched: boolean): void;

  /** @throws UseAfterDropError when the context was dropped @internal */
  abstract checkAlive(act: string): void;

  /** Tells those who listen of a mistake, before it is thrown; a heap with guards has it in its report, too. @internal */
  abstract misused<Mistake extends PerflocError>(mistake: Mistake): Mistake;
}

/** Of contexts that watch no object. Never written. */
const NONE_WATCHED: Map<Address, WatchedObject> = new Map<Address, WatchedObject>();

/** Of a context: callbacks, checkpoints, lifetimes, freed big objects. */
export class ContextExtras {
  readonly callbacks: ResetCallback[] = [];
  /** Live checkpoints, oldest first. */
  marks: ContextMark[] = [];
  readonly lifetimes: (Lifetime | undefined)[] = [];
  /** Addresses of big objects that were freed: a free of one of them is a double free. */
  readonly freedBig: Set<Address> = new Set<Address>();
  /** Live objects that are watched. A map of its own from the first one on. */
  watched: Map<Address, WatchedObject> = NONE_WATCHED;
}

/** Shared by contexts that have none. Never written. */
export const NO_EXTRAS: ContextExtras = new ContextExtras();

/** The extras of a context, made at the first call. */
export function ownExtras(context: ContextNode): ContextExtras {
  if (context.extras === NO_EXTRAS) context.extras = new ContextExtras();
  return context.extras;
}

/** Of contexts without memory. Never written. */
export const WITHOUT_HEADS: Int32Array = new Int32Array(0);

/* The module's own copies: V8 folds them into the code of hot paths, while an exported or imported binding is a load each time. */
const WITHOUT_EXTRAS = NO_EXTRAS;
const UNTAGGED = NO_TAG;
const NO_HEADS = WITHOUT_HEADS;

/** What all contexts of one heap share. The heap owns it. */
export class HeapState implements ContextParent {
  readonly arena: Arena;
  readonly planes: Planes;
  readonly spans: SpanAllocator;
  readonly table: ContextTable;
  readonly check: CheckLevel;
  /** What is known of guarded objects; `undefined` on the levels that have none. */
  readonly ledger: LedgerPort | undefined;
  /** Makes and links a context. The heap injects it, so that contexts need not know the kinds. */
  readonly openContext: (
    state: HeapState,
    parent: ContextNode | undefined,
    name: string,
    options: ContextOptions,
  ) => ContextNode;
  firstChild: ContextNode | undefined = undefined;
  isDisposed = false;
  readonly lastOptions: ResolvedOptionsCache = new ResolvedOptionsCache();
  contextsOpened = 0;
  contextsDropped = 0;
  /** Process chunks that were made because an object did not fit. */
  forwards = 0;
  /** How many contexts begin with a first chunk of 2^`firstOrder` pages: one for each that was dropped and had needed that. */
  roomyFirsts = 0;
  /** 1 to LARGEST_FIRST_ORDER. */
  firstOrder = 1;
  resets = 0;
  /** Whether tryAlloc is running, which needs no report of who holds the memory when it runs out. */
  isTrying = false;
  /** Those who listen to events; `undefined` while nobody does. */
  events: EventPort | undefined = undefined;
  /**
   * Registered reset callbacks in the whole heap, plus one for each run of them, plus one while somebody listens, plus one on the level
   * `debug`, which looks at what ends: while 0, reset and drop look for none.
   */
  callbackCount: number;
  /** The contexts whose reset or drop is running callbacks now. */
  readonly ending: ContextNode[] = [];

  constructor(
    arena: Arena,
    check: CheckLevel,
    ledger: LedgerPort | undefined,
    openContext: HeapState["openContext"],
  ) {
    this.arena = arena;
    this.planes = arena.planes;
    this.spans = arena.spans;
    this.table = contextTableOf(arena);
    this.check = check;
    this.ledger = ledger;
    this.callbackCount = ledger?.isDebug === true ? 1 : 0;
    this.openContext = openContext;
  }

  /** Whether typed views test at each access that what they look at is still there. */
  get checksAccess(): boolean {
    return this.check === "debug";
  }

  /** What has an address now; `undefined` where no context has memory. */
  identityAt(address: Address): ObjectIdentityPort | undefined {
    return this.ledger?.identityAt(this, address);
  }
}
