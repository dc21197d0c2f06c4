/**
 * The text of the function that reads a record as a plain object. For `struct("Point", { x: f64, id: u32 })`:
 *
 *   read(memory, at) {
 *     const f64 = memory.$f64;
 *     const u32 = memory.$u32;
 *     return { "x": f64[(at >>> 3)], "id": u32[(at >>> 2) + 2] };
 *   }
 */
import type { BoundMember, Codec } from "../access/codec.js";
import type { ArrayName } from "../access/memory.js";
import { type Scope, arrayLines, isShortAndMade } from "./record-shape.js";

/** @param scope - gets the codecs of fields that have no text of their own */
export function readerSource(members: readonly BoundMember[], scope: Scope): string[] {
  const reader = new RecordReader(scope);
  const object = reader.objectOf(members, 0);
  return ["read(memory, at) {", ...arrayLines("$", reader.arrays), `  return ${object};`, "},"];
}

class RecordReader {
  /** The arrays that the text reads. */
  readonly arrays = new Set<ArrayName>();
  readonly #scope: Scope;
  #readers = 0;

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  objectOf(members: readonly BoundMember[], first: number): string {
    const parts = members.map(({ codec, name, byteOffset }) => {
      return `${JSON.stringify(name)}: ${this.#valueOf(codec, first + byteOffset)}`;
    });
    return `{ ${parts.join(", ")} }`;
  }

  #valueOf(codec: Codec, byteOffset: number): string {
    const { fields, elements, source } = codec;
    if (fields !== undefined) return this.objectOf(fields, byteOffset);
    if (source?.read !== undefined) {
      this.arrays.add(source.array);
      return source.read(source.array, "at", byteOffset);
    }
    if (
      elements !== undefined &&
      isShortAndMade(elements) &&
      elements.codec.source?.read !== undefined
    ) {
      const parts = Array.from({ length: elements.length }, (_, index) =>
        this.#valueOf(elements.codec, byteOffset + index * elements.stride),
      );
      return `[${parts.join(", ")}]`;
    }
    const reader = `reader${this.#readers++}`;
    this.#scope[reader] = codec;
    return `${reader}.read(memory, at + ${byteOffset})`;
  }
}
