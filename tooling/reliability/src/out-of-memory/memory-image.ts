/**
 * Everything that a heap can be seen to be at one moment: its figures, and every byte and mark of every page in use. A call
 * that throws must leave the image as it was.
 *
 * Free pages are not in it: nobody may read them.
 */
import { type Heap, PAGE_BYTES } from "@perfloc/typed";
import type { Image } from "./live-image.js";

/** Bytes of a page that one mark stands for. */
const GRANULE_BYTES = 8;

interface PageImage {
  readonly bytes: Uint8Array;
  readonly marks: Uint8Array;
}

export class MemoryImage implements Image {
  readonly #stats: string;
  readonly #pages = new Map<number, PageImage>();

  static readonly of = (heap: Heap): MemoryImage => new MemoryImage(heap);

  private constructor(heap: Heap) {
    // How often contexts came and went is history, not state: a collection that finds no room closes what it had opened.
    this.#stats = JSON.stringify({ ...heap.stats(), contextsOpened: 0, contextsDropped: 0 });
    for (const { base, byteLength, usedBytes, u8, marks } of heap.arena.chunks.filter(
      ({ isHeld }) => isHeld,
    )) {
      if (usedBytes === 0) continue;
      for (let start = 0; start < byteLength; start += PAGE_BYTES) {
        if (heap.arena.pageOwners[(base + start) / PAGE_BYTES] === undefined) continue;
        const end = start + PAGE_BYTES;
        this.#pages.set(base + start, {
          bytes: u8.slice(start, end),
          marks: marks.slice(start / GRANULE_BYTES, end / GRANULE_BYTES),
        });
      }
    }
  }

  /** What `after` has that this one has not, or the other way round, for people; `undefined` when they are the same. */
  differenceTo(after: this): string | undefined {
    if (after.#stats !== this.#stats) return `stats were ${this.#stats}, are ${after.#stats}`;
    for (const address of new Set([...this.#pages.keys(), ...after.#pages.keys()])) {
      const one = this.#pages.get(address);
      const other = after.#pages.get(address);
      if (one === undefined || other === undefined) return `page ${address} came or went`;
      const byte = firstDifference(one.bytes, other.bytes);
      if (byte >= 0) return `byte ${address + byte} has changed`;
      const mark = firstDifference(one.marks, other.marks);
      if (mark >= 0) return `the mark of ${address + mark * GRANULE_BYTES} has changed`;
    }
    return undefined;
  }
}

function firstDifference(one: Uint8Array, other: Uint8Array): number {
  return one.findIndex((value, position) => value !== other[position]);
}
