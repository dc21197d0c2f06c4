/** `typedarray-pool`: ArrayBuffers of powers of two, in a list for each. An object is a new view of one. */
import { freeUint32, mallocUint32 } from "typedarray-pool";
import type { PeerAllocator } from "./peer-allocator.js";

export function makeTypedArrayPool(): PeerAllocator<Uint32Array> {
  return {
    make(bytes, word) {
      const words = mallocUint32((bytes + 3) >>> 2);
      words[0] = word;
      return words;
    },
    free: freeUint32,
    firstWord: (words) => words[0]!,
  };
}
