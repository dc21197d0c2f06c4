/**
 * Typed struct views over Perfloc memory.
 *
 * @packageDocumentation
 */
export {
  type Address,
  type AllocationSite,
  allOf,
  anyOf,
  Arena,
  type ArenaOptions,
  type ArenaStats,
  ArrayBufferSource,
  BREAK_EVEN_MS,
  BufferOverrunError,
  type BufferRange,
  type BufferSource,
  type CheckLevel,
  type CheckOptions,
  type ChunkEvent,
  type ChunkFacts,
  type ChunkGap,
  ChunkInUseError,
  type ContextEvent,
  type ContextFigures,
  type ContextKind,
  ContextMark,
  type ContextOptions,
  type ContextStats,
  CorruptionError,
  decay,
  type DecayOptions,
  defaultPolicy,
  DoubleFreeError,
  type DoubleFreeSites,
  EMPTY_LEDGER,
  type GuardedObject,
  type ForwardEvent,
  type HeldWatcher,
  type HeapLeak,
  type HeapEvents,
  type HeapOptions,
  type HeapReport,
  type HeapStats,
  immediate,
  InvalidAddressError,
  InvalidAlignmentError,
  InvalidOptionError,
  InvalidParentError,
  InvalidSizeError,
  keepAll,
  LeakError,
  limit,
  Lifetime,
  LimitExceededError,
  type LimitOptions,
  makeFacts,
  MAX_ALLOC_BYTES,
  type MisuseEvent,
  type MemoryPressure,
  NULL_ADDRESS,
  observeLedger,
  type OpenContext,
  type OutOfMemoryEvent,
  OutOfMemoryError,
  type OutOfMemoryNumbers,
  PAGE_BYTES,
  patientDecay,
  type PatientDecayOptions,
  peakWindow,
  type PeakWindowOptions,
  PerflocError,
  ratioToOptimum,
  ReentrancyError,
  ReleaseFailedError,
  ResetCallbackError,
  type ResetOptions,
  retain,
  type RetainOptions,
  type SourceCapabilities,
  StaleMarkError,
  thrashGuard,
  type ThrashGuardOptions,
  threshold,
  type ThresholdOptions,
  TopChunk,
  type TrimAction,
  type TrimDecision,
  type TrimFacts,
  type TrimFailure,
  TrimInProgressError,
  type TrimLedger,
  Trimmer,
  type TrimmerOptions,
  type TrimmerStats,
  type TrimOptions,
  type TrimPace,
  type TrimPlan,
  type TrimPolicy,
  type TrimReport,
  UseAfterDropError,
  UseAfterFreeError,
  WrongKindError,
} from "@perfloc/trim";
export { Heap, MemoryContext } from "./heap.js";
export { type AbiName } from "./layout/abi.js";
export { type MakeFunctions, provideFunctions } from "./made/provided-functions.js";
export {
  type ArrayFieldView,
  type ArrayInput,
  type ArrayType,
  array,
  mat,
  vec,
} from "./fields/array-type.js";
export { type AtomicField } from "./views/atomic-field.js";
export {
  type BitsFieldType,
  type BitValue,
  type BitValues,
  type BitWidths,
  bits,
} from "./fields/bits-type.js";
export { Collection } from "./collections/collection.js";
export { InvalidKeyError, InvalidStringError, MapChangedError } from "./collections/errors.js";
export { HashMap, type HashMapEntry, type HashMapOptions } from "./collections/hash-map.js";
export { Utf8 } from "./collections/utf8.js";
export { utf8 } from "./collections/utf8-type.js";
export { Vec, type VecOptions } from "./collections/vec.js";
export {
  type Column,
  type ElementsOf,
  type ScalarArrays,
  type StructColumns,
} from "./views/columns.js";
export {
  type Cursor,
  type CursorOf,
  type FollowingCursor,
  type ReferenceName,
  type StructCursor,
} from "./views/cursor.js";
export { equalViews } from "./views/equal-views.js";
export {
  IndexOutOfBoundsError,
  InvalidStructError,
  InvalidTypeError,
  InvalidValueError,
  NullReferenceError,
  StringTooLongError,
  UnknownFieldError,
  WrongTargetError,
} from "./errors.js";
export { f16 } from "./fields/f16.js";
export {
  type CheckedFields,
  type DeclaredFields,
  type HasReadonly,
  type StructFields,
} from "./fields/field-names.js";
export { type FieldPath, type PartPath } from "./views/field-path.js";
export {
  type ArrayStatics,
  type FieldStatics,
  type IntegerStatics,
  type RecordStatics,
  type StaticsOf,
  type StructStatics,
} from "./views/field-statics.js";
export { type FieldFaces, FieldType, ValueType, ViewType } from "./fields/field-type.js";
export { char, text } from "./fields/fixed-string.js";
export { custom, type CustomCodec, date, enumOf, i53 } from "./fields/mapped-types.js";
export { aligned, be, clamping, le, type Modified, wrapping } from "./fields/modified-type.js";
export {
  nullable,
  type Ref,
  ref,
  type RefFieldType,
  type RefTo,
  selfRef,
  type SelfRefFieldType,
} from "./fields/ref-type.js";
export {
  bool,
  f32,
  f64,
  i16,
  i32,
  i64,
  i8,
  ScalarType,
  u16,
  u32,
  u64,
  u8,
} from "./fields/scalar.js";
export { type BufferView } from "./views/buffer-view.js";
export { type RangePolicy } from "./layout/scalar-facts.js";
export { type IntegerName, type ScalarName, type ScalarValue } from "./layout/scalar-name.js";
export { type StructArray } from "./views/struct-array.js";
export {
  type FieldInput,
  type FieldLive,
  type FieldValue,
  type FieldView,
  type StructInput,
  type StructObject,
  type StructProperties,
  type StructView,
  type ViewOf,
} from "./fields/struct-fields.js";
export { struct, Struct } from "./struct.js";
export type { StructOptions } from "./layout/struct-options.js";
export {
  type TaggedInput,
  type TaggedValue,
  type TaggedView,
  tagged,
} from "./fields/tagged-type.js";
export { union, type UnionFieldType } from "./fields/union-type.js";
export { weak } from "./fields/weak-type.js";
