/**
 * Every live object of a heap at one moment, with its bytes. A call that frees again what it had allocated must leave this image
 * as it was; where free memory lies is not in it, unlike in {@link MemoryImage}.
 *
 * It finds objects by their cells, so bump contexts, which have none, count as a number of live bytes only.
 */
import { type Address, type Heap, MemoryContext } from "@perfloc/typed";
import { cellAt, GRANULE_BYTES, meaningOf, tagsOf } from "../planes.js";

/** What can be taken before a call and compared after it. */
export interface Image {
  /** What is otherwise, for people; `undefined` when nothing is. */
  differenceTo(after: this): string | undefined;
}

export class LiveImage implements Image {
  readonly #figures: string;
  readonly #objects = new Map<Address, Uint8Array>();

  static readonly of = (heap: Heap): LiveImage => new LiveImage(heap);

  private constructor(heap: Heap) {
    const { contexts, liveBytes } = heap.stats();
    this.#figures = JSON.stringify({ contexts, liveBytes });
    for (const { base, byteLength, isHeld } of heap.arena.chunks) {
      if (!isHeld) continue;
      for (let address = base; address < base + byteLength; address += GRANULE_BYTES) {
        const context = MemoryContext.at(heap.arena, address);
        if (context === undefined) continue;
        if (meaningOf(cellAt(heap, address), tagsOf(context)) !== "object") continue;
        const length = context.sizeOf(address);
        this.#objects.set(address, context.bytes(address, length).slice());
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
