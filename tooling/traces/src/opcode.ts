/**
 * How one operation of a trace lies in `Trace.ops`: a record of {@link RECORD_LENGTH} integers.
 *
 *     [opcode,      a,       b,           c         ]
 *      OP_ALLOC     context  object       bytes
 *      OP_REALLOC   context  object       new bytes
 *      OP_FREE      context  object       0
 *      OP_CREATE    context  parent       kind number
 *      OP_RESET     context  0            0
 *      OP_REPARENT  context  new parent   0
 *      OP_DROP      context  0            0
 *      OP_THREAD    thread   0            0
 *
 * The text of a trace names no context in `f` and `r`; the parser knows it and writes it down, so
 * that a replay needs no table from object to context. In malloc traces the context is always 0.
 *
 * Plain constants and not an enum object, so that a replay loop compares against literals. Counted
 * from 1, so that a record of zeros (memory never written) is no valid operation.
 */
export const OP_ALLOC = 1;
export const OP_FREE = 2;
export const OP_REALLOC = 3;
export const OP_CREATE = 4;
export const OP_RESET = 5;
export const OP_REPARENT = 6;
export const OP_DROP = 7;
export const OP_THREAD = 8;

/** Integers per record in `Trace.ops`. */
export const RECORD_LENGTH = 4;
