/**
 * `@thi.ng/malloc`: first fit in one ArrayBuffer of a fixed size. A free walks the list of all live objects, newest first, and
 * then the one of the free blocks: `lifo` is its best case, `fifo` its worst.
 */
import { MemPool } from "@thi.ng/malloc";
import type { PeerAllocator, PeerSetting } from "./peer-allocator.js";

/** For each object, with its header and what is lost between objects: four times the largest size. */
const POOL_BYTES_PER_OBJECT = 1024;

export function makeThingMalloc({ objectCount }: PeerSetting): PeerAllocator<number> {
  const pool = new MemPool({ size: objectCount * POOL_BYTES_PER_OBJECT });
  const words = new Uint32Array(pool.buf);
  return {
    make(bytes, word) {
      const address = pool.malloc(bytes);
      words[address >>> 2] = word;
      return address;
    },
    free(address) {
      pool.free(address);
    },
    firstWord: (address) => words[address >>> 2]!,
  };
}
