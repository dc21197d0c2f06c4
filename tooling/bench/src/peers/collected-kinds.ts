/** Ways to get a few bytes in JavaScript without an allocator; the garbage collector takes them back. */

export interface CollectedKind<T> {
  /** An object of that many bytes, `word` written into its beginning. */
  readonly make: (byteLength: number, word: number) => T;
  readonly wordOf: (object: T) => number;
}

interface PlainObject {
  readonly word: number;
}

/**
 * Objects with a field for each 8 bytes. There are four shapes, for sizes up to 64, 128, 192 and 256, each with the fields of the
 * middle of its range: a program has a handful of classes, and 32 of them would slow V8 down. Literals, which are as fast as classes here.
 */
export const plainObjects: CollectedKind<PlainObject> = {
  make(byteLength, word) {
    switch ((byteLength - 1) >> 6) {
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
  wordOf: ({ word }) => word,
};

export const buffers: CollectedKind<Buffer> = {
  make(byteLength, word) {
    const buffer = Buffer.allocUnsafe(byteLength);
    buffer.writeUInt32LE(word, 0);
    return buffer;
  },
  wordOf: (buffer) => buffer.readUInt32LE(0),
};

export const typedArrays: CollectedKind<Uint32Array> = {
  make(byteLength, word) {
    const words = new Uint32Array((byteLength + 3) >> 2);
    words[0] = word;
    return words;
  },
  wordOf: (words) => words[0]!,
};

function fields4(word: number): PlainObject & Record<string, number> {
  return { word, a: 0, b: 0, c: 0 };
}

// oxfmt-ignore
function fields12(word: number): PlainObject & Record<string, number> {
  return { word, a: 0, b: 0, c: 0, d: 0, e: 0, f: 0, g: 0, h: 0, i: 0, j: 0, k: 0 };
}

// oxfmt-ignore
function fields20(word: number): PlainObject & Record<string, number> {
  return {
    word, a: 0, b: 0, c: 0, d: 0, e: 0, f: 0, g: 0, h: 0, i: 0, j: 0, k: 0, l: 0, m: 0, n: 0, o: 0, p: 0, q: 0, r: 0, s: 0,
  };
}

// oxfmt-ignore
function fields28(word: number): PlainObject & Record<string, number> {
  return {
    word, a: 0, b: 0, c: 0, d: 0, e: 0, f: 0, g: 0, h: 0, i: 0, j: 0, k: 0, l: 0, m: 0, n: 0, o: 0, p: 0, q: 0, r: 0, s: 0,
    t: 0, u: 0, v: 0, w: 0, x: 0, y: 0, z: 0, last: 0,
  };
}
