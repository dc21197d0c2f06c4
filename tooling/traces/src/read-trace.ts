import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseTrace } from "./parse-trace.js";
import type { Trace } from "./trace.js";
import { TraceFormatError } from "./trace-format-error.js";

/**
 * Reads and parses one trace file.
 *
 * @throws TraceFormatError if the file cannot be read, or for any reason {@link parseTrace} has.
 */
export function readTrace(file: string | URL): Trace {
  const path = typeof file === "string" ? file : fileURLToPath(file);
  return parseTrace(readBytes(path), path);
}

function readBytes(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause);
    throw new TraceFormatError(path, undefined, "a readable file", found, { cause });
  }
}
