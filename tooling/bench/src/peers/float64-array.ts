/** What programs do that need bytes and have no allocator: a typed array for each object, left to the garbage collector. */
import type { PeerAllocator } from "./peer-allocator.js";

export function makeFloat64Arrays(): PeerAllocator<Float64Array> {
  return {
    make(bytes, word) {
      const numbers = new Float64Array((bytes + 7) >>> 3);
      numbers[0] = word;
      return numbers;
    },
    free() {},
    firstWord: (numbers) => numbers[0]!,
  };
}
