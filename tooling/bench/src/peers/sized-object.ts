/**
 * What programs do that need no bytes: an object with a field for each 8 bytes of the size asked for, left to the garbage
 * collector.
 */
import type { PeerAllocator } from "./peer-allocator.js";

interface SizedObject {
  readonly word: number;
}

/**
 * Four shapes, for sizes up to 64, 128, 192 and 256, each with the fields of the middle of its range: a program has a handful of
 * classes, and 32 of them would slow V8 down. Literals, which are as fast as classes here.
 */
export function makeSizedObjects(): PeerAllocator<SizedObject> {
  return {
    make(bytes, word) {
      switch ((bytes - 1) >> 6) {
        case 0:
          return fields4(word);
        case 1:
          return fields12(word);
        case 2:
          return fields20(word);
        default:
          return fields28(word);
      }
    },
    free() {},
    firstWord: ({ word }) => word,
  };
}

function fields4(word: number): SizedObject & Record<string, number> {
  return { word, a: 0, b: 0, c: 0 };
}

// oxfmt-ignore
function fields12(word: number): SizedObject & Record<string, number> {
  return { word, a: 0, b: 0, c: 0, d: 0, e: 0, f: 0, g: 0, h: 0, i: 0, j: 0, k: 0 };
}

// oxfmt-ignore
function fields20(word: number): SizedObject & Record<string, number> {
  return {
    word, a: 0, b: 0, c: 0, d: 0, e: 0, f: 0, g: 0, h: 0, i: 0, j: 0, k: 0, l: 0, m: 0, n: 0, o: 0, p: 0, q: 0, r: 0, s: 0,
  };
}

// oxfmt-ignore
function fields28(word: number): SizedObject & Record<string, number> {
  return {
    word, a: 0, b: 0, c: 0, d: 0, e: 0, f: 0, g: 0, h: 0, i: 0, j: 0, k: 0, l: 0, m: 0, n: 0, o: 0, p: 0, q: 0, r: 0, s: 0,
    t: 0, u: 0, v: 0, w: 0, x: 0, y: 0, z: 0, last: 0,
  };
}
