/**
 * Strings in the bytes of a chunk, each an object that is known by its address:
 *
 *   address -> | byteLength (u32) | bytes in UTF-8 ... |
 *
 * Functions over one chunk, whose caller found it. Short ASCII strings are read, written and compared byte by byte: below
 * SHORT_LENGTH that beats the fixed cost of the host's coders.
 */
import { type Address, type Arena, MemoryContext, type TopChunk } from "@perfloc/trim";
import { OBJECT_ALIGN } from "../layout/object-align.js";
import { InvalidStringError } from "./errors.js";
import type { TextCoder } from "./text-coder.js";

/** Bytes before those of the text. */
const HEAD_BYTES = 4;

/** Bits that are 0 in the address of every object. */
const OFF_OBJECT = OBJECT_ALIGN - 1;

/** Longest string, in bytes: an object of a context has at most 2^30. */
const MAX_TEXT_BYTES = 2 ** 30 - HEAD_BYTES;

/** Up to this many bytes a loop beats a call of the host's coder. */
const SHORT_LENGTH = 24;

/** Allocates a string. @throws InvalidStringError, and what `alloc` throws; nothing is then allocated */
export function allocText(context: MemoryContext, text: string, coder: TextCoder): Address {
  const byteLength = checkedLength(text);
  const address = context.alloc(HEAD_BYTES + byteLength);
  const chunk = context.arena.chunkAt(address);
  const offset = address - chunk.base;
  chunk.u32[offset >>> 2] = byteLength;
  writeText(chunk.u8, offset + HEAD_BYTES, byteLength, text, coder);
  return address;
}

function writeText(
  bytes: Uint8Array,
  offset: number,
  byteLength: number,
  text: string,
  coder: TextCoder,
): void {
  if (byteLength === text.length && byteLength <= SHORT_LENGTH) {
    for (let index = 0; index < byteLength; index++) bytes[offset + index] = text.charCodeAt(index);
  } else coder.encodeInto(text, bytes.subarray(offset, offset + byteLength));
}

/**
 * The top chunk around a whole string; `undefined` where none can be: the address is no object's, or the string would reach past what its
 * context has allocated there. Whether the string was freed or ended is not seen as long as other bytes lie there.
 * @param context - the context that the string has to lie in. Default: any
 */
export function chunkOfText(
  arena: Arena,
  address: Address,
  context?: MemoryContext,
): TopChunk | undefined {
  const chunk = arena.findChunk(address);
  if (chunk === undefined || (address & OFF_OBJECT) !== 0) return undefined;
  const owner = context ?? MemoryContext.at(arena, address);
  const byteLength = HEAD_BYTES + textLength(chunk, address);
  return owner?.hasRange(address, byteLength) === true ? chunk : undefined;
}

/** The string at an address of `chunk`. */
export function readText(chunk: TopChunk, address: Address, coder: TextCoder): string {
  const bytes = chunk.u8;
  const start = address - chunk.base + HEAD_BYTES;
  const end = start + textLength(chunk, address);
  if (end - start <= SHORT_LENGTH) {
    let text = "";
    let at = start;
    for (; at < end && bytes[at]! < 0x80; at++) text += String.fromCharCode(bytes[at]!);
    if (at === end) return text;
  }
  const part = bytes.subarray(start, end);
  // Browsers refuse to decode shared memory.
  return coder.decode(part.buffer instanceof ArrayBuffer ? part : part.slice());
}

/** Bytes of the string at an address of `chunk`. */
export function textLength(chunk: TopChunk, address: Address): number {
  return chunk.u32[(address - chunk.base) >>> 2]!;
}

/** Whether the string at an address of `chunk` is `text`, without decoding it. */
export function isText(chunk: TopChunk, address: Address, text: string): boolean {
  const byteLength = textLength(chunk, address);
  const units = text.length;
  // Each unit has 1 to 3 bytes.
  if (byteLength < units || byteLength > units * 3) return false;
  const bytes = chunk.u8;
  let at = address - chunk.base + HEAD_BYTES;
  const end = at + byteLength;
  for (let index = 0; index < units; index++) {
    const unit = text.charCodeAt(index);
    if (unit >= 0x80) return isRest(bytes, at, end, text, index);
    if (bytes[at++] !== unit) return false;
  }
  return at === end;
}

/** The same from the first character on that is not ASCII. */
function isRest(
  bytes: Uint8Array,
  start: number,
  end: number,
  text: string,
  from: number,
): boolean {
  let at = start;
  for (let index = from; index < text.length; index++) {
    const point = text.codePointAt(index)!;
    if (point > 0xffff) index++;
    const length = pointLength(point);
    if (at + length > end) return false;
    for (let shift = (length - 1) * 6, part = 0; part < length; shift -= 6, part++)
      if (bytes[at++] !== byteOf(point, length, shift, part)) return false;
  }
  return at === end;
}

function byteOf(point: number, length: number, shift: number, part: number): number {
  if (length === 1) return point;
  const bits = point >> shift;
  return part === 0 ? ((0xf00 >> length) & 0xff) | bits : 0x80 | (bits & 0x3f);
}

function pointLength(point: number): number {
  if (point < 0x80) return 1;
  if (point < 0x800) return 2;
  return point < 0x10000 ? 3 : 4;
}

/** Whether a string has no halves of surrogate pairs, for which UTF-8 has no bytes. */
export function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}

/** Bytes of a string in UTF-8. @throws InvalidStringError for what cannot be stored */
function checkedLength(text: unknown): number {
  if (typeof text !== "string") {
    throw new InvalidStringError(
      "PERFLOC_TYPED_INVALID_STRING",
      `could not store a ${typeof text}: it is no string`,
      "Pass a string.",
    );
  }
  let byteLength = text.length;
  let isAscii = true;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) continue;
    isAscii = false;
    // Half of a pair counts 2: the two stand for 4 bytes.
    byteLength += unit < 0x800 || (unit & 0xf800) === 0xd800 ? 1 : 2;
  }
  if (!isAscii && !isWellFormed(text)) {
    throw new InvalidStringError(
      "PERFLOC_TYPED_INVALID_STRING",
      "could not store a string: it has half of a surrogate pair, which UTF-8 has no bytes for",
      "Make it well-formed, for example with toWellFormed().",
    );
  }
  if (byteLength <= MAX_TEXT_BYTES) return byteLength;
  throw new InvalidStringError(
    "PERFLOC_TYPED_STRING_TOO_LONG",
    `could not store a string of ${byteLength} bytes: the longest has ${MAX_TEXT_BYTES}`,
    "Store it in parts.",
    byteLength,
  );
}

/** Orders two strings by their code points: negative when `a` comes first, 0 when they are the same. */
export function compareText(chunkA: TopChunk, a: Address, chunkB: TopChunk, b: Address): number {
  const lengthA = textLength(chunkA, a);
  const lengthB = textLength(chunkB, b);
  const startA = a - chunkA.base + HEAD_BYTES;
  const startB = b - chunkB.base + HEAD_BYTES;
  const bytesA = chunkA.u8;
  const bytesB = chunkB.u8;
  const common = Math.min(lengthA, lengthB);
  for (let index = 0; index < common; index++) {
    const difference = bytesA[startA + index]! - bytesB[startB + index]!;
    if (difference !== 0) return difference;
  }
  return lengthA - lengthB;
}
