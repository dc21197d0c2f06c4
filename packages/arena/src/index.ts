/// <reference lib="esnext.disposable" preserve="true" />
/**
 * Raw memory for the layers above: top chunks from a source, spans of pages, addresses.
 *
 * @packageDocumentation
 */
export { Arena } from "./arena.js";
export { type ArenaOptions } from "./arena-options.js";
export { type HeldWatcher } from "./chunks/chunk-watchers.js";
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
export { type Address, GRANULE_BYTES, NULL_ADDRESS, PAGE_BYTES } from "./placement/address.js";
export { MAX_SPAN_BYTES } from "./placement/span-bytes.js";
export { type ArenaStats } from "./report/arena-stats.js";
export { ArrayBufferSource } from "./sources/array-buffer-source.js";
export {
  type BufferRange,
  type BufferSource,
  type PlaneSource,
  type SourceCapabilities,
} from "./sources/buffer-source.js";
export { TopChunk } from "./tables/top-chunk.js";
