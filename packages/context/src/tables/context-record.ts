/**
 * The record of a context: 64 words in the plane of contexts, one record for each context that has memory.
 *
 *   word 0       OWNER        1 while a context has the record, 0 while it is free
 *   word 1       TAG          of its objects
 *   word 2, 3    CURSOR, LIMIT          the region that the next objects are cut from, as addresses
 *   word 4, 5    FREE_MASK, LARGER_MASK one bit for each size class that has freed slots
 *   word 6 - 8   NEWEST, KEEPER, CURRENT process chunks, as addresses
 *   word 9       USED_BYTES   in its process chunks
 *   word 10      PARENT       id of the context that it hangs below; 0 for the heap, or for one without memory
 *   word 11 - 14 KIND, SLOT_BYTES, INITIAL_BYTES, MAX_CHUNK_BYTES   how it was opened
 *   word 15      SWEPT_BYTES  USED_BYTES when empty process chunks were last looked for
 *   word 16      REMOTE_HEAD  packets of objects that other workers freed; 0 in private heaps. Read on slow paths only
 *   word 17      FREE_LINK    of a free record: id of the next free one; 0 for none
 *   word 18, 19  free
 *   word 20 - 63 HEADS        granule of the newest freed slot of each size class, where its bit is set
 *
 * HEADS, SWEPT_BYTES and OWNER are always true. While a context is in use, words 1 to 14 are fields of its object, which are four times as
 * fast in small contexts; `seal` writes them before somebody else may read the record, `load` reads them back.
 */
export const RECORD_WORDS = 64;
export const RECORD_SHIFT = 6;

export const OWNER_STATE = 0;
export const TAG = 1;
export const CURSOR = 2;
export const LIMIT = 3;
export const FREE_MASK = 4;
export const LARGER_MASK = 5;
export const NEWEST = 6;
export const KEEPER = 7;
export const CURRENT = 8;
export const USED_BYTES = 9;
export const PARENT = 10;
export const KIND = 11;
export const SLOT_BYTES = 12;
export const INITIAL_BYTES = 13;
export const MAX_CHUNK_BYTES = 14;
export const SWEPT_BYTES = 15;
export const REMOTE_HEAD = 16;
export const FREE_LINK = 17;
export const HEADS = 20;
