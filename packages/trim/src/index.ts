/**
 * Downsizing: which empty top chunks go back to the system.
 *
 * @packageDocumentation
 */
export {
  type Address,
  type AllocationSite,
  Arena,
  type ArenaOptions,
  type ArenaStats,
  ArrayBufferSource,
  BufferOverrunError,
  type BufferRange,
  type BufferSource,
  type CheckLevel,
  type CheckOptions,
  type ChunkEvent,
  ChunkInUseError,
  type ContextEvent,
  type ContextFigures,
  type ContextKind,
  ContextMark,
  type ContextOptions,
  type ContextStats,
  CorruptionError,
  DoubleFreeError,
  type DoubleFreeSites,
  type GuardedObject,
  type ForwardEvent,
  type HeldWatcher,
  Heap,
  type HeapLeak,
  type HeapEvents,
  type HeapOptions,
  type HeapReport,
  type HeapStats,
  InvalidAddressError,
  InvalidAlignmentError,
  InvalidOptionError,
  InvalidParentError,
  InvalidSizeError,
  LeakError,
  Lifetime,
  LimitExceededError,
  MAX_ALLOC_BYTES,
  MemoryContext,
  type MisuseEvent,
  NULL_ADDRESS,
  OutOfMemoryError,
  type OutOfMemoryNumbers,
  type OpenContext,
  type OutOfMemoryEvent,
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
  UseAfterFreeError,
  WrongKindError,
} from "@perfloc/context";
export { TrimInProgressError } from "./errors.js";
export { type MemoryPressure } from "./memory-pressure.js";
export { allOf, anyOf } from "./policies/compose.js";
export { type DecayOptions, decay } from "./policies/decay.js";
export { defaultPolicy } from "./policies/default-policy.js";
export { immediate, keepAll } from "./policies/extremes.js";
export { type LimitOptions, limit } from "./policies/limit.js";
export { type PatientDecayOptions, patientDecay } from "./policies/patient-decay.js";
export { type PeakWindowOptions, peakWindow } from "./policies/peak-window.js";
export { type RetainOptions, retain } from "./policies/retain.js";
export { type ThrashGuardOptions, thrashGuard } from "./policies/thrash-guard.js";
export { type ThresholdOptions, threshold } from "./policies/threshold.js";
export { type TrimPace } from "./release-pace.js";
export { type ChunkFacts, type TrimFacts, makeFacts } from "./trim-facts.js";
export {
  BREAK_EVEN_MS,
  EMPTY_LEDGER,
  type ChunkGap,
  type TrimLedger,
  observeLedger,
  ratioToOptimum,
} from "./trim-ledger.js";
export { type TrimAction, type TrimPlan } from "./trim-plan.js";
export { type TrimDecision, type TrimPolicy } from "./trim-policy.js";
export {
  type TrimFailure,
  type TrimOptions,
  type TrimReport,
  Trimmer,
  type TrimmerOptions,
  type TrimmerStats,
} from "./trimmer.js";
