/** Takes the low half of the address space, so that a program lives above 2^31, where addresses are no int32. */
import type { Arena } from "@perfloc/context";

const HALF_OF_THE_SPACE = 2 ** 31;
/** Left free below, so that objects on both sides of 2^31 meet in the same contexts. */
const SPARED_BYTES = 2 ** 18;

/** Answers how many bytes it took. Pages that nobody writes to cost no memory. */
export function takeLowPages(arena: Arena): number {
  let spared = 0;
  for (let byteLength = 2 ** 28; byteLength >= 4096; byteLength /= 2) {
    for (;;) {
      const address = arena.reserve(byteLength);
      if (address >= HALF_OF_THE_SPACE) {
        arena.release(address);
        break;
      }
      if (byteLength === SPARED_BYTES && spared === 0) spared = address;
    }
  }
  arena.release(spared);
  return arena.stats().usedBytes;
}
