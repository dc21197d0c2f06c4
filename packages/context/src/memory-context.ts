/**
 * A memory context: a scope that owns a chain of process chunks, in a tree of scopes. What all kinds share: names and
 * parents, reset and drop, callbacks, limits, marks. How objects are cut from the chunks is the business of the kinds:
 *
 *   MemoryContext ◄── BumpContext                                  no free
 *                 ◄── FreeListContext ◄── AllocsetContext           any size, free, realloc
 *                                     ◄── SlabContext               one size, free
 *
 * The region that the next objects are cut from is [cursor, limit) of the current process chunk. A dropped context keeps
 * an empty region and no free lists, so that the hot paths need no test of their own: they fall into the slow ones.
 */
import {
  type Address,
  type Arena,
  InvalidAddressError,
  InvalidOptionError,
  OutOfMemoryError,
  type PerflocError,
  UseAfterDropError,
} from "@perfloc/arena";
import { checkByteLength } from "./allocation-request.js";
import { ChunkChain } from "./chunk-chain.js";
import type { ContextFigures, ContextStats } from "./context-stats.js";
import { contextStats } from "./context-stats.js";
import type { ContextKind, ContextOptions, ResolvedContextOptions } from "./context-options.js";
import { NO_OPTIONS } from "./context-options.js";
import { firstInPostorder, isWithin, link, unlink } from "./context-tree.js";
import type { ContextMark } from "./context-mark.js";
import { InvalidParentError, ResetCallbackError, StaleMarkError } from "./errors.js";
import type { Heap } from "./heap.js";
import type { HeapState } from "./heap-state.js";
import { printsAs } from "./inspect.js";
import {
  type Lifetime,
  NO_LIFETIMES,
  endLifetimes,
  joinLifetimes,
  lifetimeAt,
} from "./lifetime.js";
import type { MemoryLimit } from "./memory-limit.js";
import { applyLimit, inheritLimit } from "./limit-inheritance.js";
import { printTree } from "./print-tree.js";
import { type ProcessChunk, processChunkAt } from "./process-chunk.js";
import {
  type CallbackScope,
  type ResetCallback,
  refuseAroundGoingAwayTree,
  refuseInGoingAwayTree,
  runResetCallbacks,
} from "./reset-callbacks.js";

/**
 * What happens to the children of a context at `reset`.
 * @public
 */
export interface ResetOptions {
  /** `drop` (the default) drops them; `keep` leaves them and their objects alone. */
  readonly children?: "drop" | "keep" | undefined;
}

/**
 * A scope of memory: objects are allocated in it and go back all at once when it is reset or dropped.
 *
 * Opened with `heap.open` or, as a child, with `context.open`; never constructed directly.
 * @public
 */
export abstract class MemoryContext implements Disposable {
  /*
   * The fields of the hot paths come first, so that they share a cache line or two: programs have many contexts open, and
   * what an allocation costs is mostly the lines that it touches.
   */
  /** Next free byte of the current process chunk. @internal */
  protected cursor: Address = 0;
  /** End of the current process chunk. @internal */
  protected limitAddress: Address = 0;
  /** One bit for each of the smaller size classes: whether a freed slot waits. Always 0 in a bump context. @internal */
  protected freeMask = 0;
  /** Where the top chunk of the current process chunk begins. @internal */
  protected currentTopBase: Address = 0;
  /** Marks of the top chunk of the current process chunk. @internal */
  protected currentMarks: Uint8Array = NO_BYTES;
  /** Chunk that [cursor, limitAddress) lies in. @internal */
  protected current: ProcessChunk | undefined = undefined;
  /** The name that it was opened with. */
  readonly name: string;
  /** How it gives out memory. */
  readonly kind: ContextKind;
  /** @internal */
  readonly state: HeapState;
  /** Who a process chunk belongs to, in its header. @internal */
  readonly id: number;
  /** @internal */
  readonly chain: ChunkChain;
  /** The nearest limit that counts for it: its own or an inherited one. @internal */
  limit: MemoryLimit | undefined = undefined;
  /** @internal */
  firstChild: MemoryContext | undefined = undefined;
  /** @internal */
  nextSibling: MemoryContext | undefined = undefined;
  /** @internal */
  previousSibling: MemoryContext | undefined = undefined;
  /** @internal */
  resetCallbacks: ResetCallback[] = NO_CALLBACKS;
  /** Live marks, oldest first. @internal */
  protected marks: ContextMark[] = NO_MARKS;
  #parent: MemoryContext | undefined;
  #lifetimes = NO_LIFETIMES;
  #isDropped = false;

  /** @internal */
  constructor(
    state: HeapState,
    parent: MemoryContext | undefined,
    name: string,
    options: ResolvedContextOptions,
  ) {
    this.name = name;
    this.kind = options.kind;
    this.state = state;
    this.id = ++state.lastContextId;
    this.chain = new ChunkChain(this, options.initialBytes, options.maxChunkBytes);
    this.#parent = parent;
    if (parent !== undefined) this.limit = parent.limit;
    link(parent ?? state, this);
    state.contextsOpened++;
  }

  /** The context that it hangs below; `undefined` when that is the heap. */
  get parent(): MemoryContext | undefined {
    return this.#parent;
  }

  /**
   * The arena that its process chunks come from: the way from an address to its bytes, by `arena.chunkAt`. The spans of
   * contexts are theirs: do not dispose an arena that contexts live in.
   */
  get arena(): Arena {
    return this.state.arena;
  }

  /** Whether the layers above are to refuse what they can. @internal */
  get isChecked(): boolean {
    return this.state.check !== "off";
  }

  /** Whether it was dropped. A dropped context refuses every call except a second `[Symbol.dispose]`. */
  get isDropped(): boolean {
    return this.#isDropped;
  }

  /**
   * The lifetime of what is allocated from now on, until the next checkpoint: it is over when a reset, a drop or a rollback
   * ends it. For views that outlive a call: keep it beside an address, and ask `isOver` before the address is used again.
   * @throws UseAfterDropError `PERFLOC_CONTEXT_DROPPED`
   * @remarks Complexity: O(1), as is `isOver`. The same object until one of those calls.
   */
  get lifetime(): Lifetime {
    this.checkAlive("ask for the lifetime of");
    if (this.#lifetimes === NO_LIFETIMES) this.#lifetimes = [];
    return lifetimeAt(this.#lifetimes, this.marks.length);
  }

  /** Whether a rollback can come. @internal */
  get hasMarks(): boolean {
    return this.marks.length > 0;
  }

  /** The lifetime of everything since the last reset: asked for by those who know an address alone. @internal */
  get lifetimeSinceReset(): Lifetime {
    if (this.#lifetimes === NO_LIFETIMES) this.#lifetimes = [];
    return lifetimeAt(this.#lifetimes, 0);
  }

  /** The limit that was set on this very context. @internal */
  get ownLimit(): MemoryLimit | undefined {
    return this.limit?.context === this ? this.limit : undefined;
  }

  /**
   * Allocates an object.
   *
   * The bytes are not cleared. The object stays where it is until it is freed, its context is reset or dropped, or a mark
   * from before is rolled back to.
   * @param byteLength - 0 to 2^30 bytes; 0 gives a unique address too
   * @param alignment - a power of two from 1 to 4096; every object is 8-aligned at least
   * @returns its address, a multiple of `alignment`
   * @throws InvalidSizeError `PERFLOC_CONTEXT_INVALID_SIZE`
   * @throws InvalidAlignmentError `PERFLOC_CONTEXT_INVALID_ALIGNMENT`
   * @throws OutOfMemoryError `PERFLOC_CONTEXT_OUT_OF_MEMORY` when the source has no more
   * @throws LimitExceededError `PERFLOC_CONTEXT_LIMIT` for `setLimit`, `PERFLOC_CONTEXT_ARENA_LIMIT` for `maxBytes`
   * @throws UseAfterDropError `PERFLOC_CONTEXT_DROPPED`
   * @throws WrongKindError `PERFLOC_CONTEXT_WRONG_KIND` in a slab, for more than its slots hold
   * @remarks Complexity: O(1), amortised over the process chunks that double.
   */
  abstract alloc(byteLength: number, alignment?: number): Address;

  /**
   * Frees an object. Its bytes serve later allocations of this context; they leave it at its reset or drop.
   * @param address - what an allocation of this context answered
   * @throws DoubleFreeError `PERFLOC_CONTEXT_DOUBLE_FREE`
   * @throws InvalidAddressError `PERFLOC_CONTEXT_INVALID_ADDRESS` for NULL and for whatever is not the address of a live
   * object of this context
   * @throws WrongKindError `PERFLOC_CONTEXT_WRONG_KIND` in a bump context
   * @throws UseAfterDropError `PERFLOC_CONTEXT_DROPPED`
   * @throws BufferOverrunError `PERFLOC_CONTEXT_OVERRUN`, UseAfterFreeError `PERFLOC_CONTEXT_WRITE_AFTER_FREE` on the levels `debug` and
   * `sample`: of this object, or of one that it pushes out of the quarantine
   * @remarks Complexity: O(1); O(bytes) for a guarded object.
   */
  abstract free(address: Address): void;

  /**
   * Makes an object longer or shorter, in place where possible. Its first bytes, as many as both lengths have, are kept.
   * @param address - a live object of this context
   * @param byteLength - 0 to 2^30 bytes
   * @returns its address, always to be used from then on: the object moves when it grows out of its place, and when it
   * shrinks to less than half; the old address is then freed
   * @throws what `alloc` and `free` throw; the object is then as it was
   * @remarks Complexity: O(1) in place, O(bytes) when it moves. Keeps the alignment of 8 only.
   */
  abstract realloc(address: Address, byteLength: number): Address;

  /**
   * How many bytes an object may use: what was asked for, rounded up to its size class; of a guarded one what was asked for.
   * @throws what `free` throws
   * @remarks Complexity: O(1).
   */
  abstract sizeOf(address: Address): number;

  /** Allocates as `alloc` does, with the first `byteLength` bytes zero. */
  allocZeroed(byteLength: number, alignment: number = 8): Address {
    const address = this.alloc(byteLength, alignment);
    const chunk = this.state.arena.chunkAt(address);
    const offset = address - chunk.base;
    chunk.u8.fill(0, offset, offset + byteLength);
    return address;
  }

  /**
   * Allocates as `alloc` does, but answers 0 (NULL) instead of throwing when memory runs out or a limit is met. Mistakes,
   * such as a bad length, still throw.
   */
  tryAlloc(byteLength: number, alignment: number = 8): Address {
    const { state } = this;
    state.isTrying = true;
    try {
      return this.alloc(byteLength, alignment);
    } catch (error) {
      if (error instanceof OutOfMemoryError) return 0;
      throw error;
    } finally {
      state.isTrying = false;
    }
  }

  /**
   * Opens a child: it goes away when this context is reset or dropped.
   *
   * No memory is reserved before its first allocation, so this cannot run out of memory.
   * @throws InvalidOptionError, InvalidSizeError `PERFLOC_CONTEXT_INVALID_OPTION`
   * @throws UseAfterDropError `PERFLOC_CONTEXT_DROPPED`
   * @remarks Complexity: O(1).
   */
  open(name: string, options: ContextOptions = NO_OPTIONS): MemoryContext {
    this.checkAlive("open a child of");
    if (this.state.callbackCount > 0) refuseInGoingAwayTree(this, "open a child of");
    return this.state.openContext(this.state, this, name, options);
  }

  /**
   * Ends every object of this context and drops its children, or keeps them. The first process chunk stays, so that the
   * next allocations need none; the doubling starts again.
   * @throws ResetCallbackError `PERFLOC_CONTEXT_RESET_CALLBACK` when a callback threw; the reset was done all the same
   * @throws UseAfterDropError `PERFLOC_CONTEXT_DROPPED`, ReentrancyError `PERFLOC_CONTEXT_REENTRANCY`
   * @throws BufferOverrunError, UseAfterFreeError, CorruptionError, LeakError on the levels `debug` and `sample`: the first that was found; the
   * reset was done all the same
   * @remarks Complexity: O(process chunks + children). Invalidates all addresses and marks of this context.
   */
  reset(options: ResetOptions = DROP_CHILDREN): void {
    const children = (options as ResetOptions | null)?.children;
    if (children !== "drop" && children !== "keep") checkLeftOut(options, children);
    if (this.#isDropped || this.state.callbackCount > 0) {
      this.#resetWithCallbacks(children !== "keep");
      return;
    }
    if (this.firstChild !== undefined && children !== "keep") this.#dissolveChildren();
    this.#clear();
  }

  /**
   * Ends the context, its objects and its children. Every later call of a method throws.
   * @throws ResetCallbackError `PERFLOC_CONTEXT_RESET_CALLBACK` when a callback threw; the drop was done all the same
   * @throws UseAfterDropError `PERFLOC_CONTEXT_DROPPED` when it was dropped before
   * @throws ReentrancyError `PERFLOC_CONTEXT_REENTRANCY` from a reset callback of the same tree
   * @throws BufferOverrunError, UseAfterFreeError, CorruptionError, LeakError on the levels `debug` and `sample`, as `reset` does
   * @remarks Complexity: O(process chunks + children). Invalidates all addresses of this context and below.
   */
  drop(): void {
    if (this.#isDropped || this.state.callbackCount > 0) {
      this.#dropWithCallbacks();
      return;
    }
    if (this.firstChild !== undefined) this.#dissolveChildren();
    this.#dissolve();
  }

  /** Drops the context unless that has happened: the end of a `using` block. */
  [Symbol.dispose](): void {
    if (!this.#isDropped) this.drop();
  }

  /** Drops all children; this context's own objects stay. @throws as `drop` */
  dropChildren(): void {
    this.checkAlive("drop the children of");
    const errors = this.#runCallbacks("drop the children of", "children");
    this.beforeEnd("children");
    this.#dissolveChildren();
    this.#throwCollected(errors);
  }

  /**
   * Hangs the context, with everything below it, under another parent of the same heap.
   * @param parent - a context, or the heap itself for the top
   * @throws InvalidParentError `PERFLOC_CONTEXT_INVALID_PARENT` for itself, one below it, or another heap
   * @throws LimitExceededError `PERFLOC_CONTEXT_LIMIT` when the new parent's limit has no room for what is held below
   * @throws UseAfterDropError `PERFLOC_CONTEXT_DROPPED` when either was dropped
   * @remarks Complexity: O(1) for the move, O(depth) for the loop check; O(subtree) when the limits differ.
   */
  setParent(parent: MemoryContext | Heap): void {
    this.checkAlive("move");
    refuseAroundGoingAwayTree(this, "move");
    const target = parent instanceof MemoryContext ? parent : undefined;
    this.#checkParent(parent, target);
    inheritLimit(this, target?.limit);
    unlink(this.#parent ?? this.state, this);
    this.#parent = target;
    link(target ?? this.state, this);
  }

  /**
   * Remembers this moment, to go back to it with `rollback`, or to forget it with `commit`. Marks nest.
   *
   * Until then an allocset or slab leaves its older objects as they are: slots freed there are not reused.
   * @throws UseAfterDropError `PERFLOC_CONTEXT_DROPPED`
   * @remarks Complexity: O(1) in a bump context, else O(process chunks since the mark before).
   */
  checkpoint(): ContextMark {
    this.checkAlive("mark");
    const mark = this.makeMark();
    if (this.marks === NO_MARKS) this.marks = [];
    this.marks.push(mark);
    return mark;
  }

  /**
   * Goes back to a mark: objects allocated since then are gone, objects freed since then are there again with the bytes
   * that they had. The mark and all later ones are used up. Children are not touched.
   * @throws StaleMarkError `PERFLOC_CONTEXT_STALE_MARK` for a mark that is used up or died, or of another context
   * @throws UseAfterDropError `PERFLOC_CONTEXT_DROPPED`
   * @remarks Complexity: O(process chunks and frees since the mark before it).
   */
  rollback(mark: ContextMark): void {
    this.checkAlive("roll back");
    const position = this.#positionOf(mark, "roll back");
    this.restoreMark(mark, this.marks.splice(position));
    endLifetimes(this.#lifetimes, position + 1);
  }

  /**
   * Forgets a mark and all later ones, and keeps everything as it is now: what the older chunks had free serves again.
   * @throws as `rollback`
   * @remarks Complexity: O(process chunks since the mark before it + objects freed since + slots on the free lists).
   */
  commit(mark: ContextMark): void {
    this.checkAlive("commit");
    const position = this.#positionOf(mark, "commit");
    while (this.marks.length > position) {
      const newest = this.marks.at(-1)!;
      this.marks.length--;
      this.forgetMark(newest);
    }
    joinLifetimes(this.#lifetimes, position);
  }

  /**
   * Runs `callback` at the next reset or drop of this context, once, before any memory goes: last registered first,
   * children before parents.
   * @returns a function that takes the registration back, in O(callbacks of the context)
   * @throws UseAfterDropError `PERFLOC_CONTEXT_DROPPED`, ReentrancyError `PERFLOC_CONTEXT_REENTRANCY` from a callback
   */
  onReset(callback: () => void): () => void {
    this.checkAlive("register a callback on");
    if (typeof callback !== "function") {
      throw new InvalidOptionError(
        "PERFLOC_CONTEXT_INVALID_CALLBACK",
        "callback",
        callback,
        "it must be a function",
        "Pass the function to run.",
      );
    }
    refuseInGoingAwayTree(this, "register a callback on");
    if (this.resetCallbacks === NO_CALLBACKS) this.resetCallbacks = [];
    const callbacks = this.resetCallbacks;
    const registration: ResetCallback = { run: callback };
    callbacks.push(registration);
    this.state.callbackCount++;
    return () => {
      const position = callbacks.indexOf(registration);
      if (position < 0) return;
      callbacks.splice(position, 1);
      this.state.callbackCount--;
    };
  }

  /**
   * Limits what this context and everything below it may hold in process chunks, whole ones: a limit below 4096 allows
   * nothing. Tested when a process chunk is added; what is held already stays, even when it is more.
   * @param maxBytes - 0 to 2^32 bytes; `Infinity` takes the limit away
   * @throws InvalidSizeError `PERFLOC_CONTEXT_INVALID_LIMIT`, UseAfterDropError `PERFLOC_CONTEXT_DROPPED`
   * @remarks Complexity: O(subtree) for the first limit of a context, O(1) for a change of it.
   */
  setLimit(maxBytes: number): void {
    this.checkAlive("limit");
    applyLimit(this, maxBytes);
  }

  /**
   * The bytes of an object, or of a part of it, as an array over the memory itself.
   *
   * Checked is that the range was allocated in one process chunk of this context, not that it is one object or that the
   * object lives. It must not be used after the object is gone: it would show what lies there then.
   * @param address - in one of this context's process chunks
   * @param byteLength - 0 to 2^30 bytes, all of them in what was allocated from that chunk
   * @throws InvalidAddressError `PERFLOC_CONTEXT_INVALID_ADDRESS`, InvalidSizeError `PERFLOC_CONTEXT_INVALID_SIZE`
   * @throws UseAfterDropError `PERFLOC_CONTEXT_DROPPED`
   */
  bytes(address: Address, byteLength: number): Uint8Array {
    checkByteLength(byteLength);
    const chunk = this.ownChunkAt(address);
    const end = this.highWaterOf(chunk);
    if (address < chunk.firstObject || address + byteLength > end) {
      throw this.invalidAddress(
        address,
        `with ${byteLength} bytes reaches outside what was allocated in its process chunk`,
      );
    }
    const offset = address - chunk.top.base;
    return chunk.top.u8.subarray(offset, offset + byteLength);
  }

  /** Figures of this context and, as a tree, of everything below it. O(objects). */
  stats(): ContextStats {
    this.checkAlive("take stats of");
    return contextStats(this);
  }

  /** Figures of this context alone. @internal */
  abstract figures(): ContextFigures;

  /** Checks every record of this context's chunks and objects. @internal */
  abstract verifyObjects(): void;

  /** Forgets all objects; `keeper` is what is left of the chain. @internal */
  protected abstract forgetObjects(keeper: ProcessChunk | undefined): void;

  /** Gives up everything for good: the context was dropped. @internal */
  protected abstract leaveTree(): void;

  /**
   * Between the callbacks and the end of what they were told of. Called on the slow way only: whoever overrides it keeps
   * `state.callbackCount` above 0. @internal
   */
  protected beforeEnd(_scope: CallbackScope): void {
    // Plain contexts end as they are.
  }

  /** Called by the chain before a chunk goes back to the arena. @internal */
  abstract abandon(chunk: ProcessChunk): void;

  /** @internal */
  protected abstract makeMark(): ContextMark;

  /** Goes back to `mark`; `undone` are that mark and all younger ones, oldest first, and off the list. @internal */
  protected abstract restoreMark(mark: ContextMark, undone: readonly ContextMark[]): void;

  /** Goes on without `mark`, which was the newest and is off the list. @internal */
  protected abstract forgetMark(mark: ContextMark): void;

  /** How far `chunk` has been cut. @internal */
  highWaterOf(chunk: ProcessChunk): Address {
    return chunk === this.current ? this.cursor : chunk.highWater;
  }

  /** Makes `chunk` the one that objects are cut from; the old one keeps its high-water mark. @internal */
  protected moveTo(chunk: ProcessChunk): void {
    if (this.current !== undefined) this.current.highWater = this.cursor;
    this.current = chunk;
    this.cursor = chunk.highWater;
    this.limitAddress = chunk.end;
    this.currentTopBase = chunk.topBase;
    this.currentMarks = chunk.marks;
  }

  /** Stops cutting objects from any chunk. @internal */
  protected leaveCurrent(): void {
    if (this.current !== undefined) this.current.highWater = this.cursor;
    this.current = undefined;
    this.cursor = 0;
    this.limitAddress = 0;
  }

  /** @throws UseAfterDropError when the context was dropped @internal */
  checkAlive(act: string): void {
    if (!this.#isDropped) return;
    const error = new UseAfterDropError(
      "PERFLOC_CONTEXT_DROPPED",
      `context "${this.name}"`,
      `cannot ${act} context "${this.name}": it was dropped`,
      this.state.isDisposed
        ? "The whole heap was disposed. Make a new Heap."
        : "It went with its own drop(), or with a reset or drop of a context above it. Open a new one.",
    );
    throw this.misused(error);
  }

  /** This context's process chunk around `address`. @throws InvalidAddressError when there is none @internal */
  protected ownChunkAt(address: Address): ProcessChunk {
    this.checkAlive("use an address of");
    const chunk = processChunkAt(this.state.arena, address);
    if (chunk?.context === this) return chunk;
    if (address === 0) throw this.invalidAddress(address, "points nowhere");
    throw this.invalidAddress(
      address,
      chunk === undefined
        ? "lies in no process chunk"
        : `lies in a process chunk of context "${chunk.context!.name}"`,
    );
  }

  /** @internal */
  protected invalidAddress(address: unknown, fact: string): InvalidAddressError {
    const error = new InvalidAddressError(
      "PERFLOC_CONTEXT_INVALID_ADDRESS",
      address,
      `${fact}: it is no live object of context "${this.name}"`,
      "Pass what an allocation of this very context answered, while the object lives.",
    );
    return this.misused(error);
  }

  /** Tells those who listen of a mistake, before it is thrown; a heap with guards has it in its report, too. @internal */
  misused<Mistake extends PerflocError>(mistake: Mistake): Mistake {
    this.state.guards?.keep(mistake);
    this.state.events?.emit("misuse", { error: mistake });
    return mistake;
  }

  #resetWithCallbacks(withChildren: boolean): void {
    this.checkAlive("reset");
    const scope = withChildren ? "subtree" : "self";
    const errors = this.#runCallbacks("reset", scope);
    this.beforeEnd(scope);
    if (withChildren) this.#dissolveChildren();
    this.#clear();
    this.state.events?.emit("context-reset", { context: this });
    this.#throwCollected(errors);
  }

  #dropWithCallbacks(): void {
    this.checkAlive("drop");
    const errors = this.#runCallbacks("drop", "subtree");
    this.beforeEnd("subtree");
    this.#dissolveChildren();
    this.#dissolve();
    this.#throwCollected(errors);
  }

  #runCallbacks(operation: string, scope: CallbackScope): unknown[] {
    refuseAroundGoingAwayTree(this, operation);
    return this.state.callbackCount === 0 ? [] : runResetCallbacks(this, scope);
  }

  #checkParent(parent: MemoryContext | Heap, target: MemoryContext | undefined): void {
    if (!hasState(parent)) {
      throw new InvalidParentError(this.name, typeof parent, "it is neither a context nor a heap");
    }
    if (parent.state !== this.state) {
      throw new InvalidParentError(
        this.name,
        target?.name ?? "heap",
        "they do not belong to the same heap",
      );
    }
    if (target === undefined) return;
    target.checkAlive("move a child to");
    refuseInGoingAwayTree(target, "move a child to");
    if (isWithin(target, this)) {
      throw new InvalidParentError(
        this.name,
        target.name,
        "it is the same context or one below it",
      );
    }
  }

  #positionOf(mark: ContextMark, act: string): number {
    const position = this.marks.indexOf(mark);
    if (position < 0) throw this.misused(new StaleMarkError(this.name, act));
    return position;
  }

  #throwCollected(errors: readonly unknown[]): void {
    if (errors.length > 0) throw new ResetCallbackError(this.name, errors);
  }

  #clear(): void {
    this.state.resets++;
    const { chain } = this;
    if (chain.first !== chain.newest || chain.keeper === undefined) {
      this.leaveCurrent();
      chain.releaseToKeeper();
    }
    this.forgetObjects(chain.keeper);
    if (this.marks.length > 0) this.marks = NO_MARKS;
    if (this.#lifetimes !== NO_LIFETIMES) endLifetimes(this.#lifetimes, 0);
  }

  /** Children first, newest first; each context is visited once on the way down and once on the way up. */
  #dissolveChildren(): void {
    let node = firstInPostorder(this);
    while (node !== this) {
      const parent = node.#parent!;
      node.#dissolve();
      node = firstInPostorder(parent);
    }
  }

  #dissolve(): void {
    this.leaveCurrent();
    this.chain.releaseAll();
    this.leaveTree();
    this.marks = NO_MARKS;
    if (this.#lifetimes !== NO_LIFETIMES) endLifetimes(this.#lifetimes, 0);
    unlink(this.#parent ?? this.state, this);
    this.#isDropped = true;
    this.state.contextsDropped++;
    this.state.events?.emit("context-dropped", { context: this });
  }

  static {
    printsAs(MemoryContext.prototype, (context) =>
      context.isDropped ? `context "${context.name}" (dropped)` : printTree(context),
    );
  }
}

const DROP_CHILDREN: ResetOptions = { children: "drop" };
/** The marks of no chunk. */
const NO_BYTES = new Uint8Array(0);
/** Shared empty lists: most contexts never get a callback or a mark. Never written to. */
const NO_CALLBACKS: ResetCallback[] = [];
const NO_MARKS: ContextMark[] = [];

function hasState(parent: unknown): boolean {
  return typeof parent === "object" && parent !== null && "state" in parent;
}

/** @throws InvalidOptionError unless there are no options, or an object without `children` */
function checkLeftOut(options: unknown, children: unknown): void {
  const code = "PERFLOC_CONTEXT_INVALID_OPTION";
  if (children !== undefined) {
    const requirement = 'children are either "drop" or "keep"';
    throw new InvalidOptionError(code, "children", children, requirement);
  }
  if (typeof options === "object") return;
  const hint = 'To keep the children: reset({ children: "keep" }).';
  throw new InvalidOptionError(code, "options", options, "they must be an object", hint);
}
