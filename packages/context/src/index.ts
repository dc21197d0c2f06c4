/**
 * Memory contexts: scopes that own what is allocated in them.
 *
 * @packageDocumentation
 */
export {
  type Address,
  Arena,
  type ArenaOptions,
  type ArenaStats,
  ArrayBufferSource,
  type BufferRange,
  type BufferSource,
  ChunkInUseError,
  CorruptionError,
  type HeldWatcher,
  InvalidAddressError,
  InvalidOptionError,
  InvalidSizeError,
  LimitExceededError,
  NULL_ADDRESS,
  OutOfMemoryError,
  type OutOfMemoryNumbers,
  PAGE_BYTES,
  PerflocError,
  type PlaneSource,
  ReleaseFailedError,
  type SourceCapabilities,
  TopChunk,
  UseAfterDropError,
} from "@perfloc/arena";
export { InvalidAlignmentError, MAX_ALLOC_BYTES } from "./allocation-request.js";
export { type CheckOptions } from "./guards/check-options.js";
export { type AllocationSite, type HeapReport } from "./guards/heap-report.js";
export { type HeapLeak, type OpenContext } from "./guards/leak-watch.js";
export {
  BufferOverrunError,
  type GuardedObject,
  LeakError,
  UseAfterFreeError,
} from "./guards/guard-errors.js";
export { ContextMark } from "./scopes/context-mark.js";
export { type ContextKind, type ContextOptions } from "./context-options.js";
export { type ContextFigures } from "./report/context-figures.js";
export { type ContextStats } from "./report/context-stats.js";
export {
  DoubleFreeError,
  type DoubleFreeSites,
  InvalidParentError,
  ReentrancyError,
  ResetCallbackError,
  StaleMarkError,
  WrongKindError,
} from "./errors.js";
export { Heap, type HeapOptions } from "./heap.js";
export {
  type ChunkEvent,
  type ContextEvent,
  type ForwardEvent,
  type HeapEvents,
  type MisuseEvent,
  type OutOfMemoryEvent,
} from "./events/heap-events.js";
export { type CheckLevel } from "./tables/context-node.js";
export { type HeapStats } from "./report/heap-stats.js";
export { Lifetime } from "./scopes/lifetime.js";
export { MemoryContext, type ParentHeap, type ResetOptions } from "./memory-context.js";
