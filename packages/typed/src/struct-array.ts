/** Arrays of structs in a context: one behind the other, seen through one cursor that moves along. */
import type { Address } from "@perfloc/trim";
import type { CursorBase } from "./cursor-base.js";
import { IndexOutOfBoundsError } from "./errors.js";
import type { StructFields } from "./field-names.js";
import type { Codec } from "./field-type.js";
import { jsonOf } from "./record.js";
import type { StructObject, StructView } from "./struct-fields.js";
import type { Tenure } from "./tenure.js";

/**
 * Structs one behind the other. `at` and iteration answer the same cursor each time, moved: keep addresses, not cursors.
 * @public
 */
export interface StructArray<Fields extends StructFields> {
  readonly address: Address;
  readonly length: number;
  /**
   * The cursor, moved to an element.
   * @throws IndexOutOfBoundsError `PERFLOC_TYPED_INDEX_OUT_OF_BOUNDS`
   * @throws UseAfterDropError `PERFLOC_TYPED_CONTEXT_DROPPED` when the memory is gone
   * @remarks Complexity: O(1). Allocates nothing.
   */
  at(index: number): StructView<Fields>;
  /** The address of an element. @throws IndexOutOfBoundsError */
  addressAt(index: number): Address;
  /**
   * The cursor, moved from element to element. Allocates nothing per element.
   * @throws UseAfterDropError `PERFLOC_TYPED_CONTEXT_DROPPED` when the memory is gone, also in between
   */
  [Symbol.iterator](): Iterator<StructView<Fields>>;
  /** All elements as plain objects. */
  toArray(): StructObject<Fields>[];
  toJSON(): unknown;
}

export class StructArrayView {
  readonly address: Address;
  readonly length: number;
  readonly #cursor: CursorBase;
  readonly #codec: Codec;
  readonly #stride: number;
  readonly #first: number;
  readonly #tenure: Tenure;

  /** `cursor` points at the first element, and is the array's alone. */
  constructor(cursor: CursorBase, codec: Codec, length: number, tenure: Tenure) {
    this.address = cursor.$address;
    this.length = length;
    this.#cursor = cursor;
    this.#codec = codec;
    this.#stride = codec.size;
    this.#first = cursor.$offset;
    this.#tenure = tenure;
  }

  /** Hot path: nothing may be added here. */
  at(index: number): CursorBase {
    if (index >>> 0 !== index || index >= this.length || this.#tenure.isOver) this.#refuse(index);
    this.#cursor.$offset = this.#first + index * this.#stride;
    return this.#cursor;
  }

  addressAt(index: number): Address {
    if (index >>> 0 !== index || index >= this.length) this.#refuse(index);
    return this.address + index * this.#stride;
  }

  [Symbol.iterator](): Iterator<CursorBase> {
    this.#tenure.check("an array");
    return new StructIterator(this.#cursor, this.#first, this.length, this.#stride, this.#tenure);
  }

  toArray(): unknown[] {
    this.#tenure.check("an array");
    return Array.from({ length: this.length }, (_, index): unknown =>
      this.#codec.read(this.#cursor, this.#first + index * this.#stride),
    );
  }

  toJSON(): unknown {
    return jsonOf(this.toArray());
  }

  #refuse(index: number): void {
    this.#tenure.check("an array");
    throw new IndexOutOfBoundsError("an array of structs", index, this.length);
  }
}

/**
 * Iterates by answering itself as the result, with the same cursor over and over: nothing is left for the garbage collector.
 * Its properties are plain, and only the owner of the memory is compared at each step: 4.8 ns per struct update, against 8.0
 * with a result object, private names and the whole tenure asked each time.
 */
class StructIterator implements Iterator<CursorBase> {
  done = false;
  readonly value: CursorBase;
  readonly stride: number;
  readonly owners: readonly (object | undefined)[];
  readonly page: number;
  readonly owner: object | undefined;
  readonly tenure: Tenure;
  left: number;
  offset: number;

  constructor(cursor: CursorBase, first: number, length: number, stride: number, tenure: Tenure) {
    this.value = cursor;
    this.stride = stride;
    this.owners = cursor.$owners;
    this.page = tenure.page;
    this.owner = this.owners[this.page];
    this.tenure = tenure;
    this.left = length;
    this.offset = first - stride;
  }

  /** Hot path: nothing may be added here. */
  next(): IteratorResult<CursorBase> {
    if (this.left === 0) {
      this.done = true;
      return this;
    }
    if (this.owners[this.page] !== this.owner) this.tenure.check("an array");
    this.left--;
    this.value.$offset = this.offset += this.stride;
    return this;
  }
}
