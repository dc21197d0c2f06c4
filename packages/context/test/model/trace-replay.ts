/**
 * Replays a recorded trace in a heap, with every byte of every object written at birth and checked at death:
 *
 *   alloc, realloc   fill; no granule may belong to another live object
 *   free, realloc    check that object
 *   reset, drop      check every live object of the context, or of the whole subtree
 *   end              check all, free or drop all, nothing may be left
 *
 * What is known of an object lies in arrays by its id: the traces have up to a million objects.
 */
import {
  type ContextTrace,
  OP_ALLOC,
  OP_CREATE,
  OP_DROP,
  OP_FREE,
  OP_REALLOC,
  OP_REPARENT,
  OP_RESET,
  OP_THREAD,
  RECORD_LENGTH,
  type Trace,
} from "@perfloc-tooling/traces";
import { type CheckLevel, Heap, type MemoryContext } from "@perfloc/context";
import { fillPattern, findDamage } from "./byte-pattern.js";
import { checkSame, fail } from "./fail.js";
import { GranuleShadow } from "./granule-shadow.js";

/** Walking a heap of many megabytes takes some milliseconds. */
const VERIFY_EVERY = 20_000;

/** Of an object that is not live. */
const NOBODY = -1;

export class TraceReplay {
  readonly heap: Heap;
  readonly #trace: Trace;
  readonly #shadow: GranuleShadow;
  readonly #contexts: (MemoryContext | undefined)[] = [];
  /** Ids of the contexts that hang below each context. */
  readonly #children: Set<number>[] = [];
  readonly #parentOf: number[] = [];
  /** Ids of the live objects of each context. */
  readonly #objectsOf: Set<number>[] = [];
  readonly #addressOf: Float64Array;
  readonly #lengthOf: Int32Array;
  readonly #ownerOf: Int32Array;

  constructor(trace: Trace, check: CheckLevel) {
    this.heap = new Heap({ check, sampleEvery: 8 });
    this.#trace = trace;
    this.#shadow = new GranuleShadow(this.heap.arena);
    this.#addressOf = new Float64Array(trace.objectCount);
    this.#lengthOf = new Int32Array(trace.objectCount);
    this.#ownerOf = new Int32Array(trace.objectCount).fill(NOBODY);
  }

  /** Replays the whole trace into an empty heap, and empties it again; answers how many operations that were. */
  run(): number {
    const { ops, kind } = this.#trace;
    this.#objectsOf[0] = new Set();
    this.#children[0] = new Set();
    // A malloc trace has one context, with the id 0; in a context trace 0 is the heap.
    if (kind === "malloc") this.#contexts[0] = this.heap.open(this.#trace.name);
    let operations = 0;
    for (let at = 0; at < ops.length; at += RECORD_LENGTH) {
      if (ops[at] === OP_THREAD) continue;
      operations++;
      this.#apply(ops[at]!, ops[at + 1]!, ops[at + 2]!, ops[at + 3]!);
      if (operations % VERIFY_EVERY === 0) this.heap.verify();
    }
    this.#end();
    return operations;
  }

  #apply(opcode: number, context: number, second: number, third: number): void {
    switch (opcode) {
      case OP_ALLOC:
        return this.#alloc(context, second, third);
      case OP_REALLOC:
        return this.#realloc(context, second, third);
      case OP_FREE:
        return this.#free(context, second);
      case OP_CREATE:
        return this.#create(context, second, third);
      case OP_RESET:
        return this.#reset(context);
      case OP_REPARENT:
        return this.#reparent(context, second);
      case OP_DROP:
        return this.#drop(context);
      default:
        return fail(`the trace has an unknown operation ${opcode}`);
    }
  }

  #contextAt(context: number): MemoryContext {
    return this.#contexts[context] ?? fail(`context ${context} of the trace is not open`);
  }

  #alloc(context: number, object: number, byteLength: number): void {
    const address = this.#contextAt(context).alloc(byteLength);
    this.#shadow.claim(address, byteLength);
    this.#addressOf[object] = address;
    this.#lengthOf[object] = byteLength;
    this.#ownerOf[object] = context;
    this.#objectsOf[context]!.add(object);
    fillPattern(this.heap.arena, address, object, 0, byteLength);
  }

  #realloc(context: number, object: number, byteLength: number): void {
    this.#check(object);
    const oldAddress = this.#addressOf[object]!;
    const oldLength = this.#lengthOf[object]!;
    const address = this.#contextAt(context).realloc(oldAddress, byteLength);
    const kept = Math.min(oldLength, byteLength);
    const damage = findDamage(this.heap.arena, address, object, kept);
    if (damage >= 0) fail(`realloc of object ${object} lost its byte ${damage}`);
    this.#shadow.unclaim(oldAddress, oldLength);
    this.#shadow.claim(address, byteLength);
    this.#addressOf[object] = address;
    this.#lengthOf[object] = byteLength;
    fillPattern(this.heap.arena, address, object, kept, byteLength);
  }

  #free(context: number, object: number): void {
    this.#check(object);
    this.#contextAt(context).free(this.#addressOf[object]!);
    this.#objectsOf[context]!.delete(object);
    this.#forget(object);
  }

  #create(context: number, parent: number, kind: number): void {
    const trace = this.#trace as ContextTrace;
    const kindName = trace.kindNames[kind];
    const options = { kind: kindName === "bump" ? ("bump" as const) : ("allocset" as const) };
    const opener = parent === 0 ? this.heap : this.#contextAt(parent);
    this.#contexts[context] = opener.open(trace.contextNames[context]!, options);
    this.#objectsOf[context] = new Set();
    this.#children[context] = new Set();
    this.#parentOf[context] = parent;
    this.#children[parent]!.add(context);
  }

  /** A reset of a trace ends the context's own objects only. */
  #reset(context: number): void {
    this.#checkObjectsOf(context);
    this.#contextAt(context).reset({ children: "keep" });
    this.#forgetObjectsOf(context);
  }

  #reparent(context: number, parent: number): void {
    this.#contextAt(context).setParent(parent === 0 ? this.heap : this.#contextAt(parent));
    this.#children[this.#parentOf[context]!]!.delete(context);
    this.#children[parent]!.add(context);
    this.#parentOf[context] = parent;
  }

  #drop(context: number): void {
    const subtree = this.#subtreeOf(context);
    for (const member of subtree) this.#checkObjectsOf(member);
    this.#contextAt(context).drop();
    this.#children[this.#parentOf[context]!]!.delete(context);
    for (const member of subtree) {
      this.#forgetObjectsOf(member);
      checkSame(this.#contextAt(member).isDropped, true, `whether context ${member} is dropped`);
      this.#contexts[member] = undefined;
    }
  }

  /** The context and everything below it. */
  #subtreeOf(context: number): number[] {
    const subtree = [context];
    // The list grows while it is walked.
    for (const member of subtree) subtree.push(...this.#children[member]!);
    return subtree;
  }

  #check(object: number): void {
    const byteLength = this.#lengthOf[object]!;
    const damage = findDamage(this.heap.arena, this.#addressOf[object]!, object, byteLength);
    if (damage >= 0)
      fail(`byte ${damage} of the ${byteLength} bytes of object ${object} was damaged`);
  }

  #checkObjectsOf(context: number): void {
    for (const object of this.#objectsOf[context]!) this.#check(object);
  }

  #forgetObjectsOf(context: number): void {
    for (const object of this.#objectsOf[context]!) this.#forget(object);
    this.#objectsOf[context]!.clear();
  }

  #forget(object: number): void {
    this.#shadow.unclaim(this.#addressOf[object]!, this.#lengthOf[object]!);
    this.#ownerOf[object] = NOBODY;
  }

  /** Checks what the trace left alive, and ends it: frees in a malloc trace, drops in a context trace. */
  #end(): void {
    this.heap.verify();
    const live = [...this.#ownerOf.keys()].filter((object) => this.#ownerOf[object] !== NOBODY);
    for (const object of live) this.#check(object);
    if (this.#trace.kind === "malloc") {
      for (const object of live) this.#free(0, object);
      checkSame(this.heap.stats().liveBytes, 0, "live bytes after everything was freed");
      checkSame(this.heap.stats().children[0]?.liveObjects, 0, "live objects at the end");
      this.heap.verify();
      this.#contextAt(0).drop();
    } else {
      for (const context of this.#children[0]!) this.#drop(context);
    }
    this.heap.verify();
    const { liveBytes, usedBytes, contexts } = this.heap.stats();
    checkSame(liveBytes, 0, "live bytes at the end");
    checkSame(usedBytes, 0, "used bytes at the end");
    checkSame(contexts, 0, "contexts at the end");
    checkSame(this.heap.arena.stats().usedBytes, 0, "used bytes of the arena at the end");
    checkSame(this.#shadow.claimedGranules, 0, "granules that are still claimed");
    this.heap.dispose();
  }
}
