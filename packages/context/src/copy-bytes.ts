/** Copies an object's bytes to another place of the heap, in the same top chunk or another. */
import type { Address, Arena } from "@perfloc/arena";
import type { ProcessChunk } from "./process-chunk.js";

/** Up to this many bytes a loop over words beats the fixed cost of the engine's copy. */
const LOOP_BYTES = 256;

/** Objects of any length. Both addresses are multiples of 8, and the ranges do not overlap. */
export function copyBytes(arena: Arena, from: Address, to: Address, byteLength: number): void {
  const source = arena.chunkAt(from);
  const target = arena.chunkAt(to);
  const start = from - source.base;
  target.u8.set(source.u8.subarray(start, start + byteLength), to - target.base);
}

/** Slots: the same for whole words, between process chunks that are known. */
export function copyWords(
  source: ProcessChunk,
  from: Address,
  target: ProcessChunk,
  to: Address,
  byteLength: number,
): void {
  const read = source.words;
  const write = target.words;
  const start = (from - source.topBase) >>> 2;
  const first = (to - target.topBase) >>> 2;
  const words = byteLength >>> 2;
  if (byteLength > LOOP_BYTES) write.set(read.subarray(start, start + words), first);
  else for (let word = 0; word < words; word++) write[first + word] = read[start + word]!;
}
