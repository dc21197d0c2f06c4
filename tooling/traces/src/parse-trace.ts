import { gunzipSync } from "node:zlib";
import { ByteCursor } from "./byte-cursor.js";
import { parseContextTrace } from "./parse-context-trace.js";
import { parseMallocTrace } from "./parse-malloc-trace.js";
import type { Trace } from "./trace.js";
import { TraceFormatError } from "./trace-format-error.js";

const HASH = 0x23;
const DIGIT_ZERO = 0x30;
const DIGIT_NINE = 0x39;

/**
 * Parses a trace of either format, gzipped or not; both are told apart by their first bytes. The
 * whole trace is checked: what this returns can be replayed without further checks.
 *
 * @param bytes - the file's content.
 * @param file - the file's name, for errors and for the trace's name.
 * @throws TraceFormatError if the bytes are empty, a broken gzip stream, or not a sound trace.
 */
export function parseTrace(bytes: Uint8Array, file: string): Trace {
  if (bytes.length === 0) throw new TraceFormatError(file, undefined, "a trace", "an empty file");
  const cursor = new ByteCursor(isGzip(bytes) ? unzip(bytes, file) : bytes, file);
  const first = cursor.peek();
  if (first === HASH) return parseContextTrace(cursor, traceName(file));
  if (first >= DIGIT_ZERO && first <= DIGIT_NINE) return parseMallocTrace(cursor, traceName(file));
  return cursor.fail('a trace\'s header: "# contexts ..." or a number');
}

function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

function unzip(bytes: Uint8Array, file: string): Uint8Array {
  try {
    return gunzipSync(bytes);
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause);
    throw new TraceFormatError(file, undefined, "a whole gzip stream", found, { cause });
  }
}

/** `some/where/jq.rep.gz` is named `jq`. */
function traceName(file: string): string {
  const baseName = file.slice(Math.max(file.lastIndexOf("/"), file.lastIndexOf("\\")) + 1);
  return baseName.replace(/(\.mct|\.rep)?(\.gz)?$/, "");
}
