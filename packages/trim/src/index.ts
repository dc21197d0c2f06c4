/**
 * Downsizing: which empty top chunks go back to the system.
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
  type CheckLevel,
  ChunkInUseError,
  type ContextFigures,
  type ContextKind,
  ContextMark,
  type ContextOptions,
  type ContextStats,
  CorruptionError,
  DoubleFreeError,
  Heap,
  type HeapOptions,
  type HeapStats,
  InvalidAddressError,
  InvalidAlignmentError,
  InvalidOptionError,
  InvalidParentError,
  InvalidSizeError,
  LimitExceededError,
  MAX_ALLOC_BYTES,
  MemoryContext,
  NULL_ADDRESS,
  OutOfMemoryError,
  type OutOfMemoryNumbers,
  PAGE_BYTES,
  PerflocError,
  ReentrancyError,
  ReleaseFailedError,
  ResetCallbackError,
  type ResetOptions,
  type SourceCapabilities,
  StaleMarkError,
  TopChunk,
  UseAfterDropError,
  WrongKindError,
} from "@perfloc/context";
export { type RetainOptions, immediate, keepAll, retain } from "./policies.js";
export { type ChunkFacts, type TrimFacts } from "./trim-facts.js";
export { type TrimAction, type TrimPlan } from "./trim-plan.js";
export { type TrimDecision, type TrimPolicy } from "./trim-policy.js";
export {
  type TrimFailure,
  type TrimReport,
  Trimmer,
  type TrimmerOptions,
  type TrimmerStats,
} from "./trimmer.js";
