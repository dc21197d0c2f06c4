import { RECORD_LENGTH } from "./opcode.js";
import type { Trace } from "./trace.js";

/** "PLCT" and "PLMT" as they lie in memory on a little-endian machine. */
export const BINARY_CONTEXT_MAGIC = 0x54434c50;
export const BINARY_MALLOC_MAGIC = 0x544d4c50;

const HEADER_LENGTH = 4;

/**
 * Makes the bytes that the native replay programs read (`tooling/bench/native`), so that they need
 * no parser: 32-bit integers in the byte order of this machine.
 *
 *     [magic, record count, object count, context count]  then the records of Trace.ops
 *
 * The record count includes `OP_THREAD` records; the context count of a malloc trace is 0.
 */
export function binaryTrace(trace: Trace): Uint8Array<ArrayBuffer> {
  const words = new Int32Array(HEADER_LENGTH + trace.ops.length);
  const isContexts = trace.kind === "contexts";
  words[0] = isContexts ? BINARY_CONTEXT_MAGIC : BINARY_MALLOC_MAGIC;
  words[1] = trace.ops.length / RECORD_LENGTH;
  words[2] = trace.objectCount;
  words[3] = isContexts ? trace.contextCount : 0;
  words.set(trace.ops, HEADER_LENGTH);
  return new Uint8Array(words.buffer);
}
