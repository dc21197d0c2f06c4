/**
 * Every live object of a heap at one moment, with its bytes. A call that frees again what it had allocated must leave this image
 * as it was; where free memory lies is not in it, unlike in {@link MemoryImage}.
 *
 * It finds objects by their marks, so bump contexts, which have none, count as a number of live bytes only.
 */
import { type Address, type Heap, MemoryContext, PAGE_BYTES } from "@perfloc/typed";

/** What can be taken before a call and compared after it. */
export interface Image {
  /** What is otherwise, for people; `undefined` when nothing is. */
  differenceTo(after: this): string | undefined;
}

/** Bytes that one mark stands for. */
const GRANULE_BYTES = 8;
/** The bit of the mark where a live object begins. */
const LIVE = 0x80;

export class LiveImage implements Image {
  readonly #figures: string;
  readonly #objects = new Map<Address, Uint8Array>();

  static readonly of = (heap: Heap): LiveImage => new LiveImage(heap);

  private constructor(heap: Heap) {
    const { contexts, liveBytes } = heap.stats();
    this.#figures = JSON.stringify({ contexts, liveBytes });
    for (const { base, byteLength, isHeld, marks } of heap.arena.chunks) {
      if (!isHeld) continue;
      for (let offset = 0; offset < byteLength; offset += GRANULE_BYTES) {
        const address = base + offset;
        const owner = heap.arena.pageOwners[Math.floor(address / PAGE_BYTES)];
        if (owner === undefined || marks[offset / GRANULE_BYTES]! < LIVE) continue;
        if (!("context" in owner) || !(owner.context instanceof MemoryContext)) continue;
        const length = owner.context.sizeOf(address);
        this.#objects.set(address, owner.context.bytes(address, length).slice());
      }
    }
  }

  differenceTo(after: this): string | undefined {
    if (after.#figures !== this.#figures)
      return `figures were ${this.#figures}, are ${after.#figures}`;
    for (const address of new Set([...this.#objects.keys(), ...after.#objects.keys()])) {
      const one = this.#objects.get(address);
      const other = after.#objects.get(address);
      if (one === undefined || other === undefined) return `object ${address} came or went`;
      const byte = one.findIndex((value, position) => value !== other[position]);
      if (byte >= 0) return `byte ${byte} of object ${address} has changed`;
    }
    return undefined;
  }
}
