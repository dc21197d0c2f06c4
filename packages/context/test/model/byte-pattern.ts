/**
 * What tests write into objects: every byte is a function of a seed and of its index in the object, so that a byte that
 * was lost, moved or overwritten is recognized without a copy of the object.
 *
 * Written a word at a time straight into the top chunk's arrays: an object lies in one top chunk and begins 8-aligned.
 */
import type { Address, Arena } from "@perfloc/context";

/** The word at `index` (in words of four bytes) of an object filled with `seed`. */
function wordOf(seed: number, index: number): number {
  return Math.imul(seed ^ Math.imul(index + 1, 0x85ebca6b), 0x9e3779b1) ^ 0x5bd1e995;
}

/** The byte at `index` (in bytes); words lie little-endian in memory. */
function byteOf(seed: number, index: number): number {
  return (wordOf(seed, index >>> 2) >>> ((index & 3) << 3)) & 0xff;
}

/** Writes the bytes [from, to) of the object at `address`. */
export function fillPattern(
  arena: Arena,
  address: Address,
  seed: number,
  from: number,
  to: number,
): void {
  const chunk = arena.chunkAt(address);
  const { i32, u8 } = chunk;
  const start = address - chunk.base;
  let index = from;
  for (; index < to && (index & 3) !== 0; index++) u8[start + index] = byteOf(seed, index);
  for (; index + 4 <= to; index += 4) i32[(start + index) >>> 2] = wordOf(seed, index >>> 2);
  for (; index < to; index++) u8[start + index] = byteOf(seed, index);
}

/** The first of the bytes [0, byteLength) that is not as `fillPattern` wrote it; -1 when all are. */
export function findDamage(
  arena: Arena,
  address: Address,
  seed: number,
  byteLength: number,
): number {
  const chunk = arena.chunkAt(address);
  const { i32, u8 } = chunk;
  const start = address - chunk.base;
  let index = 0;
  for (; index + 4 <= byteLength; index += 4) {
    if (i32[(start + index) >>> 2] !== wordOf(seed, index >>> 2)) return index;
  }
  for (; index < byteLength; index++) if (u8[start + index] !== byteOf(seed, index)) return index;
  return -1;
}
