/**
 * The mark map: what begins at each granule (8 bytes) of a process chunk, one byte each, kept beside the bytes.
 *
 *   bytes   | header | object of class 3    | object of class 1 | freed, class 2   | cursor ...
 *   marks   | 0   0  | 0x83   0     0       | 0x81              | 0x42    0        | 0  0  0
 *
 * A free looks here: the mark says whether a live object begins at that very address, and its class, without touching
 * the object. So double frees, interior and wild addresses are found always, not by chance, and objects have no header.
 */

/** A live object of the class in the low six bits begins here. */
export const LIVE = 0x80;
/** A freed slot of the class in the low six bits begins here. */
export const FREED = 0x40;
/**
 * Both: a live object of the class, of which guards have a record (levels `debug` and `sample`). The hot paths take no object with
 * such a mark, and need no test for it.
 */
export const GUARDED: number = LIVE | FREED;
/** Masks the class out of a mark. */
export const CLASS_MASK = 0x3f;
/** "Class" of an object that has a process chunk to itself. */
export const DEDICATED_CLASS = 63;
