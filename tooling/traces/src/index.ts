export { binaryTrace, BINARY_CONTEXT_MAGIC, BINARY_MALLOC_MAGIC } from "./binary-trace.js";
export {
  OP_ALLOC,
  OP_CREATE,
  OP_DROP,
  OP_FREE,
  OP_REALLOC,
  OP_REPARENT,
  OP_RESET,
  OP_THREAD,
  RECORD_LENGTH,
} from "./opcode.js";
export { parseTrace } from "./parse-trace.js";
export { readTrace } from "./read-trace.js";
export { findSharedTraces } from "./shared-traces.js";
export { shippedTraces, type ShippedTrace } from "./shipped-traces.js";
export { KNOWN_KINDS, type ContextTrace, type MallocTrace, type Trace } from "./trace.js";
export { TraceFormatError } from "./trace-format-error.js";
