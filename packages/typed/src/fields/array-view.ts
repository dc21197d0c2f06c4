/** The view of an array in a struct: elements by index, and in order. */
import type { BoundElements, Codec, CheckedType } from "../access/codec.js";
import type { Arena } from "@perfloc/trim";
import { type FieldPlace, IndexOutOfBoundsError, partOf } from "../errors.js";
import type { ArrayName } from "../access/memory.js";
import { beginNowhere } from "../access/nowhere.js";
import { printedView } from "./printed-value.js";
import { jsonOf } from "./record.js";
import { View, defineChildren, defineHidden } from "../access/view.js";

/** What an array knows about itself as a whole. */
interface Whole {
  readonly type: CheckedType;
  readonly codec: Codec;
  readonly place: FieldPlace;
}

export class ArrayView extends View {
  override readonly $arrays: readonly ArrayName[];
  readonly length: number;
  readonly #stride: number;
  readonly #element: BoundElements;
  readonly #whole: Whole;
  /** Whether elements are values; else the one child is the view of the element that was asked for last. */
  readonly #hasValues: boolean;

  constructor(arena: Arena, element: BoundElements, whole: Whole) {
    super(arena);
    this.$arrays = whole.codec.arrays;
    this.length = element.length;
    this.#stride = element.stride;
    this.#element = element;
    this.#whole = whole;
    const { makeView } = element.codec;
    this.#hasValues = makeView === undefined;
    if (makeView !== undefined) defineChildren(this, [makeView]);
  }

  override get $typeName(): string {
    return this.#whole.type.name;
  }

  at(index: number): unknown {
    const offset = this.$offset + this.#checked(index) * this.#stride;
    if (this.#hasValues) return this.#element.codec.read(this, offset);
    const view = this.$children[0] ?? this.$enterChild(0);
    view.$offset = offset;
    return view;
  }

  set(index: number, value: unknown): void {
    const position = this.#checked(index);
    const plain = this.#element.type.settle(value);
    this.#checkElement(`[${index}]`, plain);
    this.#element.codec.write(this, this.$offset + position * this.#stride, plain);
  }

  fill(value: unknown): void {
    const plain = this.#element.type.settle(value);
    this.#checkElement("[]", plain);
    const { codec } = this.#element;
    if (codec.storesTexts === true) {
      this.#whole.codec.write(this, this.$offset, Array(this.length).fill(plain));
      return;
    }
    const end = this.$offset + this.length * this.#stride;
    for (let offset = this.$offset; offset < end; offset += this.#stride)
      codec.write(this, offset, plain);
  }

  toArray(): unknown[] {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- arrays are read as arrays
    return this.#whole.codec.read(this, this.$offset) as unknown[];
  }

  *[Symbol.iterator](): IterableIterator<unknown> {
    for (let index = 0; index < this.length; index++) yield this.at(index);
  }

  toJSON(): unknown {
    return jsonOf(this.toArray());
  }

  #checked(index: number): number {
    if (Number.isInteger(index) && index >= 0 && index < this.length) return index;
    const { structName, fieldName } = this.#whole.place;
    throw new IndexOutOfBoundsError(
      `field ${fieldName} of struct ${structName}`,
      index,
      this.length,
    );
  }

  #checkElement(suffix: string, value: unknown): void {
    const { place } = this.#whole;
    this.#element.type.check(value, partOf(place, `${place.fieldName}${suffix}`));
  }

  static {
    beginNowhere(ArrayView.prototype, "array");
    defineHidden(ArrayView.prototype, "$set", function $set(this: ArrayView, values: unknown) {
      const { type, codec, place } = this.#whole;
      const plain = type.settle(values);
      type.check(plain, place);
      codec.write(this, this.$offset, plain);
    });
    defineHidden(ArrayView.prototype, "$read", function $read(this: ArrayView): unknown {
      return this.toArray();
    });
    defineHidden(
      ArrayView.prototype,
      "$print",
      function $print(this: ArrayView, limit: number): unknown {
        return printedView(this, this.#whole.codec, limit);
      },
    );
  }
}
