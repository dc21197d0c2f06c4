/**
 * The bytes that guarded objects are filled with, and the search for those that were overwritten. The values are mimalloc's
 * (MI_DEBUG_UNINIT, MI_DEBUG_FREED, MI_DEBUG_PADDING): odd as lengths, addresses and floats, easy to spot in a dump.
 *
 *   live    | user bytes, at first d0 d0 ... | canary: de de ... de |
 *           address                          + byteLength           + capacity
 *   freed   | df df df ...                                          |
 *
 * The canary has no zero byte: what is written one past the end most often is a zero.
 */
import type { TopChunk } from "@perfloc/arena";

/** Of an object that nobody has written to. */
export const FRESH_BYTE = 0xd0;
/** Of an object in quarantine. */
export const FREED_BYTE = 0xdf;
/** Behind an object. */
export const CANARY_BYTE = 0xde;

/** Least length of a canary. Shorter would miss a stray double; longer costs every guarded object that much. */
export const CANARY_BYTES = 8;

/** Up to this many bytes a loop over words beats the fixed cost of the engine's fill. */
const LOOP_BYTES = 256;

/** Fills the bytes [from, to) of a top chunk with one value; both count from its base. */
export function fillBytes({ i32, u8 }: TopChunk, from: number, to: number, byte: number): void {
  if (to - from > LOOP_BYTES) {
    u8.fill(byte, from, to);
    return;
  }
  const word = (byte * 0x01010101) | 0;
  let at = from;
  for (; at < to && (at & 3) !== 0; at++) u8[at] = byte;
  for (; at + 4 <= to; at += 4) i32[at >>> 2] = word;
  for (; at < to; at++) u8[at] = byte;
}

/**
 * The first of the bytes [from, to) of a top chunk that is not `byte`; -1 when all are, and when the memory is gone: whoever owns
 * the arena may have disposed it.
 */
export function findOverwritten(chunk: TopChunk, from: number, to: number, byte: number): number {
  if (!chunk.isHeld) return -1;
  const { i32, u8 } = chunk;
  const word = (byte * 0x01010101) | 0;
  let at = from;
  for (; at < to && (at & 3) !== 0; at++) if (u8[at] !== byte) return at;
  while (at + 4 <= to && i32[at >>> 2] === word) at += 4;
  for (; at < to; at++) if (u8[at] !== byte) return at;
  return -1;
}
