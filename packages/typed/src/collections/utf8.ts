/**
 * Strings of a context, each an object that is known by its address: for programs that keep addresses themselves. Fields of
 * type `utf8` refer to such strings, too.
 *
 *   address -> | byteLength (u32) | bytes in UTF-8 ... |
 */
import {
  type Address,
  InvalidAddressError,
  InvalidOptionError,
  MemoryContext,
  type TopChunk,
  UseAfterDropError,
} from "@perfloc/trim";
import {
  allocText,
  chunkOfText,
  compareText,
  isText,
  readText,
  textLength,
} from "./stored-text.js";
import { type TextCoder, makeTextCoder } from "./text-coder.js";

/**
 * Stores and reads the strings of one context.
 *
 * A string lives as long as an object that `context.alloc` answers. Checked at each call is that the context was not dropped and
 * that the address lies in it with all the bytes of the string; not, that the string was not freed or ended by a reset.
 * @public
 */
export class Utf8 {
  /** Where the strings are. */
  readonly context: MemoryContext;
  readonly #coder: TextCoder = makeTextCoder();

  /**
   * @throws InvalidOptionError `PERFLOC_TYPED_INVALID_OPTION`
   * @throws UseAfterDropError `PERFLOC_TYPED_CONTEXT_DROPPED`
   */
  constructor(context: MemoryContext) {
    if (!(context instanceof MemoryContext)) {
      throw new InvalidOptionError(
        "PERFLOC_TYPED_INVALID_OPTION",
        "context",
        context,
        "strings are stored in a MemoryContext",
        "Pass what heap.open() answered.",
      );
    }
    this.context = context;
    this.#checkAlive();
  }

  /**
   * Stores a string.
   * @param text - well-formed, at most 2^30 - 4 bytes in UTF-8
   * @returns its address, a multiple of 16
   * @throws InvalidStringError `PERFLOC_TYPED_INVALID_STRING`, `PERFLOC_TYPED_STRING_TOO_LONG`
   * @throws what `context.alloc` throws
   */
  alloc(text: string): Address {
    this.#checkAlive();
    return allocText(this.context, text, this.#coder);
  }

  /**
   * The string at an address, as it was stored.
   * @throws InvalidAddressError `PERFLOC_TYPED_INVALID_ADDRESS`
   * @throws UseAfterDropError `PERFLOC_TYPED_CONTEXT_DROPPED`
   */
  read(address: Address): string {
    return readText(this.#chunkOf(address), address, this.#coder);
  }

  /** Bytes of the string at an address, in UTF-8. @throws as `read` */
  byteLength(address: Address): number {
    return textLength(this.#chunkOf(address), address);
  }

  /** Whether the string at an address is `text`; what is no string is none. Nothing is decoded. @throws as `read` */
  equals(address: Address, text: string): boolean {
    const chunk = this.#chunkOf(address);
    return typeof text === "string" && isText(chunk, address, text);
  }

  /**
   * Orders two strings by their code points: negative when `a` comes first, 0 when they are the same. (JavaScript orders by
   * UTF-16 units, which differs beyond U+FFFF.)
   * @throws as `read`
   */
  compare(a: Address, b: Address): number {
    return compareText(this.#chunkOf(a), a, this.#chunkOf(b), b);
  }

  /** Frees a string. @throws what `context.free` throws */
  free(address: Address): void {
    this.context.free(address);
  }

  /** The chunk around a whole string. */
  #chunkOf(address: Address): TopChunk {
    this.#checkAlive();
    const { context } = this;
    const chunk = chunkOfText(context.arena, address, context);
    if (chunk !== undefined) return chunk;
    throw new InvalidAddressError(
      "PERFLOC_TYPED_INVALID_ADDRESS",
      address,
      `is no string of context "${context.name}"`,
      "Pass what alloc() of this very context answered, while the string lives.",
    );
  }

  #checkAlive(): void {
    const { context } = this;
    if (!context.isDropped) return;
    throw new UseAfterDropError(
      "PERFLOC_TYPED_CONTEXT_DROPPED",
      `context "${context.name}"`,
      `cannot use strings of context "${context.name}": it was dropped`,
      "Its strings are gone. Use a context that is alive.",
    );
  }
}
