/** Records the addresses that a heap returns to a replay, in their order. */
import type { Heap, MemoryContext } from "@perfloc/context";
import type { ReplayContext, ReplayHeap } from "./replay-heap.js";

export class AddressRecorder implements ReplayHeap {
  readonly #heap: Heap;
  readonly #addresses: number[] = [];

  constructor(heap: Heap) {
    this.#heap = heap;
  }

  get arena(): Heap["arena"] {
    return this.#heap.arena;
  }

  /** The heap itself, as the parent of its outermost contexts. */
  get target(): Heap {
    return this.#heap;
  }

  open(name: string): ReplayContext {
    return new RecordedContext(this, this.#heap.open(name));
  }

  record(address: number): number {
    this.#addresses.push(address);
    return address;
  }

  /** @returns what was recorded since the last call */
  take(): Uint32Array {
    return Uint32Array.from(this.#addresses.splice(0));
  }
}

class RecordedContext implements ReplayContext {
  readonly target: MemoryContext;
  readonly #recorder: AddressRecorder;

  constructor(recorder: AddressRecorder, target: MemoryContext) {
    this.#recorder = recorder;
    this.target = target;
  }

  get isDropped(): boolean {
    return this.target.isDropped;
  }

  alloc(byteLength: number): number {
    return this.#recorder.record(this.target.alloc(byteLength));
  }

  free(address: number): void {
    this.target.free(address);
  }

  realloc(address: number, byteLength: number): number {
    return this.#recorder.record(this.target.realloc(address, byteLength));
  }

  open(name: string): ReplayContext {
    return new RecordedContext(this.#recorder, this.target.open(name));
  }

  reset(options: { readonly children: "keep" }): void {
    this.target.reset(options);
  }

  setParent(parent: RecordedContext | AddressRecorder): void {
    this.target.setParent(parent.target);
  }

  drop(): void {
    this.target.drop();
  }
}
