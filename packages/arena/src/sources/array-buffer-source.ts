/**
 * The default source: one fixed-length `ArrayBuffer` for each top chunk, given back to the OS by detaching it.
 *
 * Two facts decide how (figures in docs/adr/0002-release-on-node-20.md):
 *
 * 1. Dropping the last reference returns nothing until some later garbage collection, so a buffer is detached instead.
 *    `transfer(0)` does it within the call where the engine has it (Node 22, browsers of 2024); on Node 20 the buffer is
 *    posted to a message port that closes at once, and is freed within a few turns of the event loop.
 * 2. glibc keeps freed blocks of up to 32 MiB in its own heap once it has seen one of them freed. A buffer whose
 *    *reserved* length is larger is always mapped and unmapped by itself, and pages that are never touched cost nothing:
 *
 *      |<-- range, touched ------->|<-- never touched, no memory -------------->|
 *      0                      byteLength                              MAPPED_BYTES
 *
 *    Ranges below MIN_MAPPED_BYTES are not worth that: a doubling ladder holds less than 1 MiB in them altogether.
 *
 * And one decides when not: from the first buffer that is detached on, V8 asks before every access to any typed array whether its buffer
 * still is, in the whole isolate. Replacing an object takes 8.2 ns then instead of 6.8. A heap that only grows never pays that: its
 * short outgrown planes are left to the garbage collector (docs/adr/0018-planes-are-not-detached.md).
 */
import type {
  BufferRange,
  BufferSource,
  PlaneSource,
  SourceCapabilities,
} from "./buffer-source.js";

/**
 * Reserved length, in bytes, above which glibc always maps a block by itself: its `DEFAULT_MMAP_THRESHOLD_MAX` of 32 MiB
 * on 64-bit systems, plus 1 MiB so that its header and rounding do not matter. Smaller: releases return nothing.
 */
const MAPPED_BYTES = 33 * 1024 * 1024;

/**
 * Ranges shorter than this get a buffer of just their length. Higher: more memory that malloc may keep; lower: more
 * reserved address space and a higher `process.memoryUsage().arrayBuffers` for small heaps.
 */
const MIN_MAPPED_BYTES = 1024 * 1024;

/**
 * Planes up to this length are left to the garbage collector, until a buffer was detached for another reason: all that a heap outgrows
 * before it reserves planes for 1 GiB, 8 MiB together. Higher: more memory that waits for a collection; lower: growing heaps get slower.
 */
const MAX_LEFT_BYTES = 4 * 1024 * 1024;

/** Whether a buffer of this isolate was detached here. */
let hasDetached = false;

interface ClosablePort {
  postMessage(message: unknown, transfer: readonly ArrayBufferLike[]): void;
  close(): void;
}

/** A global of every host; typed here because no ECMAScript library declares it. */
declare const MessageChannel: new () => {
  readonly port1: ClosablePort;
  readonly port2: ClosablePort;
};

const capabilities: SourceCapabilities = {
  name: "ArrayBuffer",
  canRelease: true,
  isShared: false,
  // Chromium's limit for one buffer, the lowest of the engines.
  maxByteLength: 2 ** 31 - 2 ** 21,
};

/**
 * Memory from `ArrayBuffer`s, one for each top chunk, returned to the OS when a chunk is released.
 *
 * `process.memoryUsage().arrayBuffers` counts the reserved length, which for chunks from 1 MiB to 16 MiB is 33 MiB:
 * read `arena.stats()` and the resident set size instead.
 * @public
 */
export class ArrayBufferSource implements BufferSource, PlaneSource {
  readonly capabilities: SourceCapabilities = capabilities;

  /** Planes are made as top chunks are. */
  get planes(): PlaneSource {
    return this;
  }

  acquire(byteLength: number): BufferRange {
    const isMapped = byteLength >= MIN_MAPPED_BYTES && byteLength < MAPPED_BYTES;
    return {
      buffer: isMapped ? mappedBuffer(byteLength) : new ArrayBuffer(byteLength),
      byteOffset: 0,
    };
  }

  release(range: BufferRange): void {
    // A buffer that a program transferred away has no memory left, and cannot be detached again.
    if (range.buffer.byteLength !== 0) detach(range.buffer);
  }

  acquirePlane(byteLength: number): BufferRange {
    if (byteLength > MAX_LEFT_BYTES) return this.acquire(byteLength);
    return { buffer: new ArrayBuffer(byteLength), byteOffset: 0 };
  }

  releasePlane(range: BufferRange): void {
    if (hasDetached || range.buffer.byteLength > MAX_LEFT_BYTES) this.release(range);
  }
}

/** A buffer that is mapped by itself, or where address space is short one of just `byteLength`. */
function mappedBuffer(byteLength: number): ArrayBuffer {
  try {
    return new ArrayBuffer(MAPPED_BYTES);
  } catch {
    return new ArrayBuffer(byteLength);
  }
}

/** Ends the life of a buffer's memory now, without waiting for the garbage collector. */
function detach(buffer: ArrayBufferLike): void {
  hasDetached = true;
  // Node 20 and browsers before 2024 do not have it.
  if ("transfer" in buffer) {
    buffer.transfer(0);
    return;
  }
  const { port1, port2 } = new MessageChannel();
  try {
    port1.postMessage(null, [buffer]);
  } finally {
    // Both ends: with one left open the message, and the memory in it, would stay queued.
    port1.close();
    port2.close();
  }
}
