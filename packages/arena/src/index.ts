/// <reference lib="esnext.disposable" preserve="true" />
/**
 * Raw memory for the layers above: top chunks from a source, spans of pages, addresses.
 *
 * @packageDocumentation
 */
export { type Address, GRANULE_BYTES, NULL_ADDRESS, PAGE_BYTES } from "./address.js";
export { Arena, type HeldWatcher } from "./arena.js";
export { type ArenaOptions } from "./arena-options.js";
export { type ArenaStats } from "./arena-stats.js";
export { ArrayBufferSource } from "./array-buffer-source.js";
export { type BufferRange, type BufferSource, type SourceCapabilities } from "./buffer-source.js";
export {
  ChunkInUseError,
  CorruptionError,
  InvalidAddressError,
  InvalidOptionError,
  InvalidSizeError,
  LimitExceededError,
  OutOfMemoryError,
  type OutOfMemoryNumbers,
  PerflocError,
  ReleaseFailedError,
  UseAfterDropError,
} from "./errors.js";
export { type ParkingOwner } from "./parked-spans.js";
export { MAX_SPAN_BYTES } from "./span-length.js";
export { TopChunk } from "./top-chunk.js";
