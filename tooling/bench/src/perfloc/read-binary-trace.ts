import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { BINARY_MALLOC_MAGIC } from "@perfloc-tooling/traces";
import type { MallocCalls } from "./malloc-replay.js";

const HEADER_LENGTH = 4;

/** Reads what `binaryTrace` made of a malloc trace, as the programs in C do. Its maker has checked it. */
export function readBinaryTrace(path: string): MallocCalls {
  const { buffer, byteOffset, byteLength } = readFileSync(path);
  const words = new Int32Array(buffer, byteOffset, byteLength / Int32Array.BYTES_PER_ELEMENT);
  if (words[0] !== BINARY_MALLOC_MAGIC) throw new TypeError(`${path}: expected a malloc trace`);
  return { name: basename(path), objectCount: words[2]!, ops: words.slice(HEADER_LENGTH) };
}
