/** UTF-8 in the bytes of a chunk: the size of a string, encoding and decoding. Without TextEncoder, since names are short. */

/** Bytes of a string in UTF-8. Halves of surrogate pairs count 3. */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) bytes += 1;
    else if (unit < 0x800) bytes += 2;
    else if (isPair(text, index)) {
      bytes += 4;
      index++;
    } else bytes += 3;
  }
  return bytes;
}

/** Writes a string at `offset` and returns the offset after it. There is room for `utf8Length(text)` bytes. */
export function writeUtf8(bytes: Uint8Array, offset: number, text: string): number {
  let at = offset;
  for (let index = 0; index < text.length; index++) {
    const point = text.codePointAt(index)!;
    if (point < 0x80) bytes[at++] = point;
    else if (point < 0x800) {
      bytes[at++] = 0xc0 | (point >> 6);
      bytes[at++] = 0x80 | (point & 0x3f);
    } else if (point < 0x10000) {
      bytes[at++] = 0xe0 | (point >> 12);
      bytes[at++] = 0x80 | ((point >> 6) & 0x3f);
      bytes[at++] = 0x80 | (point & 0x3f);
    } else {
      bytes[at++] = 0xf0 | (point >> 18);
      bytes[at++] = 0x80 | ((point >> 12) & 0x3f);
      bytes[at++] = 0x80 | ((point >> 6) & 0x3f);
      bytes[at++] = 0x80 | (point & 0x3f);
      index++;
    }
  }
  return at;
}

/**
 * The string in the bytes from `offset` to `end`, as a TextDecoder reads them that keeps the byte order mark: U+FFFD for each byte that
 * begins no character, and one for a truncated character.
 */
export function readUtf8(bytes: Uint8Array, offset: number, end: number): string {
  let text = "";
  let at = offset;
  while (at < end) {
    const lead = bytes[at]!;
    const length = lead < 0x80 ? 1 : wellFormedLength(bytes, at, end);
    const isWhole = length === lengthOf(lead);
    text += String.fromCodePoint(isWhole ? pointAt(bytes, at, length) : REPLACEMENT);
    at += length;
  }
  return text;
}

const REPLACEMENT = 0xfffd;

function isPair(text: string, index: number): boolean {
  return text.codePointAt(index)! > 0xffff;
}

/** Bytes of the character that `lead` begins; 0 where it begins none. */
function lengthOf(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  if (lead >= 0xf0) return 4;
  return lead >= 0xe0 ? 3 : 2;
}

/** How many bytes from `at` on may be the beginning of a character: 1 at least, all of it at most. */
function wellFormedLength(bytes: Uint8Array, at: number, end: number): number {
  const lead = bytes[at]!;
  const limit = Math.min(lengthOf(lead), end - at);
  let length = 1;
  while (length < limit && isNext(lead, length, bytes[at + length]!)) length++;
  return length;
}

/** The least second byte after some lead bytes: below it the sequence would be overlong. */
const LEAST_SECOND: { readonly [lead: number]: number } = { 0xe0: 0xa0, 0xf0: 0x90 };

/** The greatest: above it are surrogates, and what lies beyond U+10FFFF. */
const MOST_SECOND: { readonly [lead: number]: number } = { 0xed: 0x9f, 0xf4: 0x8f };

/** Whether a byte can be at `index` of a character. */
function isNext(lead: number, index: number, byte: number): boolean {
  if (index > 1) return (byte & 0xc0) === 0x80;
  return byte >= (LEAST_SECOND[lead] ?? 0x80) && byte <= (MOST_SECOND[lead] ?? 0xbf);
}

/** The code point of a well-formed sequence. */
function pointAt(bytes: Uint8Array, at: number, length: number): number {
  let point = length === 1 ? bytes[at]! : bytes[at]! & (0x7f >> length);
  for (let index = 1; index < length; index++) point = (point << 6) | (bytes[at + index]! & 0x3f);
  return point;
}
