/**
 * Node's `Buffer.allocUnsafe`: cuts small buffers from blocks of 8 KiB. The garbage collector frees a block when all of its
 * buffers are gone.
 */
import type { PeerAllocator } from "./peer-allocator.js";

export function makeNodeBuffer(): PeerAllocator<Buffer> {
  return {
    make(bytes, word) {
      const buffer = Buffer.allocUnsafe(bytes);
      buffer.writeUInt32LE(word, 0);
      return buffer;
    },
    free() {},
    firstWord: (buffer) => buffer.readUInt32LE(0),
  };
}
