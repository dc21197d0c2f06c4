/**
 * Everything that a heap can be seen to be at one moment: its figures, and every byte, cell and record of every page in use. A call
 * that throws must leave the image as it was.
 *
 * Free pages are not in it: nobody may read them.
 */
import { type Heap, PAGE_BYTES } from "@perfloc/typed";
import { GRANULE_BYTES, PAGE_WORDS, RUN_WORD } from "../planes.js";
import type { Image } from "./live-image.js";

interface PageImage {
  readonly bytes: Uint8Array;
  readonly cells: Int32Array;
  readonly record: Int32Array;
}

export class MemoryImage implements Image {
  readonly #stats: string;
  readonly #pages = new Map<number, PageImage>();

  static readonly of = (heap: Heap): MemoryImage => new MemoryImage(heap);

  private constructor(heap: Heap) {
    // How often contexts came and went is history, not state: a collection that finds no room closes what it had opened.
    this.#stats = JSON.stringify({ ...heap.stats(), contextsOpened: 0, contextsDropped: 0 });
    const { cells, pages } = heap.arena.planes;
    for (const { base, byteLength, usedBytes, u8 } of heap.arena.chunks.filter(
      ({ isHeld }) => isHeld,
    )) {
      if (usedBytes === 0) continue;
      for (let start = 0; start < byteLength; start += PAGE_BYTES) {
        const address = base + start;
        const page = address / PAGE_BYTES;
        const record = pages.slice(page * PAGE_WORDS, (page + 1) * PAGE_WORDS);
        if (record[RUN_WORD] === 0) continue;
        this.#pages.set(address, {
          bytes: u8.slice(start, start + PAGE_BYTES),
          cells: cells.slice(address / GRANULE_BYTES, (address + PAGE_BYTES) / GRANULE_BYTES),
          record,
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
      const cell = firstDifference(one.cells, other.cells);
      if (cell >= 0) return `the cell of ${address + cell * GRANULE_BYTES} has changed`;
      const word = firstDifference(one.record, other.record);
      if (word >= 0) return `word ${word} of the record of page ${address} has changed`;
    }
    return undefined;
  }
}

function firstDifference<Words extends Uint8Array | Int32Array>(one: Words, other: Words): number {
  for (let position = 0; position < one.length; position++)
    if (one[position] !== other[position]) return position;
  return -1;
}
