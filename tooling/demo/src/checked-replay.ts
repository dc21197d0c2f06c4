/**
 * Replays a trace through a heap and looks after every object: each is filled when it is allocated and compared before it
 * is freed, reallocated, reset or dropped. Slow on purpose; `timed-replay.ts` is the one that is timed.
 *
 * Every context is opened as an allocset, whatever kind the trace names: a trace tells no slot size for slabs, and
 * PostgreSQL's `generation` is not one of ours. A malloc trace has one context, number 0.
 */
import type { Heap, MemoryContext } from "@perfloc/context";
import {
  OP_ALLOC,
  OP_CREATE,
  OP_DROP,
  OP_FREE,
  OP_REALLOC,
  OP_REPARENT,
  OP_RESET,
  RECORD_LENGTH,
  type Trace,
} from "@perfloc-tooling/traces";
import type { ContentCheck } from "./content-check.js";
import { LiveObjects } from "./live-objects.js";

const KEEP_CHILDREN = { children: "keep" } as const;

export class CheckedReplay {
  readonly #heap: Heap;
  readonly #trace: Trace;
  readonly #content: ContentCheck;
  readonly #onPeak: () => void;
  readonly #contexts: (MemoryContext | undefined)[] = [];
  readonly #objects: LiveObjects;
  #position = 0;
  #isPeakSeen = false;

  /** @param onPeak - runs once, when as many bytes are live as ever will be */
  constructor(heap: Heap, trace: Trace, content: ContentCheck, onPeak: () => void) {
    this.#heap = heap;
    this.#trace = trace;
    this.#content = content;
    this.#onPeak = onPeak;
    this.#objects = new LiveObjects(trace.objectCount, contextCountOf(trace));
    if (trace.kind === "malloc") this.#watch(0, heap.open(trace.name));
  }

  /** Records replayed so far. */
  get position(): number {
    return this.#position;
  }

  /** Records in the trace. */
  get length(): number {
    return this.#trace.ops.length / RECORD_LENGTH;
  }

  get liveBytes(): number {
    return this.#objects.liveBytes;
  }

  /** Where an object lies, while it lives. */
  addressOf(object: number): number {
    return this.#objects.addressOf(object);
  }

  /** Replays the next records, `count` of them or as many as are left. */
  run(count: number): void {
    const { ops } = this.#trace;
    const end = Math.min(this.#position + count, this.length);
    for (; this.#position < end; this.#position++) {
      const at = this.#position * RECORD_LENGTH;
      this.#step(ops[at]!, ops[at + 1]!, ops[at + 2]!, ops[at + 3]!);
    }
  }

  /** Checks all objects that are live now. */
  checkLiveObjects(): void {
    for (let context = 0; context < this.#contexts.length; context++) this.#checkAll(context);
  }

  #step(opcode: number, a: number, b: number, c: number): void {
    switch (opcode) {
      case OP_ALLOC:
        this.#alloc(a, b, c);
        break;
      case OP_FREE:
        this.#free(a, b);
        break;
      case OP_REALLOC:
        this.#realloc(a, b, c);
        break;
      case OP_CREATE:
        this.#create(a, b);
        break;
      case OP_RESET:
        this.#reset(a);
        break;
      case OP_REPARENT:
        this.#context(a).setParent(b === 0 ? this.#heap : this.#context(b));
        break;
      case OP_DROP:
        this.#context(a).drop();
        break;
      default: // OP_THREAD: who does it does not matter here
    }
  }

  #alloc(context: number, object: number, byteLength: number): void {
    const address = this.#context(context).alloc(byteLength);
    this.#content.fill(address, byteLength, object);
    this.#objects.add(context, object, address, byteLength);
    this.#watchPeak();
  }

  #free(context: number, object: number): void {
    this.#check(object);
    this.#context(context).free(this.#objects.addressOf(object));
    this.#objects.remove(context, object);
  }

  #realloc(context: number, object: number, byteLength: number): void {
    this.#check(object);
    const keptBytes = Math.min(this.#objects.byteLengthOf(object), byteLength);
    const address = this.#context(context).realloc(this.#objects.addressOf(object), byteLength);
    this.#content.check(address, keptBytes & ~3, object);
    this.#content.fill(address, byteLength, object);
    this.#objects.move(object, address, byteLength);
    this.#watchPeak();
  }

  #create(context: number, parent: number): void {
    const trace = this.#trace as Extract<Trace, { kind: "contexts" }>;
    const name = trace.contextNames[context]!;
    const opened = parent === 0 ? this.#heap.open(name) : this.#context(parent).open(name);
    this.#watch(context, opened);
  }

  #reset(context: number): void {
    const opened = this.#context(context);
    opened.reset(KEEP_CHILDREN);
    this.#watch(context, opened); // a callback runs once
  }

  /** Looks at the context's objects when it is reset or dropped, also when that happens through a parent. */
  #watch(context: number, opened: MemoryContext): void {
    this.#contexts[context] = opened;
    opened.onReset(() => {
      this.#checkAll(context);
      this.#objects.removeAll(context);
      this.#contexts[context] = undefined;
    });
  }

  #context(context: number): MemoryContext {
    return this.#contexts[context]!;
  }

  #checkAll(context: number): void {
    for (const object of this.#objects.of(context)) this.#check(object);
  }

  #check(object: number): void {
    const objects = this.#objects;
    this.#content.check(objects.addressOf(object), objects.byteLengthOf(object), object);
  }

  #watchPeak(): void {
    if (this.#isPeakSeen || this.#objects.liveBytes < this.#trace.peakLiveBytes) return;
    this.#isPeakSeen = true;
    this.#onPeak();
  }
}

function contextCountOf(trace: Trace): number {
  return trace.kind === "contexts" ? trace.contextCount : 0;
}
