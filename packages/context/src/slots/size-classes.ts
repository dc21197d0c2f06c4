/**
 * Size classes: which lengths an allocset hands out. Pure tables, no state.
 *
 *   class   0   1   2  ...  15 | 16  17  18  19 | 20  21  22  23 | ...  |  40    41    42    43
 *   bytes  16  32  48      256 |320 384 448 512 |640 768 896 1024| ...  | 20480 24576 28672 32768
 *            steps of 16       |     four steps for each doubling, so at most 20 % of an object is padding
 *
 * Finding the class of a length is one table look-up; no shift, no branch.
 */
import { GRANULE_BYTES } from "@perfloc/arena";

/** Steps of a granule up to here. */
const LINEAR_BYTES = 256;

/**
 * Longest object that lives among others in a process chunk. Longer ones get a chunk of their own, whose end is rounded
 * to a page: below 32 KiB that would waste more than the classes do, and reserving a span costs ten times a free-list pop.
 */
export const MAX_SMALL_BYTES: number = 32 * 1024;

/** Bytes of each class. */
export const CLASS_BYTES: Int32Array = makeClassBytes();

/** 44: together with the words before them, the heads of the free lists fill the record of a context. */
export const CLASS_COUNT: number = CLASS_BYTES.length;

/**
 * Classes up to this one, 3072 bytes, have their free lists marked in one small integer; 30 bits are what V8 keeps unboxed
 * with compressed pointers (Chromium).
 */
export const LAST_MASKED_CLASS = 29;

/** The class for a length: `CLASS_OF[(byteLength + 15) >>> 4]`. A length of 0 is served by the smallest class. */
export const CLASS_OF: Uint8Array = makeClassOf();

function makeClassBytes(): Int32Array {
  const bytes: number[] = [];
  for (let size = GRANULE_BYTES; size <= LINEAR_BYTES; size += GRANULE_BYTES) bytes.push(size);
  for (let base = LINEAR_BYTES; base < MAX_SMALL_BYTES; base *= 2) {
    for (let quarter = 5; quarter <= 8; quarter++) bytes.push((base * quarter) / 4);
  }
  return Int32Array.from(bytes);
}

function makeClassOf(): Uint8Array {
  const classOf = new Uint8Array(MAX_SMALL_BYTES / GRANULE_BYTES + 1);
  let sizeClass = 0;
  for (let granules = 0; granules < classOf.length; granules++) {
    if (granules * GRANULE_BYTES > CLASS_BYTES[sizeClass]!) sizeClass++;
    classOf[granules] = sizeClass;
  }
  return classOf;
}
