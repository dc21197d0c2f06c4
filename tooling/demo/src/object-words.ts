/**
 * What the demo writes into objects: word `i` of object `id` is `seed(id) + i`. Neighbouring ids have seeds that lie far
 * apart, so an object that overlaps another, moved wrongly or was never written does not look right by accident.
 */
import type { Address, Arena } from "@perfloc/context";

/** The golden ratio of 2^32: the multiples of it are spread evenly. */
const GOLDEN = 0x9e3779b1;

/** Writes every byte of an object. */
export function fillObject(arena: Arena, address: Address, byteLength: number, id: number): void {
  const chunk = arena.chunkAt(address);
  const offset = address - chunk.base;
  const words = chunk.i32;
  const first = offset >>> 2;
  const end = first + (byteLength >>> 2);
  const seed = seedOf(id);
  for (let word = first; word < end; word++) words[word] = seed + word - first;
  chunk.u8.fill(seed, end << 2, offset + byteLength);
}

/** Whether the first `byteLength` bytes of an object are as `fillObject` left them. */
export function holdsObject(
  arena: Arena,
  address: Address,
  byteLength: number,
  id: number,
): boolean {
  const chunk = arena.chunkAt(address);
  const offset = address - chunk.base;
  const words = chunk.i32;
  const first = offset >>> 2;
  const end = first + (byteLength >>> 2);
  const seed = seedOf(id);
  for (let word = first; word < end; word++) {
    if (words[word] !== ((seed + word - first) | 0)) return false;
  }
  const bytes = chunk.u8;
  for (let at = end << 2; at < offset + byteLength; at++) {
    if (bytes[at] !== (seed & 0xff)) return false;
  }
  return true;
}

function seedOf(id: number): number {
  return Math.imul(id + 1, GOLDEN);
}
