/** The heap: an arena and the tree of contexts that live in it. */
import {
  Arena,
  type ArenaOptions,
  InvalidOptionError,
  type TopChunk,
  UseAfterDropError,
} from "@perfloc/arena";
import { AllocsetContext, UncheckedAllocsetContext } from "./allocset-context.js";
import { BumpContext } from "./bump-context.js";
import { type ContextOptions, NO_OPTIONS, resolveContextOptions } from "./context-options.js";
import { contextsIn } from "./contexts-in.js";
import { ResetCallbackError } from "./errors.js";
import { type CheckLevel, HeapState } from "./heap-state.js";
import { type HeapStats, heapStats } from "./heap-stats.js";
import { printsAs } from "./inspect.js";
import type { MemoryContext } from "./memory-context.js";
import { printForest } from "./print-tree.js";
import { refuseAroundGoingAwayTree } from "./reset-callbacks.js";
import { SlabContext } from "./slab-context.js";
import { verifyHeap } from "./verify-heap.js";

const CHECK_LEVELS: ReadonlySet<string> = new Set<CheckLevel>(["check", "off"]);

/**
 * How a heap is made: from an arena of yours, or with the options of one that it makes itself.
 * @public
 */
export interface HeapOptions extends ArenaOptions {
  /** An arena to live in, which other heaps may share. The heap then does not dispose it, and takes no arena options. */
  readonly arena?: Arena | undefined;
  /** How much is checked. Default `check`. */
  readonly check?: CheckLevel | undefined;
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

  /**
   * Makes a heap that holds nothing yet.
   * @throws InvalidOptionError `PERFLOC_CONTEXT_INVALID_OPTION` for an unknown check level, or an arena with arena options
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
    const { arena, check = "check", ...arenaOptions } = options;
    if (!CHECK_LEVELS.has(check)) {
      throw new InvalidOptionError(
        "PERFLOC_CONTEXT_INVALID_OPTION",
        "check",
        check,
        'levels are "check" and "off"',
      );
    }
    if (arena !== undefined) refuseArenaOptions(arena, arenaOptions);
    this.#ownsArena = arena === undefined;
    this.state = new HeapState(arena ?? new Arena(arenaOptions), check, makeContext);
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
    return this.state.check === "check";
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
    return this.state.openContext(this.state, undefined, name, options);
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
    return contextsIn(this.state, chunk);
  }

  /** Figures of the whole heap, with the tree of its contexts. O(objects). */
  stats(): HeapStats {
    return heapStats(this.state);
  }

  /**
   * Walks every chunk header, object, free list, link and counter and checks each against the others.
   * @throws CorruptionError `PERFLOC_CONTEXT_CORRUPT` or `PERFLOC_ARENA_CORRUPT` at the first that disagrees
   * @remarks Complexity: O(bytes used / 8).
   */
  verify(): void {
    verifyHeap(this.state);
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
   */
  dispose(): void {
    const { state } = this;
    for (const top of state.goingAway) refuseAroundGoingAwayTree(top, "dispose the heap of");
    const errors: unknown[] = [];
    for (let context = state.firstChild; context !== undefined; context = state.firstChild) {
      try {
        context.drop();
      } catch (error) {
        if (error instanceof ResetCallbackError) errors.push(...error.errors);
        else throw error;
      }
    }
    state.isDisposed = true;
    try {
      if (this.#ownsArena) this.arena.dispose();
    } catch (error) {
      // What callbacks threw is told first: they run once, while disposing the arena can be tried again.
      if (errors.length === 0) throw error;
    }
    if (errors.length > 0) throw new ResetCallbackError("(all of the heap)", errors);
  }

  /** As {@link Heap.dispose}: the end of a `using` block. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  static {
    printsAs(Heap.prototype, (heap) => heap.describe());
  }
}

function makeContext(
  state: HeapState,
  parent: MemoryContext | undefined,
  name: string,
  options: ContextOptions,
): MemoryContext {
  if (typeof name !== "string") {
    throw new InvalidOptionError(
      "PERFLOC_CONTEXT_INVALID_OPTION",
      "name",
      name,
      "a context's name is a string",
      "Pass a name; it need not be unique.",
    );
  }
  const resolved = resolveContextOptions(options);
  if (resolved.kind === "bump") return new BumpContext(state, parent, name, resolved);
  if (resolved.kind === "slab") return new SlabContext(state, parent, name, resolved);
  return state.check === "off"
    ? new UncheckedAllocsetContext(state, parent, name, resolved)
    : new AllocsetContext(state, parent, name, resolved);
}

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
