/** What programs do that need no bytes: an object with four numbers, whatever the size asked for, left to the garbage collector. */
import type { PeerAllocator } from "./peer-allocator.js";

interface PlainObject {
  readonly word: number;
  readonly bytes: number;
  readonly x: number;
  readonly y: number;
}

export function makePlainObjects(): PeerAllocator<PlainObject> {
  return {
    make: (bytes, word) => ({ word, bytes, x: 0, y: 0 }),
    free() {},
    firstWord: ({ word }) => word,
  };
}
