/** Arrays of fixed length within a struct. */
import type { Binding, BoundElements, Codec } from "../access/codec.js";
import { extentAlone, type Extent } from "../layout/extent.js";
import type { Abi, GpuLack } from "../layout/abi.js";
import { ArrayView } from "./array-view.js";
import { type NotedWrite, wholeWrite } from "../access/text-undo.js";
import { type FieldPlace, InvalidTypeError, partOf, refusedValue } from "../errors.js";
import { FieldType, ViewType } from "./field-type.js";
import { knownAlignAt, layOutArray } from "../layout/layout.js";
import { checkType } from "./modified-type.js";
import { arraysOf, equalValues } from "./record.js";
import type { FieldView } from "./struct-fields.js";
import { View } from "../access/view.js";

/** Elements at most: as many as no context could hold, even of one byte each. */
const MAX_LENGTH = 2 ** 30;

/**
 * The view of an array: elements by index.
 * @public
 */
export interface ArrayFieldView<Value, Input, Live> extends FieldView<ArrayInput<Value, Input>> {
  readonly length: number;
  /** An element: its value, or its view, which the next call moves. @throws IndexOutOfBoundsError */
  at(index: number): Live;
  /** Stores an element. @throws IndexOutOfBoundsError, InvalidValueError */
  set(index: number, value: Input): void;
  /** Stores the same value in all elements. @throws InvalidValueError */
  fill(value: Input): void;
  /** The elements as plain values. */
  toArray(): Value[];
  /** The elements as `at` returns them. */
  [Symbol.iterator](): IterableIterator<Live>;
}

/**
 * What an array takes: elements, or the view of an array with such elements.
 * @public
 */
export type ArrayInput<Value, Input> = readonly Input[] | ArrayFieldView<Value, Input, unknown>;

/**
 * The type of arrays of one element type.
 * @public
 */
export type ArrayType<Element extends FieldType> = ViewType<
  Element["~faces"]["value"][],
  ArrayInput<Element["~faces"]["value"], Element["~faces"]["input"]>,
  ArrayFieldView<Element["~faces"]["value"], Element["~faces"]["input"], Element["~faces"]["live"]>
> & {
  /** For TypeScript alone: the type of the elements, by which paths are known. */
  readonly "~element": Element;
};

/**
 * An array of fixed length, of C: `array(f32, 3)` is `float name[3]`, `array(f32, 3, 4)` is `float name[3][4]`. For GPUs its stride is
 * that of their rules.
 * @param type - of the elements; any, bit fields included
 * @param length - 1 or more
 * @throws InvalidTypeError `PERFLOC_TYPED_INVALID_TYPE` for another length, or elements whose alignment is larger than their size
 * @public
 */
export function array<Element extends FieldType>(type: Element, length: number): ArrayType<Element>;
/** @public */
export function array<Element extends FieldType>(
  type: Element,
  length: number,
  inner: number,
): ArrayType<ArrayType<Element>>;
/** @public */
export function array<Element extends FieldType>(
  type: Element,
  length: number,
  inner: number,
  innermost: number,
): ArrayType<ArrayType<ArrayType<Element>>>;
export function array(type: FieldType, ...lengths: number[]): FieldType {
  checkType("array", type);
  if (lengths.length === 0) lengths.push(0);
  let made = type;
  for (const length of lengths.toReversed()) {
    if (!Number.isInteger(length) || length < 1 || length > MAX_LENGTH) {
      const fact = `${String(length)} is no length`;
      throw new InvalidTypeError("array", fact, `Pass an integer from 1 to ${MAX_LENGTH}.`);
    }
    made = new ArrayFieldType(made, length);
  }
  return made;
}

/**
 * A vector of 2, 3 or 4 scalars: an array, but aligned as GPUs load it where the ABI is std140, std430 or wgsl.
 * @throws InvalidTypeError `PERFLOC_TYPED_INVALID_TYPE`
 * @public
 */
export function vec<Element extends FieldType>(
  type: Element,
  length: 2 | 3 | 4,
): ArrayType<Element> {
  checkType("vec", type);
  if (![2, 3, 4].includes(length))
    throw new InvalidTypeError("vec", `${String(length)} is no length`, "Pass 2, 3 or 4.");
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- "~element" is for TypeScript alone
  return new ArrayFieldType(type, length, true) as unknown as ArrayType<Element>;
}

/**
 * A matrix as shaders have it, column by column: `mat(f32, 4, 3)` is `mat4x3` in GLSL and `mat4x3f` in WGSL, an array of four
 * vectors of three, and `cursor.m.at(column).set(row, value)` an element. The same as `array(vec(type, rows), columns)`.
 * @param columns - 2, 3 or 4
 * @param rows - 2, 3 or 4. Default: `columns`
 * @throws InvalidTypeError `PERFLOC_TYPED_INVALID_TYPE` for other numbers of columns and rows than 2, 3 and 4
 * @public
 */
export function mat<Element extends FieldType>(
  type: Element,
  columns: 2 | 3 | 4,
  rows: 2 | 3 | 4 = columns,
): ArrayType<ArrayType<Element>> {
  checkType("mat", type);
  for (const [name, count] of Object.entries({ columns, rows })) {
    if ([2, 3, 4].includes(count)) continue;
    const fact = `${String(count)} is no number of ${name}`;
    throw new InvalidTypeError("mat", fact, "Pass 2, 3 or 4.");
  }
  return array(vec(type, rows), columns);
}

export class ArrayFieldType extends ViewType {
  override readonly name: string;
  readonly element: FieldType;
  readonly length: number;
  /** Whether it is a vector of a GPU, where it is laid out for one. */
  readonly isVector: boolean;

  /** @param length - 0 or more: only in columns there are none */
  constructor(element: FieldType, length: number, isVector: boolean = false) {
    super();
    this.name = `${isVector ? "vec" : "array"}(${element.name}, ${length})`;
    this.element = element;
    this.length = length;
    this.isVector = isVector;
  }

  override measure(abi: Abi): Extent {
    const element = extentAlone(this.element, abi);
    if (element.size % element.align !== 0 && !isPaddedVector(this.element, element, abi)) {
      const fact = `its elements are ${element.size} bytes long and aligned to ${element.align}`;
      throw new InvalidTypeError("array", fact, "Put the element into a struct: it pads itself.");
    }
    if (this.isVector && abi.isGpu)
      return { size: element.size * this.length, align: element.size * (this.length > 2 ? 4 : 2) };
    const { size, align } = layOutArray(element, this.length, abi);
    return { size, align };
  }

  override lackOnGpu(abi: Abi): GpuLack | undefined {
    if (!this.isVector) return undefined;
    const { size, align } = extentAlone(this.element, abi);
    if (isScalarOnGpu(this.element) && size === align) return undefined;
    const hint =
      "Vectors are of scalars. A matrix is mat(f32, columns, rows), anything else array(type, n).";
    return { what: this.name, hint };
  }

  override check(value: unknown, place: FieldPlace): void {
    const { element, length } = this;
    if (!isListOf(value, length))
      throw refusedValue(place, this.name, `an array of ${length} elements`, value);
    for (let index = 0; index < length; index++)
      element.check(value[index], partOf(place, `${place.fieldName}[${index}]`));
  }

  override settle(value: unknown): unknown {
    if (value instanceof View) return value.$read();
    // Holes are elements, too, which are undefined.
    return Array.isArray(value)
      ? Array.from(value, (element): unknown => this.element.settle(element))
      : value;
  }

  override bind(binding: Binding): Codec {
    const elements = this.#bindElements(binding);
    const { codec: element, length, stride } = elements;
    const write: NotedWrite = (memory, offset, values: readonly unknown[], undo) => {
      for (let index = 0; index < length; index++)
        element.write(memory, offset + index * stride, values[index], undo);
    };
    const { storesTexts = false } = element;
    const codec: Codec = {
      size: length * stride,
      arrays: arraysOf([element]),
      storesTexts,
      elements,
      read: (memory, offset) =>
        Array.from({ length }, (_, index): unknown =>
          element.read(memory, offset + index * stride),
        ),
      write: storesTexts
        ? wholeWrite(length * stride, write)
        : (memory, offset, values: readonly unknown[]) => {
            for (let index = 0; index < length; index++)
              element.write(memory, offset + index * stride, values[index]);
          },
      equals: (memory, offset, other, otherOffset) => {
        for (let at = 0; at < length * stride; at += stride)
          if (!equalValues(element, memory, offset + at, other, otherOffset + at)) return false;
        return true;
      },
      makeView: (arena) => new ArrayView(arena, elements, { type: this, codec, place: binding }),
    };
    return codec;
  }

  override get parts(): readonly FieldType[] {
    return [this.element];
  }

  override get signature(): string {
    return `${this.name}[${this.element.signature}]`;
  }

  override declaration(name: string): string {
    return this.element.declaration(`${name}[${this.length}]`);
  }

  #bindElements(binding: Binding): BoundElements {
    const { element: type, length } = this;
    const { abi, fieldName } = binding;
    const extent = extentAlone(type, abi);
    const isPacked = this.isVector && abi.isGpu;
    const stride = isPacked ? extent.size : layOutArray(extent, length, abi).stride;
    const codec = type.bind({
      ...binding,
      fieldName: `${fieldName}[]`,
      knownAlign: knownAlignAt(binding.knownAlign, stride),
      placedBits: undefined,
    });
    return { type, codec, length, stride };
  }
}

/** Whether an element is a vector of three as GPUs pad it: arrays of it have room between the elements, as C has none. */
function isPaddedVector(type: FieldType, { align }: Extent, abi: Abi): boolean {
  if (!abi.isGpu) return false;
  const vector = type.unmodified;
  return vector instanceof ArrayFieldType && vector.isVector && vector.measure(abi).align === align;
}

/** Whether it is a number or bool for shaders, whatever it is in JavaScript. */
function isScalarOnGpu(type: FieldType): boolean {
  return !(type instanceof ViewType) && type.parts.every(isScalarOnGpu);
}

function isListOf(value: unknown, length: number): value is ArrayLike<unknown> {
  const isList = Array.isArray(value) || (ArrayBuffer.isView(value) && "length" in value);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an array or a typed array
  return isList && (value as unknown as ArrayLike<unknown>).length === length;
}
