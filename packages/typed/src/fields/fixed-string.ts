/**
 * Strings of fixed length, in the struct itself:
 *
 *   text(8)   | "Grüße" in UTF-8: 7 bytes | 0 |        a string ends at the first 0 or at the end of the field
 *   char(8)   one byte a character, U+0000 to U+00FF, as C's `char[8]` with plain text in it
 *
 * What does not fit is refused, never cut; what contains U+0000 too, since it would read back shorter.
 */
import { type Binding, type Codec } from "../access/codec.js";
import type { Extent } from "../layout/extent.js";
import type { GpuLack } from "../layout/abi.js";
import { asciiSource } from "../made/field-source.js";
import { type FieldPlace, InvalidTypeError, StringTooLongError, refusedValue } from "../errors.js";
import { ValueType } from "./field-type.js";
import { readUtf8, utf8Length, writeUtf8 } from "./utf8.js";

/** The longest string that lies in a struct: longer ones belong into memory of their own. */
const MAX_BYTES = 2 ** 20;

/**
 * A string of at most `byteLength` bytes of UTF-8.
 * @public
 */
export function text(byteLength: number): ValueType<string> {
  return new FixedString("text", byteLength, utf8);
}

/**
 * A string of at most `byteLength` characters from U+0001 to U+00FF, one byte each: ASCII and Latin-1.
 * @public
 */
export function char(byteLength: number): ValueType<string> {
  return new FixedString("char", byteLength, latin1);
}

interface Encoding {
  readonly expected: string;
  /** Why a string cannot be stored. */
  isStorable(value: string): boolean;
  byteLength(value: string): number;
  /** Returns the offset after the string. */
  write(bytes: Uint8Array, offset: number, value: string): number;
  read(bytes: Uint8Array, offset: number, end: number): string;
}

const utf8: Encoding = {
  expected: "a string without U+0000 and without halves of surrogate pairs",
  isStorable: (value) => !/\0|\p{Surrogate}/u.test(value),
  byteLength: utf8Length,
  write: writeUtf8,
  read: readUtf8,
};

const latin1: Encoding = {
  expected: "a string of characters from U+0001 to U+00FF",
  isStorable: (value) => /^[^\0\u0100-\uffff]*$/.test(value),
  byteLength: (value) => value.length,
  write(bytes, offset, value) {
    for (let index = 0; index < value.length; index++)
      bytes[offset + index] = value.charCodeAt(index);
    return offset + value.length;
  },
  read(bytes, offset, end) {
    let value = "";
    for (let at = offset; at < end; at++) value += String.fromCharCode(bytes[at]!);
    return value;
  },
};

class FixedString extends ValueType<string> {
  override readonly name: string;
  readonly #byteLength: number;
  readonly #encoding: Encoding;

  constructor(maker: string, byteLength: number, encoding: Encoding) {
    super();
    if (!Number.isInteger(byteLength) || byteLength < 1 || byteLength > MAX_BYTES) {
      const fact = `${String(byteLength)} is no length`;
      throw new InvalidTypeError(maker, fact, `Pass an integer from 1 to ${MAX_BYTES}.`);
    }
    this.name = `${maker}(${byteLength})`;
    this.#byteLength = byteLength;
    this.#encoding = encoding;
  }

  override measure(): Extent {
    return { size: this.#byteLength, align: 1 };
  }

  override lackOnGpu(): GpuLack {
    return { what: this.name, hint: "Keep strings in a struct of their own, beside the buffer." };
  }

  override check(value: unknown, place: FieldPlace): void {
    if (typeof value !== "string" || !this.#encoding.isStorable(value))
      throw refusedValue(place, this.name, this.#encoding.expected, value);
    const bytes = this.#encoding.byteLength(value);
    if (bytes > this.#byteLength)
      throw new StringTooLongError(place, value, bytes, this.#byteLength);
  }

  override bind(binding: Binding): Codec {
    const encoding = this.#encoding;
    const size = this.#byteLength;
    const codec: Codec<string> = {
      size,
      arrays: ["u8"],
      source: asciiSource(size),
      read({ $u8 }, offset) {
        const zero = $u8.subarray(offset, offset + size).indexOf(0);
        return encoding.read($u8, offset, offset + (zero < 0 ? size : zero));
      },
      write: ({ $u8 }, offset, value) => {
        this.check(value, binding);
        $u8.fill(0, encoding.write($u8, offset, value), offset + size);
      },
      // Not the bytes behind the string, which a program in C may have left as they were.
      equals: (memory, offset, other, otherOffset) =>
        codec.read(memory, offset) === codec.read(other, otherOffset),
    };
    return codec;
  }

  override declaration(name: string): string {
    return `char ${name}[${this.#byteLength}]`;
  }
}
