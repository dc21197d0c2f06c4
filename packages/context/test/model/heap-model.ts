/**
 * A heap and its model, side by side: each method makes one call of the public API, compares the answer with what the
 * model expects, and then changes the model. A call that throws leaves the model as it was, as it must leave the heap.
 *
 *   alive(object)  = allocated, and not freed, reset, dropped or rolled back
 *   rollback(mark) = objects younger than the mark end; older ones that were freed since then are back as they were
 *   commit(mark)   = what was freed since then belongs to the mark around it, or is gone
 */
import {
  type Address,
  type ContextOptions,
  Heap,
  type HeapOptions,
  type MemoryContext,
  ResetCallbackError,
} from "@perfloc/context";
import { fillPattern, findDamage } from "./byte-pattern.js";
import {
  type CallbackBehaviour,
  ContextRecord,
  type MarkRecord,
  type ObjectRecord,
} from "./context-record.js";
import { checkSame, fail } from "./fail.js";
import { GranuleShadow } from "./granule-shadow.js";
import { checkRefused } from "./refusal.js";

/** Every object is aligned to this. */
const LEAST_ALIGNMENT = 16;

/** Longest object that may share a process chunk, and hence leave a freed slot behind. */
const MAX_SLOT_BYTES = 32 * 1024;

/** Longer objects that grew may have a process chunk to themselves. */
const LEAST_BIG_BYTES = 4096;

/** Of a guarded object: what its canary may take. */
export const MAX_CANARY_BYTES = 16;

const DROPPED_KEPT = 8;

export class HeapModel {
  readonly heap: Heap;
  readonly shadow: GranuleShadow;
  /** Whether the heap has a maxBytes that it may meet. */
  readonly hasMaxBytes: boolean;
  /** Whether objects have canaries, and freed ones a quarantine. */
  readonly isGuarded: boolean;
  /** Whether only some objects have. */
  readonly isSampled: boolean;
  /** Contexts at the top, oldest first. */
  readonly tops: ContextRecord[] = [];
  /** Every open context. */
  readonly contexts: ContextRecord[] = [];
  /** The last contexts that were dropped, to be refused. */
  readonly dropped: MemoryContext[] = [];
  opened = 0;
  resets = 0;
  liveObjects = 0;
  liveBytes = 0;
  #clock = 0;
  /** Ids of the callbacks that ran during the current call. */
  #ran: number[] = [];

  constructor(options: HeapOptions) {
    this.heap = new Heap(options);
    this.shadow = new GranuleShadow(this.heap.arena);
    this.hasMaxBytes = options.maxBytes !== undefined;
    this.isSampled = options.check === "sample";
    this.isGuarded = this.isSampled || options.check === "debug";
  }

  open(parent: ContextRecord | undefined, options: ContextOptions): ContextRecord {
    const name = `${options.kind ?? "allocset"}-${this.opened + 1}`;
    const real = (parent?.real ?? this.heap).open(name, options);
    this.opened++;
    checkSame(real.parent, parent?.real, "parent of a new context");
    checkSame(real.kind, options.kind ?? "allocset", "kind of a new context");
    const context = new ContextRecord(real, parent, Math.ceil((options.slotBytes ?? 0) / 16) * 16);
    if (parent === undefined) this.tops.push(context);
    this.contexts.push(context);
    return context;
  }

  alloc(
    context: ContextRecord,
    byteLength: number,
    alignment: number = LEAST_ALIGNMENT,
  ): ObjectRecord {
    return this.#adopt(context, context.real.alloc(byteLength, alignment), byteLength, alignment);
  }

  allocZeroed(
    context: ContextRecord,
    byteLength: number,
    alignment: number = LEAST_ALIGNMENT,
  ): ObjectRecord {
    const address = context.real.allocZeroed(byteLength, alignment);
    const nonZero = context.real.bytes(address, byteLength).findIndex((byte) => byte !== 0);
    if (nonZero >= 0) fail(`byte ${nonZero} of a zeroed object at ${address} is not zero`);
    return this.#adopt(context, address, byteLength, alignment);
  }

  /** Answers `undefined` when the heap had no room. */
  tryAlloc(
    context: ContextRecord,
    byteLength: number,
    alignment: number = LEAST_ALIGNMENT,
  ): ObjectRecord | undefined {
    const address = context.real.tryAlloc(byteLength, alignment);
    return address === 0 ? undefined : this.#adopt(context, address, byteLength, alignment);
  }

  /** Gives an object new contents. */
  write(context: ContextRecord, object: ObjectRecord): void {
    this.checkBytes(context, object);
    object.seed = ++this.#clock;
    fillPattern(this.heap.arena, object.address, object.seed, 0, object.byteLength);
  }

  free(context: ContextRecord, object: ObjectRecord): void {
    this.checkBytes(context, object);
    context.real.free(object.address);
    this.#bury(context, object);
  }

  /** Without `alignment`, the object keeps the one that it has. */
  realloc(
    context: ContextRecord,
    object: ObjectRecord,
    byteLength: number,
    alignment?: number,
  ): ObjectRecord {
    this.checkBytes(context, object);
    const { address: oldAddress, byteLength: oldLength, seed } = object;
    const aligned = alignment ?? object.alignment;
    const address =
      alignment === undefined
        ? context.real.realloc(oldAddress, byteLength)
        : context.real.realloc(oldAddress, byteLength, alignment);
    if (address % Math.max(LEAST_ALIGNMENT, aligned) !== 0)
      fail(`realloc returned ${address}, no multiple of ${aligned}`);
    const kept = Math.min(oldLength, byteLength);
    const damage = findDamage(this.heap.arena, address, seed, kept);
    if (damage >= 0) fail(`realloc to ${byteLength} bytes lost byte ${damage} of ${oldLength}`);
    let result = object;
    if (address === oldAddress) {
      this.shadow.resize(address, oldLength, byteLength);
      object.byteLength = byteLength;
      object.alignment = aligned;
      this.liveBytes += byteLength - oldLength;
    } else {
      this.#bury(context, object);
      result = this.#register(context, address, byteLength, aligned, seed);
    }
    fillPattern(this.heap.arena, address, seed, kept, byteLength);
    return result;
  }

  /** Asks how much of its memory an object may use, and uses all of it. */
  growToSize(context: ContextRecord, object: ObjectRecord): void {
    this.checkBytes(context, object);
    const { address, byteLength, seed } = object;
    const usable = context.real.sizeOf(address);
    if (usable < byteLength) fail(`sizeOf ${usable} is less than the ${byteLength} asked for`);
    // A rollback gives an object that got shorter its length back, which is not recorded here.
    const isGuardedSlot = this.isGuarded && usable <= context.slotBytes;
    if (context.kind === "slab" && !isGuardedSlot)
      checkSame(usable, context.slotBytes, "sizeOf in a slab");
    this.shadow.resize(address, byteLength, usable);
    object.byteLength = usable;
    this.liveBytes += usable - byteLength;
    fillPattern(this.heap.arena, address, seed, byteLength, usable);
  }

  reset(context: ContextRecord, children?: "drop" | "keep"): void {
    const isDeep = children !== "keep";
    const scope = isDeep ? context.subtree() : [context];
    this.#expectCallbacks(scope, () =>
      children === undefined ? context.real.reset() : context.real.reset({ children }),
    );
    if (isDeep) this.#forgetContexts(context.below());
    this.#forgetObjects(context);
    this.resets++;
  }

  drop(context: ContextRecord, isDispose: boolean = false): void {
    const subtree = context.subtree();
    this.#expectCallbacks(subtree, () =>
      isDispose ? context.real[Symbol.dispose]() : context.real.drop(),
    );
    this.#forgetContexts(subtree);
  }

  dropChildren(context: ContextRecord): void {
    const below = context.below();
    this.#expectCallbacks(below, () => context.real.dropChildren());
    this.#forgetContexts(below);
  }

  setParent(context: ContextRecord, parent: ContextRecord | undefined): void {
    context.real.setParent(parent?.real ?? this.heap);
    this.#unlink(context);
    context.parent = parent;
    (parent?.children ?? this.tops).push(context);
  }

  setLimit(context: ContextRecord, maxBytes: number): void {
    const heldBytes = context.real.stats().subtreeUsedBytes;
    context.real.setLimit(maxBytes);
    context.limitBytes = maxBytes;
    context.allowedBytes = Math.max(maxBytes, heldBytes);
  }

  checkpoint(context: ContextRecord): void {
    const before = ownFigures(context.real);
    const real = context.real.checkpoint();
    const figures = ownFigures(context.real);
    // Big objects leave the quarantine, and their process chunks the context.
    if (!this.isGuarded) checkSame(figures, before, "figures after a checkpoint");
    context.marks.push({ real, birth: ++this.#clock, figures, freed: [] });
  }

  rollback(context: ContextRecord, mark: MarkRecord): void {
    context.real.rollback(mark.real);
    checkSame(ownFigures(context.real), mark.figures, "figures after a rollback");
    const undone = this.#takeMarks(context, mark);
    const survivors: ObjectRecord[] = [];
    for (const object of context.objects) {
      if (object.birth <= mark.birth) survivors.push(object);
      else this.#end(object);
    }
    for (const object of undone.flatMap(({ freed }) => freed)) {
      if (object.birth <= mark.birth) {
        survivors.push(object);
        this.liveObjects++;
        this.liveBytes += object.byteLength;
      } else {
        this.shadow.unclaim(object.address, object.byteLength);
      }
    }
    context.objects = survivors;
    context.freedSlots = [];
    for (const object of survivors) this.checkBytes(context, object);
  }

  commit(context: ContextRecord, mark: MarkRecord): void {
    context.real.commit(mark.real);
    const forgotten = this.#takeMarks(context, mark);
    for (const object of forgotten.flatMap(({ freed }) => freed)) this.#bequeath(context, object);
  }

  onReset(context: ContextRecord, behaviour: CallbackBehaviour): void {
    const id = ++this.#clock;
    const unregister = context.real.onReset(() => this.#run(context, id, behaviour));
    context.callbacks.push({ id, behaviour, unregister });
  }

  /** Takes back a registration; a second time does nothing. */
  unregister(context: ContextRecord, position: number): void {
    const [callback] = context.callbacks.splice(position, 1);
    callback?.unregister();
    callback?.unregister();
  }

  /** Derives everything again that the planes tell: nothing that can be seen changes. */
  rebuild(): void {
    this.heap.verify();
    const before = JSON.stringify(this.heap.stats());
    this.heap.rebuild();
    checkSame(JSON.stringify(this.heap.stats()), before, "stats after a rebuild");
    this.heap.verify();
  }

  /** Process chunks whose objects were all freed go back, of a context and what is below, or of all. */
  reclaim(context?: ContextRecord): void {
    const before = this.heap.stats();
    const byteLength = context === undefined ? this.heap.reclaim() : context.real.reclaim();
    const after = this.heap.stats();
    checkSame(after.usedBytes, before.usedBytes - byteLength, "used bytes after reclaim");
    checkSame(after.liveBytes, before.liveBytes, "live bytes after reclaim");
  }

  /** Gives every empty top chunk back to the source. */
  releaseEmptyChunks(): void {
    for (const { index, usedBytes, byteLength } of this.heap.arena.chunks) {
      if (usedBytes === 0)
        checkSame(this.heap.arena.releaseChunk(index), byteLength, "bytes released");
    }
  }

  checkBytes(context: ContextRecord, { address, byteLength, seed }: ObjectRecord): void {
    const damage = findDamage(this.heap.arena, address, seed, byteLength);
    if (damage >= 0) {
      fail(
        `byte ${damage} of the ${byteLength} bytes at ${address} in ${context.name} was damaged`,
      );
    }
  }

  #adopt(
    context: ContextRecord,
    address: Address,
    byteLength: number,
    alignment: number,
  ): ObjectRecord {
    if (!(address > 0 && address % Math.max(LEAST_ALIGNMENT, alignment) === 0)) {
      fail(`${address} is no address, or not a multiple of ${alignment}`);
    }
    const object = this.#register(context, address, byteLength, alignment, this.#clock + 1);
    fillPattern(this.heap.arena, address, object.seed, 0, byteLength);
    return object;
  }

  #register(
    context: ContextRecord,
    address: Address,
    byteLength: number,
    alignment: number,
    seed: number,
  ): ObjectRecord {
    this.shadow.claim(address, byteLength);
    const object = { address, byteLength, alignment, seed, birth: ++this.#clock };
    context.objects.push(object);
    this.liveObjects++;
    this.liveBytes += byteLength;
    return object;
  }

  /** A live object was freed. */
  #bury(context: ContextRecord, object: ObjectRecord): void {
    const position = context.objects.indexOf(object);
    const last = context.objects.pop();
    if (last !== undefined && last !== object) context.objects[position] = last;
    this.liveObjects--;
    this.liveBytes -= object.byteLength;
    const canaryBytes = this.isGuarded ? MAX_CANARY_BYTES : 0;
    if (object.byteLength <= MAX_SLOT_BYTES - canaryBytes)
      context.rememberFreedSlot(object.address);
    if (object.byteLength > LEAST_BIG_BYTES) context.freedBig.push(object.address);
    this.#bequeath(context, object);
  }

  /** Leaves a freed object to the newest mark that can bring it back; without one it is gone for good. */
  #bequeath({ marks }: ContextRecord, object: ObjectRecord): void {
    const mark = marks.at(-1);
    if (mark !== undefined && object.birth <= mark.birth) mark.freed.push({ ...object });
    else this.shadow.unclaim(object.address, object.byteLength);
  }

  #end(object: ObjectRecord): void {
    this.shadow.unclaim(object.address, object.byteLength);
    this.liveObjects--;
    this.liveBytes -= object.byteLength;
  }

  #takeMarks(context: ContextRecord, mark: MarkRecord): MarkRecord[] {
    const taken = context.marks.splice(context.marks.indexOf(mark));
    context.rememberStale(taken);
    return taken;
  }

  #forgetObjects(context: ContextRecord): void {
    for (const object of context.objects) this.#end(object);
    for (const { freed } of context.marks) {
      for (const object of freed) this.shadow.unclaim(object.address, object.byteLength);
    }
    context.rememberStale(context.marks);
    context.objects = [];
    context.marks = [];
    context.freedSlots = [];
    context.freedBig = [];
  }

  #forgetContexts(contexts: readonly ContextRecord[]): void {
    for (const context of contexts) {
      this.#forgetObjects(context);
      this.#unlink(context);
      this.contexts.splice(this.contexts.indexOf(context), 1);
      checkSame(context.real.isDropped, true, `whether ${context.name} is dropped`);
      this.dropped.push(context.real);
    }
    if (this.dropped.length > DROPPED_KEPT)
      this.dropped.splice(0, this.dropped.length - DROPPED_KEPT);
  }

  #unlink(context: ContextRecord): void {
    const siblings = context.parent?.children ?? this.tops;
    siblings.splice(siblings.indexOf(context), 1);
  }

  /** Makes a call during which exactly the callbacks of `scope` run, each once, in the promised order. */
  #expectCallbacks(scope: readonly ContextRecord[], call: () => void): void {
    const expected = scope.flatMap(({ callbacks }) => callbacks.toReversed());
    const throwing = expected.filter(({ behaviour }) => behaviour === "throw");
    this.#ran = [];
    let thrown: unknown;
    try {
      call();
    } catch (error) {
      thrown = error;
    }
    for (const context of scope) context.callbacks = [];
    checkSame(String(this.#ran), String(expected.map(({ id }) => id)), "callbacks that ran");
    if (throwing.length === 0) {
      if (thrown !== undefined) throw thrown;
      return;
    }
    if (!(thrown instanceof ResetCallbackError))
      throw thrown ?? fail("a callback's error was lost");
    checkSame(
      String(thrown.errors.map((error) => (error instanceof Error ? error.message : ""))),
      String(throwing.map(({ id }) => `callback ${id}`)),
      "errors of the callbacks",
    );
  }

  /** A callback sees its context as it was: no memory has gone yet. */
  #run(context: ContextRecord, id: number, behaviour: CallbackBehaviour): void {
    this.#ran.push(id);
    for (const object of context.objects) this.checkBytes(context, object);
    if (behaviour === "throw") throw new Error(`callback ${id}`);
    if (behaviour === "allocate") context.real.tryAlloc(Math.min(40, context.slotBytes || 40));
    if (behaviour === "reenter") {
      checkRefused(() => context.real.drop(), "drop in a callback", "PERFLOC_CONTEXT_REENTRANCY");
      checkRefused(() => context.real.reset(), "reset in a callback", "PERFLOC_CONTEXT_REENTRANCY");
    }
  }
}

/** What a context tells of its own memory, to be compared. */
function ownFigures(context: MemoryContext): string {
  const { usedBytes, liveBytes, freeBytes, liveObjects, freeObjects, processChunks } =
    context.stats();
  return JSON.stringify([usedBytes, liveBytes, freeBytes, liveObjects, freeObjects, processChunks]);
}
