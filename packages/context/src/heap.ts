/** The heap: an arena and the tree of contexts that live in it. */
import {
  Arena,
  type ArenaOptions,
  InvalidOptionError,
  PerflocError,
  type TopChunk,
  UseAfterDropError,
} from "@perfloc/arena";
import { printsAs } from "@perfloc/arena/internal";
import {
  type ContextOptions,
  DEFAULT_OPTIONS,
  NO_OPTIONS,
  type ResolvedContextOptions,
  refuseUnknownOptions,
  resolveContextOptions,
} from "./context-options.js";
import { ResetCallbackError } from "./errors.js";
import { EVENT_NAMES, type HeapEvents, listen } from "./events/heap-events.js";
import {
  type CheckOptions,
  checkLevel,
  checkOnLeak,
  refuseWithoutLevel,
  resolveCheckOptions,
} from "./guards/check-options.js";
import { GuardLedger } from "./guards/guard-ledger.js";
import { type HeapReport, heapReport } from "./guards/heap-report.js";
import { type HeapLeak, LeakWatch } from "./guards/leak-watch.js";
import { openGuarded } from "./guards/open-guarded.js";
import type { MemoryContext } from "./memory-context.js";
import { contextsIn } from "./report/contexts-in.js";
import { type HeapStats, heapStats } from "./report/heap-stats.js";
import { printForest } from "./report/print-tree.js";
import { verifyHeap } from "./report/verify-heap.js";
import { link } from "./scopes/context-tree.js";
import { releaseEmptyBelow } from "./scopes/release-empty.js";
import { assertNotAroundEnding } from "./scopes/reset-callbacks.js";
import { BumpContext } from "./slots/bump-context.js";
import { NewAllocset } from "./slots/new-allocset.js";
import { SlabContext } from "./slots/slab-context.js";
import { type CheckLevel, type ContextNode, HeapState } from "./tables/context-node.js";
import { rebuildHeap } from "./tables/rebuild.js";

/**
 * How a heap is made: from an arena of yours, or with the options of one that it makes itself.
 * @public
 */
export interface HeapOptions extends ArenaOptions, CheckOptions {
  /** An arena to live in, which other heaps may share. The heap then does not dispose it, and takes no arena options. */
  readonly arena?: Arena | undefined;
  /** How much is checked. Default `check`. */
  readonly check?: CheckLevel | undefined;
  /**
   * Called on the level `debug` when the heap was garbage collected without `dispose` and had contexts open. It must not reach the heap
   * (a closure over it would keep it alive). Default: a warning on the console.
   */
  readonly onLeak?: ((leak: HeapLeak) => void) | undefined;
}

/**
 * A tree of memory contexts over an arena: the place where a program opens its scopes.
 * @example
 * ```ts
 * using heap = new Heap();
 * {
 *   using request = heap.open("request");
 *   const address = request.alloc(64);
 *   request.bytes(address, 64).fill(1);
 * } // everything in the scope is gone
 * ```
 * @public
 */
export class Heap implements Disposable {
  /** @internal */
  readonly state: HeapState;
  readonly #ownsArena: boolean;
  readonly #ledger: GuardLedger | undefined;

  /**
   * Makes a heap that holds nothing yet.
   * @throws InvalidOptionError `PERFLOC_CONTEXT_INVALID_OPTION` for an unknown option or check level, an arena with arena options, an
   * `onLeak` that is no function, or options of the check levels without `check`
   * @throws what the arena throws for its options
   */
  constructor(options: HeapOptions = {}) {
    if (typeof options !== "object" || (options as unknown) === null) {
      throw new InvalidOptionError(
        "PERFLOC_CONTEXT_INVALID_OPTION",
        "options",
        options,
        "they must be an object",
      );
    }
    const {
      arena,
      check = "check",
      sampleEvery,
      sampleSeed,
      quarantineBytes,
      onLeak,
      ...arenaOptions
    } = options;
    checkLevel(check);
    const checks = resolveCheckOptions(check, { sampleEvery, sampleSeed, quarantineBytes });
    if (!("check" in options)) refuseWithoutLevel({ sampleEvery, sampleSeed, quarantineBytes });
    checkOnLeak(onLeak);
    refuseUnknownOptions(arenaOptions, ARENA_OPTIONS, "heap");
    if (arena !== undefined) refuseArenaOptions(arena, arenaOptions);
    this.#ownsArena = arena === undefined;
    const used = arena ?? new Arena(arenaOptions);
    const isGuarded = check === "debug" || check === "sample";
    const ledger = isGuarded ? new GuardLedger(used, check === "debug", checks) : undefined;
    this.#ledger = ledger;
    this.state = new HeapState(
      used,
      check,
      ledger,
      ledger === undefined ? openPlain : openIn(ledger),
    );
    if (ledger === undefined) return;
    const { state } = this;
    ledger.tell = (error) => {
      state.events?.emit("misuse", { error });
    };
    if (!ledger.isDebug) return;
    ledger.opener = Heap.prototype;
    ledger.leakWatch = new LeakWatch(this.state, onLeak);
  }

  /**
   * The arena that the contexts' process chunks come from: for looking at memory and for `releaseChunk`. Its spans belong
   * to the contexts, and it ends with the heap: do not dispose it.
   */
  get arena(): Arena {
    return this.state.arena;
  }

  /** Whether the layers above are to refuse what they can. @internal */
  get isChecked(): boolean {
    return this.state.check !== "off";
  }

  /**
   * Opens a context at the top of the tree.
   *
   * No memory is reserved before its first allocation, so this cannot run out of memory.
   * @param name - for stats, drawings and errors; need not be unique
   * @throws InvalidOptionError, InvalidSizeError `PERFLOC_CONTEXT_INVALID_OPTION`
   * @throws UseAfterDropError `PERFLOC_CONTEXT_HEAP_DISPOSED`
   * @remarks Complexity: O(1).
   */
  open(name: string, options: ContextOptions = NO_OPTIONS): MemoryContext {
    if (this.state.isDisposed) throw heapDisposed();
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every node is one
    return this.state.openContext(this.state, undefined, name, options) as MemoryContext;
  }

  /**
   * The contexts of this heap that have memory in a top chunk: what keeps `arena.releaseChunk` from giving it back.
   * @param chunk - one of `arena.chunks`
   * @returns in the order of their lowest addresses there; none for an empty or a released chunk
   * @throws InvalidOptionError `PERFLOC_CONTEXT_INVALID_OPTION` for what is no top chunk of this heap's arena
   * @remarks Complexity: O(pages of the chunk).
   */
  contextsIn(chunk: TopChunk): MemoryContext[] {
    if (!this.arena.chunks.includes(chunk)) {
      throw new InvalidOptionError(
        "PERFLOC_CONTEXT_INVALID_OPTION",
        "chunk",
        chunk,
        "it must be one of heap.arena.chunks",
      );
    }
    const { state } = this;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every node is one
    return contextsIn(state, chunk).filter((node) => node.state === state) as MemoryContext[];
  }

  /**
   * Gives process chunks without a live object back to the arena: {@link MemoryContext.reclaim} of every context.
   * @returns how many bytes went back
   * @throws CorruptionError `PERFLOC_CONTEXT_CORRUPT` when a list of freed objects was overwritten
   * @remarks Complexity: O(freed slots + process chunks + contexts).
   */
  reclaim(): number {
    let byteLength = 0;
    for (let top = this.state.firstChild; top !== undefined; top = top.nextSibling)
      byteLength += releaseEmptyBelow(top);
    return byteLength;
  }

  /** Figures of the whole heap, with the tree of its contexts. O(objects). */
  stats(): HeapStats {
    return heapStats(this.state);
  }

  /**
   * Walks every chunk header, object, free list, link and counter and checks each against the others.
   * @throws CorruptionError `PERFLOC_CONTEXT_CORRUPT` or `PERFLOC_ARENA_CORRUPT` at the first that disagrees
   * @throws BufferOverrunError, UseAfterFreeError for a guarded object that is damaged
   * @remarks Complexity: O(bytes used / 8).
   */
  verify(): void {
    const { state } = this;
    try {
      verifyHeap(state);
    } catch (error) {
      if (error instanceof PerflocError) this.#ledger?.keepVerified(error);
      throw error;
    }
  }

  /**
   * What the check level knows: contexts that are open, who allocated the guarded objects that live, what was found. On the levels without
   * guards it lists the contexts alone.
   * @remarks Complexity: O(contexts + objects). A program that ends with `console.log(String(heap.report()))` sees its leaks.
   */
  report(): HeapReport {
    return heapReport(this.state, this.#ledger);
  }

  /**
   * Has `listener` called when something happens: see {@link HeapEvents} for what there is and what it gets. Nobody who listens costs nothing.
   *
   * It is called inside the call that makes it happen, when the fact is true already: it may look, note and count, but not call what
   * changes this heap. What it throws does not reach that call: it becomes an uncaught error of the program, a moment later.
   * @returns takes the listener away again
   * @throws InvalidOptionError `PERFLOC_CONTEXT_INVALID_OPTION` for an unknown event, or what is no function
   * @example
   * ```ts
   * const stop = heap.on("out-of-memory", ({ error }) => console.warn(error.message, error.report));
   * ```
   */
  on<Name extends keyof HeapEvents>(
    event: Name,
    listener: (event: HeapEvents[Name]) => void,
  ): () => void {
    const code = "PERFLOC_CONTEXT_INVALID_OPTION";
    if (!EVENT_NAMES.includes(event)) {
      const requirement = `events are ${EVENT_NAMES.join(", ")}`;
      throw new InvalidOptionError(code, "event", event, requirement, "Name one of them.");
    }
    if (typeof listener !== "function")
      throw new InvalidOptionError(code, "listener", listener, "it must be a function");
    return listen(this.state, event, listener);
  }

  /** Derives everything from the planes again: see tables/rebuild.ts. @throws CorruptionError where they disagree @internal */
  rebuild(): void {
    rebuildHeap(this.state);
  }

  /** The tree of contexts and a drawing of the top chunks, for people. */
  describe(): string {
    return `${printForest(this.state)}\n${this.arena.describe()}`;
  }

  /**
   * Drops every context and, unless it was given one, disposes the arena. Later calls of `open` throw. Doing it twice does
   * nothing.
   * @throws ResetCallbackError `PERFLOC_CONTEXT_RESET_CALLBACK` with all that callbacks threw; the heap is disposed all the same
   * @throws ReentrancyError `PERFLOC_CONTEXT_REENTRANCY` from a reset callback
   * @throws ReleaseFailedError `PERFLOC_ARENA_RELEASE_FAILED` when the source throws; a further call goes on there
   * @throws BufferOverrunError, UseAfterFreeError, LeakError, CorruptionError: the first that the level `debug` or `sample` found
   * while it dropped the contexts; the heap is disposed all the same
   */
  dispose(): void {
    const { state } = this;
    for (const top of state.ending) assertNotAroundEnding(top, "dispose the heap of");
    const errors: unknown[] = [];
    let finding: unknown;
    for (let context = state.firstChild; context !== undefined; context = state.firstChild) {
      try {
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every node is one
        (context as MemoryContext).drop();
      } catch (error) {
        if (error instanceof ResetCallbackError) errors.push(...error.errors);
        else if (context.isDropped) finding ??= error;
        else throw error;
      }
    }
    state.isDisposed = true;
    this.#ledger?.leakWatch?.stop();
    try {
      if (this.#ownsArena) this.arena.dispose();
    } catch (error) {
      // What callbacks threw is told first: they run once, while disposing the arena can be tried again.
      if (errors.length === 0) throw error;
    }
    state.events?.stopWatching();
    if (errors.length > 0) throw new ResetCallbackError("(all of the heap)", errors);
    if (finding !== undefined) throw finding;
  }

  /** As {@link Heap.dispose}: the end of a `using` block. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  static {
    printsAs(Heap.prototype, (heap) => heap.describe());
  }
}

/** Opens contexts of a heap without guards. */
function openPlain(
  state: HeapState,
  parent: ContextNode | undefined,
  name: string,
  options: ContextOptions,
): ContextNode {
  if (typeof name !== "string") throw notAName(name);
  const resolved = options === NO_OPTIONS ? DEFAULT_OPTIONS : state.lastOptions.resolve(options);
  const context =
    resolved.kind === "allocset"
      ? new NewAllocset(state, parent, name, resolved)
      : openOther(state, parent, name, resolved);
  enterTree(state, parent, context);
  return context;
}

function openOther(
  state: HeapState,
  parent: ContextNode | undefined,
  name: string,
  resolved: ResolvedContextOptions,
): ContextNode {
  return resolved.kind === "bump"
    ? new BumpContext(state, parent, name, resolved)
    : new SlabContext(state, parent, name, resolved);
}

/** Opens contexts of a heap whose objects are guarded. */
function openIn(ledger: GuardLedger): HeapState["openContext"] {
  return (state, parent, name, options) => {
    if (typeof name !== "string") throw notAName(name);
    const context = openGuarded(state, parent, name, resolveContextOptions(options), ledger);
    enterTree(state, parent, context);
    return context;
  };
}

function enterTree(state: HeapState, parent: ContextNode | undefined, context: ContextNode): void {
  link(parent ?? state, context);
  state.contextsOpened++;
  if (state.events !== undefined) state.events.emit("context-opened", { context });
}

function notAName(name: unknown): InvalidOptionError {
  return new InvalidOptionError(
    "PERFLOC_CONTEXT_INVALID_OPTION",
    "name",
    name,
    "a context's name is a string",
    "Pass a name; it need not be unique.",
  );
}

/** What an arena is made with; the heap's own options are taken out before. */
const ARENA_OPTIONS: ReadonlySet<string> = new Set<keyof ArenaOptions>([
  "initialChunkBytes",
  "maxChunkBytes",
  "maxBytes",
  "source",
]);

function refuseArenaOptions(arena: Arena, arenaOptions: ArenaOptions): void {
  const code = "PERFLOC_CONTEXT_INVALID_OPTION";
  if (!(arena instanceof Arena))
    throw new InvalidOptionError(code, "arena", arena, "it must be an Arena");
  for (const [option, value] of Object.entries(arenaOptions)) {
    if (value === undefined) continue;
    const hint = `Give ${option} to the constructor of the arena, or leave arena out.`;
    throw new InvalidOptionError(code, option, value, "the arena was made before", hint);
  }
}

function heapDisposed(): UseAfterDropError {
  return new UseAfterDropError(
    "PERFLOC_CONTEXT_HEAP_DISPOSED",
    "heap",
    "cannot open a context: the heap was disposed",
    "Make a new Heap.",
  );
}
