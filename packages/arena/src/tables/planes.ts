/**
 * The planes: two flat arrays of 32-bit words that hold every fact about the memory of an arena. Objects of JavaScript are
 * handles and caches over them.
 *
 *   cells   one word for each granule (16 bytes)    cells[address >>> 4]               what begins there; for the layer above
 *   pages   8 words for each page (4 KiB)           pages[(address >>> 12) * 8 + word]  see page-table.ts
 *
 * Both cover the addresses [0, coveredBytes). They grow by copying and are replaced when they do, so hot paths read them through
 * this object each time: one load, as fast as a copy of the reference, and nothing has to be told of a new array. An array for
 * each 32 MiB of addresses, which would need no copying, made every row of the benchmark 1.2 to 2 times slower.
 *
 * Copying skips pages without cells, since writing zeros to untouched memory would make it resident. From 16 MiB of addresses on the
 * planes are reserved for 1 GiB at once: untouched memory costs nothing, and no growth stops the program for more than some milliseconds.
 */
import { ADDRESS_SPACE_BYTES, GRANULE_SHIFT, PAGE_SHIFT } from "../placement/address.js";
import { checkRange } from "../sources/acquire-range.js";
import type { BufferRange, PlaneSource } from "../sources/buffer-source.js";
import { PAGE_WORDS, PAGE_WORDS_SHIFT, cellPagesAt } from "./page-table.js";

/** Coverage doubles up to this; the next step is LARGE_COVERAGE. Higher: a longer stop for the copy, 1/4 of it at most. */
const SMALL_COVERAGE = 16 * 1024 * 1024;

/** What a heap beyond SMALL_COVERAGE reserves planes for. The step after it covers the whole address space. */
const LARGE_COVERAGE = 1024 * 1024 * 1024;

const WORD_BYTES = 4;
const CELLS_PER_PAGE_SHIFT = PAGE_SHIFT - GRANULE_SHIFT;

const NO_WORDS = new Int32Array(0);

interface Plane {
  readonly range: BufferRange;
  readonly words: Int32Array;
}

interface PlanePair {
  readonly cells: Plane;
  readonly pages: Plane;
}

export class Planes {
  cells: Int32Array = NO_WORDS;
  pages: Int32Array = NO_WORDS;
  /** Addresses below this have cells and page records; a multiple of the page size. */
  coveredBytes = 0;
  readonly #source: PlaneSource;
  #cellRange: BufferRange | undefined = undefined;
  #pageRange: BufferRange | undefined = undefined;
  #isRebuilding = false;

  constructor(source: PlaneSource) {
    this.#source = source;
  }

  /**
   * Makes the planes cover the addresses below `endAddress`.
   * @throws what the source throws; the planes are then as they were
   */
  cover(endAddress: number): void {
    if (endAddress > this.coveredBytes) this.#rebuildOrLess(endAddress);
  }

  /**
   * Rebuilds the planes so that cells of pages without an owner are no longer resident, covering the addresses below `endAddress`; gives
   * them back where that is 0.
   * @returns false, with nothing changed, when the source has no memory for the new planes, or is being asked for some
   */
  compact(endAddress: number): boolean {
    if (this.#isRebuilding) return false;
    try {
      if (endAddress === 0) this.dispose();
      else this.#rebuild(endAddress, coverageFor(endAddress));
      return true;
    } catch {
      return false;
    }
  }

  /** Gives the planes back to the source. */
  dispose(): void {
    this.#replace(NO_WORDS, NO_WORDS, 0, undefined, undefined);
  }

  /** Reserves ahead, or just what is needed where that much cannot be had. */
  #rebuildOrLess(endAddress: number): void {
    const coverage = coverageFor(endAddress);
    try {
      this.#rebuild(endAddress, coverage);
    } catch (error) {
      if (coverage === endAddress) throw error;
      this.#rebuild(endAddress, endAddress);
    }
  }

  #rebuild(endAddress: number, coverage: number): void {
    // A nested rebuild could leave fewer words than the outer one has promised.
    if (this.#isRebuilding) throw new Error("the source of the planes called the arena");
    this.#isRebuilding = true;
    try {
      this.#copyTo(this.#acquireBoth(coverage), endAddress, coverage);
    } finally {
      this.#isRebuilding = false;
    }
  }

  #acquireBoth(coverage: number): PlanePair {
    const cells = this.#acquire(coverage / 2 ** GRANULE_SHIFT);
    try {
      return { cells, pages: this.#acquire((coverage / 2 ** PAGE_SHIFT) * PAGE_WORDS) };
    } catch (error) {
      this.#source.releasePlane(cells.range);
      throw error;
    }
  }

  #acquire(length: number): Plane {
    const byteLength = length * WORD_BYTES;
    const range = this.#source.acquirePlane(byteLength);
    try {
      checkRange(range, byteLength);
      return { range, words: new Int32Array(range.buffer, range.byteOffset, length) };
    } catch (error) {
      this.#source.releasePlane(range);
      throw error;
    }
  }

  #copyTo({ cells, pages }: PlanePair, endAddress: number, coverage: number): void {
    const copiedPages = Math.min(endAddress, this.coveredBytes) / 2 ** PAGE_SHIFT;
    pages.words.set(this.pages.subarray(0, copiedPages << PAGE_WORDS_SHIFT));
    copyCells(this.cells, this.pages, cells.words, copiedPages);
    this.#replace(cells.words, pages.words, coverage, cells.range, pages.range);
  }

  #replace(
    cells: Int32Array,
    pages: Int32Array,
    coverage: number,
    cellRange: BufferRange | undefined,
    pageRange: BufferRange | undefined,
  ): void {
    const old = [this.#cellRange, this.#pageRange];
    this.cells = cells;
    this.pages = pages;
    this.coveredBytes = coverage;
    this.#cellRange = cellRange;
    this.#pageRange = pageRange;
    for (const range of old) if (range !== undefined) this.#source.releasePlane(range);
  }
}

/** How many bytes of addresses planes are reserved for that have to cover `endAddress`. */
function coverageFor(endAddress: number): number {
  if (endAddress > LARGE_COVERAGE) return ADDRESS_SPACE_BYTES;
  if (endAddress > SMALL_COVERAGE) return LARGE_COVERAGE;
  return 2 ** Math.ceil(Math.log2(endAddress));
}

/** Copies the cells of pages whose owner uses cells, in runs of neighbouring pages. */
function copyCells(from: Int32Array, pages: Int32Array, to: Int32Array, pageCount: number): void {
  let page = 0;
  while (page < pageCount) {
    const count = cellPagesAt(pages, page);
    if (count === 0) {
      page++;
      continue;
    }
    const start = page << CELLS_PER_PAGE_SHIFT;
    to.set(from.subarray(start, (page + count) << CELLS_PER_PAGE_SHIFT), start);
    page += count;
  }
}
