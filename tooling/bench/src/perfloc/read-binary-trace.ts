import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { BINARY_MALLOC_MAGIC, type ContextTrace, readTrace } from "@perfloc-tooling/traces";
import type { MallocCalls } from "./malloc-replay.js";

const HEADER_LENGTH = 4;

/** Reads what `binaryTrace` made of a malloc trace, as the programs in C do. Its maker has checked it. */
export function readBinaryTrace(path: string): MallocCalls {
  const { buffer, byteOffset, byteLength } = readFileSync(path);
  const words = new Int32Array(buffer, byteOffset, byteLength / Int32Array.BYTES_PER_ELEMENT);
  if (words[0] !== BINARY_MALLOC_MAGIC) throw new TypeError(`${path}: expected a malloc trace`);
  return {
    kind: "malloc",
    name: basename(path),
    objectCount: words[2]!,
    ops: words.slice(HEADER_LENGTH),
  };
}

/** A binary trace by the name that rows give it, or a text trace. */
export function readAnyTrace(path: string): ContextTrace | MallocCalls {
  return path.endsWith(".bin") ? readBinaryTrace(path) : readTrace(path);
}
