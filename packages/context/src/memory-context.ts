/**
 * A memory context: a scope that owns a chain of process chunks, in a tree of scopes. What all kinds share: names and
 * parents, reset and drop, callbacks, limits, checkpoints. How objects are cut from the chunks is the business of the kinds:
 *
 *   MemoryContext ◄── BumpContext                                  no free
 *                 ◄── SlotContext ◄── AllocsetContext               any size, free, realloc
 *                                 ◄── SlabContext                   one size, free
 *
 * The region that the next objects are cut from is [cursor, limit) of the current process chunk. A dropped context keeps
 * an empty region and no free lists, so that the hot paths need no test of their own: they fall into the slow ones.
 */
import {
  type Address,
  type Arena,
  GRANULE_BYTES,
  InvalidAddressError,
  InvalidOptionError,
  OutOfMemoryError,
  type PerflocError,
  UseAfterDropError,
} from "@perfloc/arena";
import { printsAs } from "@perfloc/arena/internal";
import { checkByteLength } from "./allocation-request.js";
import { type ContextKind, type ContextOptions, NO_OPTIONS } from "./context-options.js";
import { chunkAround, hasAllocated, ownerAt } from "./chunks/chunk-header.js";
import { type ContextStats, contextStats } from "./report/context-stats.js";
import { printTree } from "./report/print-tree.js";
import { forgetFrom, goBackTo, pushCheckpoint } from "./scopes/checkpoints.js";
import type { ContextMark } from "./scopes/context-mark.js";
import {
  clearContext,
  dissolveChildren,
  dissolveContext,
  dropChildrenOf,
  dropSlow,
  resetSlow,
} from "./scopes/end-context.js";
import { type Lifetime, lifetimeAt } from "./scopes/lifetime.js";
import { applyLimit } from "./scopes/limit-inheritance.js";
import { moveBelow } from "./scopes/move-context.js";
import { releaseEmptyBelow } from "./scopes/release-empty.js";
import { assertNotEnding } from "./scopes/reset-callbacks.js";
import {
  ContextNode,
  type HeapState,
  type ResetCallback,
  ownExtras,
} from "./tables/context-node.js";
import { contextTableOf } from "./tables/context-table.js";

/**
 * A heap, as the place that contexts at the top of the tree hang below: every {@link Heap} is one.
 * @public
 */
export interface ParentHeap {
  readonly arena: Arena;
  /** @internal */
  readonly state: HeapState;
  open(name: string, options?: ContextOptions): MemoryContext;
}

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
export abstract class MemoryContext extends ContextNode implements Disposable {
  /** The context of `arena` whose process chunk is around an address; `undefined` where none is. O(1). @internal */
  static at(arena: Arena, address: Address): MemoryContext | undefined {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every node is one
    return ownerAt({ planes: arena.planes, table: contextTableOf(arena) }, address) as
      | MemoryContext
      | undefined;
  }

  /** How it gives out memory. */
  get kind(): ContextKind {
    return this.options.kind;
  }

  /** The context that it hangs below; `undefined` when that is the heap. */
  get parent(): MemoryContext | undefined {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every node is one
    return this.parentNode as MemoryContext | undefined;
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

  /**
   * The lifetime of what is allocated from now on, until the next checkpoint: it is over when a reset, a drop or a rollback
   * ends it. For views that outlive a call: keep it beside an address, and ask `isOver` before the address is used again.
   * @throws UseAfterDropError `PERFLOC_CONTEXT_DROPPED`
   * @remarks Complexity: O(1), as is `isOver`. The same object until one of those calls.
   */
  get lifetime(): Lifetime {
    this.checkAlive("ask for the lifetime of");
    return lifetimeAt(ownExtras(this).lifetimes, this.marks.length);
  }

  /** Whether a rollback can come. @internal */
  get hasMarks(): boolean {
    return this.extras.marks.length > 0;
  }

  /** The lifetime of everything since the last reset: for views that know an address alone. @internal */
  get lifetimeSinceReset(): Lifetime {
    return lifetimeAt(ownExtras(this).lifetimes, 0);
  }

  /**
   * Allocates an object.
   *
   * The bytes are not cleared. The object stays where it is until it is freed, its context is reset or dropped, or a mark
   * from before is rolled back to.
   * @param byteLength - 0 to 2^30 bytes; 0 gives a unique address too
   * @param alignment - a power of two from 1 to 4096; every object is 16-aligned at least. Default 16
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
   * Frees an object. Its bytes are reused by later allocations of this context; they leave it at its reset or drop, or when all objects around
   * them were freed and the context needs memory for others.
   * @param address - what an allocation of this context returned
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
   * @param alignment - as for `alloc`. Default: the alignment that was asked for when the object was allocated
   * @returns its address, a multiple of the alignment, always to be used from then on: the object moves when it grows out of its place, and
   * when it shrinks to less than half; the old address is then freed
   * @throws what `alloc` and `free` throw; the object is then as it was
   * @remarks Complexity: O(1) in place, O(bytes) when it moves.
   */
  abstract realloc(address: Address, byteLength: number, alignment?: number): Address;

  /**
   * How many bytes an object may use: what was asked for, rounded up to its size class; of a guarded one what was asked for.
   * @throws what `free` throws
   * @remarks Complexity: O(1).
   */
  abstract sizeOf(address: Address): number;

  /** Allocates as `alloc` does, with the first `byteLength` bytes zero. */
  allocZeroed(byteLength: number, alignment: number = GRANULE_BYTES): Address {
    const address = this.alloc(byteLength, alignment);
    const chunk = this.state.arena.chunkAt(address);
    const offset = address - chunk.base;
    chunk.u8.fill(0, offset, offset + byteLength);
    return address;
  }

  /**
   * Allocates as `alloc` does, but returns 0 (NULL) instead of throwing when memory runs out or a limit is met. Mistakes,
   * such as a bad length, still throw.
   */
  tryAlloc(byteLength: number, alignment: number = GRANULE_BYTES): Address {
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
    if (this.state.callbackCount > 0) assertNotEnding(this, "open a child of");
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every node is one
    return this.state.openContext(this.state, this, name, options) as MemoryContext;
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
    const { state } = this;
    if (this.isDropped || state.callbackCount > 0) {
      resetSlow(this, children !== "keep");
      return;
    }
    const noted = state.ledger === undefined ? 0 : state.ledger.pendingCount;
    if (this.firstChild !== undefined && children !== "keep") dissolveChildren(this);
    clearContext(this);
    if (state.ledger !== undefined) state.ledger.throwSince(noted);
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
    const { state } = this;
    if (this.isDropped || state.callbackCount > 0 || state.ledger !== undefined) {
      dropSlow(this);
      return;
    }
    if (this.firstChild !== undefined) dissolveChildren(this);
    dissolveContext(this);
  }

  /** Drops the context unless that has happened: the end of a `using` block. */
  [Symbol.dispose](): void {
    if (!this.isDropped) this.drop();
  }

  /** Drops all children; this context's own objects stay. @throws as `drop` */
  dropChildren(): void {
    dropChildrenOf(this);
  }

  /**
   * Hangs the context, with everything below it, under another parent of the same heap.
   * @param parent - a context, or the heap itself for the top
   * @throws InvalidParentError `PERFLOC_CONTEXT_INVALID_PARENT` for itself, one below it, or another heap
   * @throws LimitExceededError `PERFLOC_CONTEXT_LIMIT` when the new parent's limit has no room for what is held below
   * @throws UseAfterDropError `PERFLOC_CONTEXT_DROPPED` when either was dropped
   * @remarks Complexity: O(1) for the move, O(depth) for the loop check; O(subtree) when the limits differ.
   */
  setParent(parent: MemoryContext | ParentHeap): void {
    this.checkAlive("move");
    moveBelow(this, parent);
  }

  /**
   * Remembers this moment, to go back to it with `rollback`, or to forget it with `commit`. Marks nest.
   *
   * Until then an allocset or slab leaves its older objects as they are: slots freed there are not reused.
   * @throws UseAfterDropError `PERFLOC_CONTEXT_DROPPED`
   * @remarks Complexity: O(1).
   */
  checkpoint(): ContextMark {
    this.checkAlive("mark");
    return pushCheckpoint(this);
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
    goBackTo(this, mark);
  }

  /**
   * Forgets a mark and all later ones, and keeps everything as it is now: what was free in the older chunks is reused.
   * @throws as `rollback`
   * @remarks Complexity: O(bytes allocated since / 16 + objects freed since + slots on the free lists).
   */
  commit(mark: ContextMark): void {
    this.checkAlive("commit");
    forgetFrom(this, mark);
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
    assertNotEnding(this, "register a callback on");
    const { callbacks } = ownExtras(this);
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
   * object lives. It must not be used after the object is gone: it would show what lies there then. Do not clone, post or transfer it:
   * `structuredClone` and `postMessage` copy the whole buffer behind it, up to 33 MiB; `copyBytes` is for that.
   * @param address - in one of this context's process chunks
   * @param byteLength - 0 to 2^30 bytes, all of them in what was allocated from that chunk
   * @throws InvalidAddressError `PERFLOC_CONTEXT_INVALID_ADDRESS`, InvalidSizeError `PERFLOC_CONTEXT_INVALID_SIZE`
   * @throws UseAfterFreeError `PERFLOC_CONTEXT_USE_AFTER_FREE` for a guarded object that was freed
   * @throws UseAfterDropError `PERFLOC_CONTEXT_DROPPED`
   */
  bytes(address: Address, byteLength: number): Uint8Array {
    checkByteLength(byteLength);
    this.guards?.checkRange(address, byteLength);
    if (!hasAllocated(this, address, byteLength)) this.refuseRange(address, byteLength);
    const top = this.state.arena.chunkAt(address);
    const offset = address - top.base;
    return top.u8.subarray(offset, offset + byteLength);
  }

  /**
   * The same bytes as an array of their own, which may be kept, posted and transferred.
   * @throws as `bytes`
   * @remarks Complexity: O(bytes).
   */
  copyBytes(address: Address, byteLength: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.bytes(address, byteLength));
  }

  /**
   * Whether a range was allocated, as a whole, in one process chunk of this context: what `bytes` asks for. False for what is no address.
   * O(1). @internal
   */
  hasRange(address: Address, byteLength: number): boolean {
    return hasAllocated(this, address, byteLength);
  }

  /**
   * Gives process chunks without a live object back to the arena, of this context and everything below it, so that `arena.releaseChunk` or
   * a trimmer can give their top chunks back to the OS. Contexts do this by themselves when they grow; a program that has freed much and
   * allocates little from then on calls it at a quiet moment.
   *
   * Objects and addresses stay as they are. Each context keeps its first process chunk and the one that it allocates from; a bump context
   * and one with checkpoints keep all.
   * @returns how many bytes went back
   * @throws UseAfterDropError `PERFLOC_CONTEXT_DROPPED`
   * @throws CorruptionError `PERFLOC_CONTEXT_CORRUPT` when a list of freed objects was overwritten
   * @remarks Complexity: O(freed slots + process chunks + contexts below).
   */
  reclaim(): number {
    this.checkAlive("reclaim memory of");
    return releaseEmptyBelow(this);
  }

  /** Figures of this context and, as a tree, of everything below it. O(objects). */
  stats(): ContextStats {
    this.checkAlive("take stats of");
    return contextStats(this);
  }

  /** @throws UseAfterDropError when the context was dropped @internal */
  override checkAlive(act: string): void {
    if (!this.isDropped) return;
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
  protected ownChunkAt(address: Address): Address {
    this.checkAlive("use an address of");
    const owner = ownerAt(this, address);
    if (owner === this) return chunkAround(this.planes, address);
    if (address === 0) throw this.invalidAddress(address, "points nowhere");
    throw this.invalidAddress(
      address,
      owner === undefined
        ? "lies in no process chunk"
        : `lies in a process chunk of context "${owner.name}"`,
    );
  }

  /** @internal */
  protected invalidAddress(address: unknown, fact: string): InvalidAddressError {
    const error = new InvalidAddressError(
      "PERFLOC_CONTEXT_INVALID_ADDRESS",
      address,
      `${fact}: it is no live object of context "${this.name}"`,
      "Pass what an allocation of this very context returned, while the object lives.",
    );
    return this.misused(error);
  }

  override misused<Mistake extends PerflocError>(mistake: Mistake): Mistake {
    this.state.ledger?.keep(mistake);
    this.state.events?.emit("misuse", { error: mistake });
    return mistake;
  }

  /** @throws why a range is none of this context's */
  private refuseRange(address: Address, byteLength: number): never {
    this.ownChunkAt(address);
    throw this.invalidAddress(
      address,
      `with ${byteLength} bytes reaches outside what was allocated in its process chunk`,
    );
  }

  /** The same for all contexts of this copy of the package, and for nothing else: asked where instanceof would take too long. @internal */
  declare readonly brand: object;

  static {
    Object.defineProperty(MemoryContext.prototype, "brand", { value: {} });
    printsAs(MemoryContext.prototype, (context) =>
      context.isDropped ? `context "${context.name}" (dropped)` : printTree(context),
    );
  }
}

const DROP_CHILDREN: ResetOptions = { children: "drop" };

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
