/**
 * Size classes: which lengths an allocset hands out. Pure tables, no state.
 *
 *   class   1   2   3  ...  16 | 17  18  19  20 | 21  22  23  24 | ...  |  45    46    47    48
 *   bytes   8  16  24      128 |160 192 224 256 |320 384 448 512 | ...  | 20480 24576 28672 32768
 *            steps of 8        |     four steps for each doubling, so at most 20 % of an object is padding
 *
 * Finding the class of a length is one table look-up; no shift, no branch.
 */

/** Steps of this many bytes up to LINEAR_BYTES; also the alignment of every object, and the unit of the mark map. */
const STEP_BYTES = 8;
const LINEAR_BYTES = 128;

/**
 * Longest object that lives among others in a process chunk. Longer ones get a chunk of their own, whose end is rounded
 * to a page: below 32 KiB that would waste more than the classes do, and reserving a span costs ten times a free-list pop.
 */
export const MAX_SMALL_BYTES: number = 32 * 1024;

/** Bytes of each class; class 0 is not used. */
export const CLASS_BYTES: Int32Array = makeClassBytes();

/** Classes in use, counting the unused class 0. */
export const CLASS_COUNT: number = CLASS_BYTES.length;

/**
 * Classes up to this one, 1280 bytes, have their free lists marked in one small integer; 30 bits are what V8 keeps unboxed
 * with compressed pointers (Chromium), and bit 0 stands for no class.
 */
export const LAST_MASKED_CLASS = 29;

/** The class for a length: `CLASS_OF[(byteLength + 7) >>> 3]`. A length of 0 is served by the smallest class. */
export const CLASS_OF: Uint8Array = makeClassOf();

function makeClassBytes(): Int32Array {
  const bytes = [0];
  for (let size = STEP_BYTES; size <= LINEAR_BYTES; size += STEP_BYTES) bytes.push(size);
  for (let base = LINEAR_BYTES; base < MAX_SMALL_BYTES; base *= 2) {
    for (let quarter = 5; quarter <= 8; quarter++) bytes.push((base * quarter) / 4);
  }
  return Int32Array.from(bytes);
}

function makeClassOf(): Uint8Array {
  const classOf = new Uint8Array(MAX_SMALL_BYTES / STEP_BYTES + 1);
  let sizeClass = 1;
  for (let steps = 0; steps < classOf.length; steps++) {
    if (steps * STEP_BYTES > CLASS_BYTES[sizeClass]!) sizeClass++;
    classOf[steps] = sizeClass;
  }
  return classOf;
}
