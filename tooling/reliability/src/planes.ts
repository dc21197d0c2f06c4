/**
 * The planes of a heap, word by word, as page-table.ts of the arena and cells.ts and context-record.ts of the context package describe
 * them. The numbers stand here again, so that a change of the layout has to be made twice.
 */
import { type Address, type Heap, type MemoryContext, PAGE_BYTES } from "@perfloc/typed";

/** Bytes that one cell stands for. */
export const GRANULE_BYTES = 16;
const WORD_BYTES = 4;

/** Words of the record of a page. */
export const PAGE_WORDS = 8;
export const OWNER_WORD = 0;
export const RUN_WORD = 1;
export const NEXT_WORD = 2;
export const PREVIOUS_WORD = 3;
export const HIGH_WATER_WORD = 4;
export const ASKED_WORD = 5;
/** Of an owner word: the id of the context. */
export const OWNER_ID_MASK = 0xff_ffff;
/** Of an owner word: the span holds one big object. */
export const DEDICATED_FLAG: number = 1 << 25;

/** Words of the record of a context. */
export const RECORD_WORDS = 64;
export const OWNER_STATE = 0;
export const REMOTE_HEAD = 16;
export const FREE_LINK = 17;
export const HEADS = 20;
/** Size classes whose bits are in `freeMask`; those above are in `largerMask`. */
export const MASKED_CLASSES = 30;

/** Bits of a cell. */
const GUARDED = 0x4000_0000;
export const LINK_MASK = 0x0fff_ffff;
const CODE_COUNT = 64;
const FIRST_NOTE = 48;
const DEDICATED_CODE = 63;

/** The tags of the objects of a context: of now, and of before each checkpoint. */
export function tagsOf({ tag, marks }: MemoryContext): number[] {
  return [tag, ...marks.map((mark) => mark.tag)];
}

/** What a cell says, to a context with these tags. */
export type CellMeaning = "object" | "note" | "nothing";

export function meaningOf(cell: number, tags: readonly number[]): CellMeaning {
  for (const tag of tags) {
    const code = (cell & ~GUARDED) ^ tag;
    if (code >>> 0 >= CODE_COUNT) continue;
    return code < FIRST_NOTE || code === DEDICATED_CODE ? "object" : "note";
  }
  return "nothing";
}

export function cellAt({ arena }: Heap, address: Address): number {
  return arena.planes.cells[address / GRANULE_BYTES]!;
}

/** One word of the record of the page at an address. */
export function pageWordAt({ arena }: Heap, page: Address, word: number): number {
  return arena.planes.pages[(page / PAGE_BYTES) * PAGE_WORDS + word]!;
}

/** The bytes of one word of a plane, wherever the plane lies. */
export function bytesOfWord(plane: Int32Array, index: number): Uint8Array {
  return new Uint8Array(plane.buffer, plane.byteOffset + index * WORD_BYTES, WORD_BYTES);
}
