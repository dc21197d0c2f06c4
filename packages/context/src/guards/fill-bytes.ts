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
import { MAX_ALLOC_BYTES } from "../allocation-request.js";

/** Of an object that was not written to yet. */
export const FRESH_BYTE = 0xd0;
/** Of an object in quarantine. */
export const FREED_BYTE = 0xdf;
/** Behind an object. */
export const CANARY_BYTE = 0xde;

/** Least length of a canary. Shorter would miss a stray double; longer costs every guarded object that much. */
const CANARY_BYTES = 8;

/** What to ask for, so that `byteLength` bytes and a canary have room; 0 when that is more than can be had. */
export function withCanary(byteLength: number): number {
  return byteLength <= MAX_ALLOC_BYTES - CANARY_BYTES ? byteLength + CANARY_BYTES : 0;
}

/** Up to this many bytes a loop over words of eight bytes beats the fixed cost of the engine's fill. */
const LOOP_BYTES = 512;

/** Eight such bytes as one number: filling eight at a time, which is one store for the engine. None of the three is a NaN. */
function eightOf(byte: number): number {
  if (byte === FREED_BYTE) return EIGHT_FREED;
  return byte === CANARY_BYTE ? EIGHT_CANARY : EIGHT_FRESH;
}

const EIGHT_FRESH = asDouble(FRESH_BYTE);
const EIGHT_FREED = asDouble(FREED_BYTE);
const EIGHT_CANARY = asDouble(CANARY_BYTE);

function asDouble(byte: number): number {
  return new Float64Array(new Uint8Array(8).fill(byte).buffer)[0]!;
}

/** Fills the bytes [from, to) of a top chunk with one value; both count from its base. */
export function fillBytes({ f64, u8 }: TopChunk, from: number, to: number, byte: number): void {
  if (to - from > LOOP_BYTES) {
    u8.fill(byte, from, to);
    return;
  }
  const eight = eightOf(byte);
  let at = from;
  for (; at < to && (at & 7) !== 0; at++) u8[at] = byte;
  for (; at + 8 <= to; at += 8) f64[at >>> 3] = eight;
  for (; at < to; at++) u8[at] = byte;
}

/**
 * The first of the bytes [from, to) of a top chunk that is not `byte`; -1 when all are, and when the memory is gone: the owner of
 * the arena may have disposed it.
 */
export function findOverwritten(chunk: TopChunk, from: number, to: number, byte: number): number {
  if (!chunk.isHeld) return -1;
  const { f64, u8 } = chunk;
  const eight = eightOf(byte);
  let at = from;
  for (; at < to && (at & 7) !== 0; at++) if (u8[at] !== byte) return at;
  while (at + 8 <= to && f64[at >>> 3] === eight) at += 8;
  for (; at < to; at++) if (u8[at] !== byte) return at;
  return -1;
}
