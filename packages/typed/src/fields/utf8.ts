/** UTF-8 in the bytes of a chunk: how long a string is, and both directions. Without TextEncoder: names are short. */

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

/** Writes a string at `offset` and answers the byte behind it. There is room for `utf8Length(text)` bytes. */
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

/** The string in the bytes from `offset` to `end`; U+FFFD for each byte that is part of no character. */
export function readUtf8(bytes: Uint8Array, offset: number, end: number): string {
  let text = "";
  let at = offset;
  while (at < end) {
    const lead = bytes[at]!;
    const length = lead < 0x80 ? 1 : sequenceLength(lead);
    const point = lead < 0x80 ? lead : sequenceAt(bytes, at, end, length);
    text += String.fromCodePoint(point < 0 ? 0xfffd : point);
    at += point < 0 ? 1 : length;
  }
  return text;
}

function isPair(text: string, index: number): boolean {
  return text.codePointAt(index)! > 0xffff;
}

function sequenceLength(lead: number): number {
  if (lead >= 0xf0) return 4;
  return lead >= 0xe0 ? 3 : 2;
}

/** The smallest code point that a sequence of each length may stand for. */
const LEAST = [0, 0, 0x80, 0x800, 0x10000];

/** The code point of a sequence of more than one byte; -1 when it is malformed, overlong or a surrogate. */
function sequenceAt(bytes: Uint8Array, at: number, end: number, length: number): number {
  if (bytes[at]! < 0xc2 || bytes[at]! > 0xf4 || at + length > end) return -1;
  let point = bytes[at]! & (0x7f >> length);
  for (let index = 1; index < length; index++) {
    const next = bytes[at + index]!;
    if ((next & 0xc0) !== 0x80) return -1;
    point = (point << 6) | (next & 0x3f);
  }
  const isSurrogate = point >= 0xd800 && point <= 0xdfff;
  return point < LEAST[length]! || point > 0x10ffff || isSurrogate ? -1 : point;
}
