/**
 * Cells: what begins at each granule (16 bytes) of the address space, one 32-bit word each, in the arena's plane of cells.
 *
 *   bit     31  30       29        6   5       0
 *   live     0  guarded | tag        | code     |     an object begins here
 *   freed    1   0   0  | granule of the next freed slot; 0 at the end |     a freed slot of a list begins here (28 bits)
 *   0                                                  nothing was ever put here
 *
 *   bytes   | header | object of class 2     | object of class 0 | freed slot      | cursor ...
 *   cells   | stale  | tag|2   stale  stale  | tag|0             | 31|next  stale  | stale
 *
 * A tag is unique for each context and reset, so nothing is cleared when objects die: a cell with another tag, and every cell
 * inside an object, means nothing ("stale"). Readers compare the tag of a cell with that of the context that owns the page.
 * `cell ^ tag` is below CODE_COUNT just when a live, unguarded object of that context begins there: one comparison tells owner,
 * liveness, size class, double frees, interior and foreign addresses apart from what may be freed.
 *
 * Tags have 24 bits: with 25, cells of live objects would leave the 31 bits that V8 keeps unboxed with compressed pointers (Chromium).
 */

export const CODE_MASK = 0x3f;
const CODE_COUNT = 64;
/** Code of an object that has a process chunk to itself. Codes below it: size classes, then notes of alignments. */
export const DEDICATED_CODE = 63;
/**
 * Codes from here on stand in the second granule of an object and note the alignment that was asked for: 32 << (code - NOTE_CODE). An
 * object with a note has at least two granules.
 */
export const NOTE_CODE = 48;

/** A live object that guards have a record of, or that is watched: no hot path takes its cell for a plain one. */
export const GUARDED = 0x4000_0000;
/** A freed slot. */
export const FREED: number = 0x8000_0000 | 0;
/** Masks the granule of the next freed slot out of the cell of a freed one. */
export const LINK_MASK = 0x0fff_ffff;

/** The step from one tag to the next: tags are kept shifted into their place. */
export const TAG_STEP = 64;
export const TAG_MASK = 0x3fff_ffc0;
/** Never given to anybody: of contexts that have no objects yet, or no more. */
export const NO_TAG = 0x3fff_ffc0;

/** The code of the object that begins at a granule, as a context with `tag` sees it; -1 when none does. Guarded objects included. */
export function codeOf(cell: number, tag: number): number {
  const code = (cell & ~GUARDED) ^ tag;
  return code >>> 0 < CODE_COUNT ? code : -1;
}

/** Whether the second granule of an object notes an alignment. */
export function isNote(code: number): boolean {
  return code >= NOTE_CODE && code < DEDICATED_CODE;
}
