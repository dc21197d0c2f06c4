/**
 * Memory that did not come from a heap: the bytes of a Buffer, an ArrayBuffer or a SharedArrayBuffer, as views enter a top chunk.
 *
 *   ArrayBuffer   0 | ... | byteOffset of the view ... | struct | ... |
 *                                                      $offset, and $address
 */
import type { TopChunk } from "@perfloc/trim";

/** Each throws for what is no such buffer, of whichever realm. Pages that are not isolated have no SharedArrayBuffer. */
const lengthOf: readonly ((this: unknown) => number)[] = [
  "ArrayBuffer",
  "SharedArrayBuffer",
].flatMap((name) => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what there is of the two
  const type = (globalThis as Record<string, unknown>)[name] as ArrayBufferConstructor | undefined;
  if (type === undefined) return [];
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion, typescript/unbound-method -- it is called with what is asked
  return Object.getOwnPropertyDescriptor(type.prototype, "byteLength")!.get as () => number;
});

/** A range of bytes of a buffer. */
export interface BufferBytes {
  readonly buffer: ArrayBufferLike;
  readonly byteOffset: number;
  readonly byteLength: number;
}

/** The bytes of what a program passed; `undefined` for what has none. */
export function bytesOf(value: unknown): BufferBytes | undefined {
  if (ArrayBuffer.isView(value)) return value;
  for (const get of lengthOf) {
    try {
      const byteLength = get.call(value);
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it has such a length
      return { buffer: value as ArrayBufferLike, byteOffset: 0, byteLength };
    } catch {
      // Not one of these.
    }
  }
  return undefined;
}

/** A buffer as a chunk. Its arrays are made when they are first asked for. */
class BufferMemory {
  readonly base = 0;
  readonly epoch = 0;
  readonly isHeld = true;
  readonly byteLength: number;
  readonly #buffer: ArrayBufferLike;

  constructor(buffer: ArrayBufferLike) {
    this.#buffer = buffer;
    this.byteLength = buffer.byteLength;
  }

  get u8(): Uint8Array {
    return this.#array("u8", Uint8Array);
  }

  get i8(): Int8Array {
    return this.#array("i8", Int8Array);
  }

  get u16(): Uint16Array {
    return this.#array("u16", Uint16Array);
  }

  get i16(): Int16Array {
    return this.#array("i16", Int16Array);
  }

  get u32(): Uint32Array {
    return this.#array("u32", Uint32Array);
  }

  get i32(): Int32Array {
    return this.#array("i32", Int32Array);
  }

  get f32(): Float32Array {
    return this.#array("f32", Float32Array);
  }

  get f64(): Float64Array {
    return this.#array("f64", Float64Array);
  }

  get u64(): BigUint64Array {
    return this.#array("u64", BigUint64Array);
  }

  get i64(): BigInt64Array {
    return this.#array("i64", BigInt64Array);
  }

  /** All whole elements from the beginning of the buffer on. From then on they are a property, which is found sooner. */
  #array<Elements>(
    name: string,
    type: {
      readonly BYTES_PER_ELEMENT: number;
      new (buffer: ArrayBufferLike, byteOffset: number, length: number): Elements;
    },
  ): Elements {
    const length = Math.floor(this.byteLength / type.BYTES_PER_ELEMENT);
    const array = new type(this.#buffer, 0, length);
    Object.defineProperty(this, name, { value: array });
    return array;
  }
}

/** Many views look at one buffer: Node's Buffers share one. */
const memories = new WeakMap<ArrayBufferLike, BufferMemory>();

/** A buffer as views enter it. Made once, and anew when the buffer got another length. */
export function chunkOver(buffer: ArrayBufferLike): TopChunk {
  let memory = memories.get(buffer);
  if (memory === undefined || memory.byteLength !== buffer.byteLength) {
    memory = new BufferMemory(buffer);
    memories.set(buffer, memory);
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it has all that a view asks of a chunk
  return memory as unknown as TopChunk;
}
