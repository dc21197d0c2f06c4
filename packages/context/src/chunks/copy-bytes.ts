/** Copies an object's bytes to another place of the heap, in the same top chunk or another. */
import type { Address, Arena } from "@perfloc/arena";

/** Up to this many bytes a loop over words beats the fixed cost of the engine's copy. */
const LOOP_BYTES = 256;

/** Copies `byteLength` bytes, to the byte. Both addresses are multiples of 16, and the ranges do not overlap. */
export function copyBytes(arena: Arena, from: Address, to: Address, byteLength: number): void {
  const source = arena.chunkAt(from);
  const target = arena.chunkAt(to);
  const start = from - source.base;
  if (byteLength > LOOP_BYTES || (byteLength & 3) !== 0) {
    target.u8.set(source.u8.subarray(start, start + byteLength), to - target.base);
    return;
  }
  const read = source.i32;
  const write = target.i32;
  const first = (to - target.base) >>> 2;
  const words = byteLength >>> 2;
  for (let word = 0; word < words; word++) write[first + word] = read[(start >>> 2) + word]!;
}
