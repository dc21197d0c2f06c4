/** Field types around others: another range policy, another alignment, another byte order. */
import type { Binding, Codec } from "../access/codec.js";
import { type Extent, extentAlone } from "../layout/extent.js";
import type { Abi, GpuLack } from "../layout/abi.js";
import { BitsType } from "./bits-type.js";
import { type FieldPlace, InvalidTypeError } from "../errors.js";
import { FieldType, type Modification } from "./field-type.js";
import type { IntegerName } from "../layout/scalar-name.js";
import { mistakenType } from "./no-type.js";
import { ScalarType, isIntegerType } from "./scalar.js";

/**
 * The integer type that stores the low bits of what does not fit: 300 in a `wrapping(u8)` is 44.
 * @throws InvalidTypeError `PERFLOC_TYPED_INVALID_TYPE` for what is no integer type
 * @public
 */
export function wrapping<Name extends IntegerName>(type: ScalarType<Name>): ScalarType<Name> {
  return withPolicy("wrapping", type, "wrap");
}

/**
 * The integer type that stores the nearest value that it holds: 300 in a `clamping(u8)` is 255.
 * @throws InvalidTypeError `PERFLOC_TYPED_INVALID_TYPE` for what is no integer type
 * @public
 */
export function clamping<Name extends IntegerName>(type: ScalarType<Name>): ScalarType<Name> {
  return withPolicy("clamping", type, "clamp");
}

function withPolicy<Name extends IntegerName>(
  maker: string,
  type: ScalarType<Name>,
  policy: "wrap" | "clamp",
): ScalarType<Name> {
  if (isIntegerType(type)) return new ScalarType(type.scalar, policy);
  throw new InvalidTypeError(maker, "its type is no integer type", "Pass one of i8 to u64.");
}

/**
 * A type in another alignment or byte order: the same type, but for its column, which is seen by its elements.
 * @public
 */
export type Modified<Type extends FieldType> = Type & {
  /** For TypeScript alone. */
  readonly "~column": "elements";
};

/** The largest alignment that contexts give. */
const MAX_ALIGNMENT = 4096;

/**
 * The same type, aligned to more: C's `_Alignas`, and `__attribute__((aligned(n)))` in packed structs.
 * @param alignment - a power of two from 1 to 4096, in bytes; less than the type's own changes nothing
 * @throws InvalidTypeError `PERFLOC_TYPED_INVALID_TYPE` for another alignment, and for a group of bit fields
 * @public
 */
export function aligned<Type extends FieldType>(type: Type, alignment: number): Modified<Type> {
  checkAlignment("aligned", alignment);
  checkType("aligned", type);
  if (type instanceof BitsType) {
    const fact =
      "its type is a group of bit fields, which begins at the bit where the one before it ends";
    throw new InvalidTypeError("aligned", fact, "Put the group into a struct, and align that.");
  }
  return modified(type, `aligned(${type.name}, ${alignment})`, { alignment });
}

/**
 * The same type in big-endian byte order, as network protocols have it. Of arrays and structs all parts are. Bit fields begin with the
 * highest bits of a byte then, as gcc lays them out for `scalar_storage_order("big-endian")`; a group itself is a struct of its own.
 * @throws InvalidTypeError `PERFLOC_TYPED_INVALID_TYPE` for what is no type
 * @public
 */
export function be<Type extends FieldType>(type: Type): Modified<Type> {
  checkType("be", type);
  return modified(type, `be(${type.name})`, { isBigEndian: true });
}

/**
 * The same type in little-endian byte order, also within a big-endian struct. A group of bit fields is a struct of its own.
 * @throws InvalidTypeError `PERFLOC_TYPED_INVALID_TYPE` for what is no type
 * @public
 */
export function le<Type extends FieldType>(type: Type): Modified<Type> {
  checkType("le", type);
  return modified(type, `le(${type.name})`, { isBigEndian: false });
}

/** @throws InvalidTypeError for what is no power of two from 1 to 4096 */
export function checkAlignment(maker: string, alignment: unknown): void {
  const isPower =
    typeof alignment === "number" &&
    alignment > 0 &&
    2 ** Math.round(Math.log2(alignment)) === alignment;
  if (isPower && alignment >= 1 && alignment <= MAX_ALIGNMENT) return;
  const fact = `${String(alignment)} is no alignment`;
  throw new InvalidTypeError(maker, fact, "Pass a power of two from 1 to 4096.");
}

/** @throws InvalidTypeError for what is no field type */
export function checkType(maker: string, type: unknown): asserts type is FieldType {
  if (type instanceof FieldType) return;
  const mistake = mistakenType(type);
  if (mistake !== undefined)
    throw new InvalidTypeError(maker, `its type is ${mistake.what}`, mistake.hint);
  throw new InvalidTypeError(maker, "its type is no field type", "Pass a type such as u16.");
}

/** In C of gcc; clang has no such order. */
const BIG_ENDIAN = '__attribute__((scalar_storage_order("big-endian"))) ';

/** In TypeScript it is the type that it is made from: a field of it reads and writes the same, and a struct stays one. */
function modified<Type extends FieldType>(
  type: Type,
  name: string,
  change: Modification,
): Modified<Type> {
  const made = type.modifiedBy(name, change) ?? new ModifiedType(type, name, change);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the faces are the same, and nothing else is public
  return made as unknown as Modified<Type>;
}

/** Shaders have one byte order. */
export function lackOfOrder({ isBigEndian }: Modification): GpuLack | undefined {
  if (isBigEndian !== true) return undefined;
  return { what: "big-endian numbers", hint: "Leave out be(): the byte order is little-endian." };
}

/** What an alignment makes of the length and alignment of a field. */
export function alignedExtent(extent: Extent, { alignment }: Modification): Extent {
  if (alignment === undefined) return extent;
  return { ...extent, align: Math.max(extent.align, alignment), packedAlign: alignment };
}

/** The declaration in C of a field that is aligned to more. */
export function alignedDeclaration(declared: string, { alignment }: Modification): string {
  return alignment === undefined ? declared : `${declared} __attribute__((aligned(${alignment})))`;
}

class ModifiedType extends FieldType {
  override readonly name: string;
  readonly #type: FieldType;
  readonly #change: Modification;

  constructor(type: FieldType, name: string, change: Modification) {
    super();
    this.name = name;
    this.#type = type;
    this.#change = change;
  }

  override measure(abi: Abi): Extent {
    // Bit fields of another order continue no group before them.
    const { size, align, packedAlign } = extentAlone(this.#type, abi);
    const extent = packedAlign === undefined ? { size, align } : { size, align, packedAlign };
    return alignedExtent(extent, this.#change);
  }

  override lackOnGpu(): GpuLack | undefined {
    return lackOfOrder(this.#change);
  }

  override bind(binding: Binding): Codec {
    return this.#type.bind({
      ...binding,
      isBigEndian: this.#change.isBigEndian ?? binding.isBigEndian,
      placedBits: undefined,
    });
  }

  override settle(value: unknown): unknown {
    return this.#type.settle(value);
  }

  override check(value: unknown, place: FieldPlace): void {
    this.#type.check(value, place);
  }

  override declaration(name: string): string {
    const { isBigEndian = false } = this.#change;
    if (isBigEndian && this.#type instanceof BitsType)
      return alignedDeclaration(this.#type.declaration(name, BIG_ENDIAN), this.#change);
    const declared = alignedDeclaration(this.#type.declaration(name), this.#change);
    // C has an order for structs alone: who reads the field has to swap its bytes.
    return isBigEndian ? `${declared} /* big-endian */` : declared;
  }

  override get parts(): readonly FieldType[] {
    return [this.#type];
  }

  override get unmodified(): FieldType {
    return this.#type.unmodified;
  }

  override get signature(): string {
    return this.name.replace(this.#type.name, this.#type.signature);
  }
}
