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
  ReleaseFailedError,
  type SourceCapabilities,
  TopChunk,
  UseAfterDropError,
} from "@perfloc/arena";
export { InvalidAlignmentError, MAX_ALLOC_BYTES } from "./allocation-request.js";
export { type CheckOptions } from "./checks/check-options.js";
export { type AllocationSite, type HeapReport } from "./checks/heap-report.js";
export { type HeapLeak, type OpenContext } from "./checks/leak-watch.js";
export {
  BufferOverrunError,
  type GuardedObject,
  LeakError,
  UseAfterFreeError,
} from "./checks/guard-errors.js";
export { ContextMark } from "./context-mark.js";
export { type ContextKind, type ContextOptions } from "./context-options.js";
export { type ContextFigures, type ContextStats } from "./context-stats.js";
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
} from "./heap-events.js";
export { type CheckLevel } from "./heap-state.js";
export { type HeapStats } from "./heap-stats.js";
export { Lifetime } from "./lifetime.js";
export { MemoryContext, type ResetOptions } from "./memory-context.js";
