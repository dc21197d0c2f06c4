/**
 * The scalar field types: how many bytes, what they take, and which array of a chunk reads and writes them.
 *
 *   type         i8 u8 bool   i16 u16   i32 u32 f32   i64 u64 f64
 *   bytes        1            2         4             8             also the alignment, but for i64 u64 f64 on i386: 4
 *   JavaScript   number; bool: boolean; i64 and u64: bigint
 */
import { type Binding, type Codec } from "../access/codec.js";
import type { Extent } from "../layout/extent.js";
import type { Abi, GpuLack } from "../layout/abi.js";
import { scalarSource, wordBoolSource } from "../made/field-source.js";
import { alignedAccess } from "../access/aligned-access.js";
import { type FieldPlace, type InvalidValueError, refusedValue } from "../errors.js";
import { ValueType } from "./field-type.js";
import { nearest } from "../layout/nearest.js";
import { type RangePolicy, scalarFacts } from "../layout/scalar-facts.js";
import type { ScalarName, ScalarValue } from "../layout/scalar-name.js";
import { unalignedAccess } from "../access/unaligned-access.js";

/**
 * A scalar field type: one of the constants `i8` to `bool`, or {@link wrapping} or {@link clamping} around one.
 * @public
 */
export class ScalarType<out Name extends ScalarName = ScalarName> extends ValueType<
  ScalarValue<Name>
> {
  override readonly name: string;
  readonly scalar: Name;
  /** Size in bytes. */
  readonly byteLength: 1 | 2 | 4 | 8;
  readonly policy: RangePolicy;

  /** @internal */
  constructor(scalar: Name, policy: RangePolicy = "throw") {
    super();
    this.name = policy === "throw" ? scalar : `${makers[policy]}(${scalar})`;
    this.scalar = scalar;
    this.byteLength = scalarFacts[scalar].byteLength;
    this.policy = policy;
    Object.freeze(this);
  }

  /** @internal */
  override measure(abi: Abi): Extent {
    if (this.scalar === "bool") return { size: abi.boolBytes, align: abi.boolBytes };
    return { size: this.byteLength, align: Math.min(this.byteLength, abi.maxScalarAlign) };
  }

  /** @internal */
  override lackOnGpu({ scalars }: Abi): GpuLack | undefined {
    if (scalars?.includes(this.scalar) !== false) return undefined;
    return { what: this.name, hint: insteadOf(this.scalar) };
  }

  /** @internal */
  override check(value: unknown, place: FieldPlace): void {
    if (!this.#takes(value, place.isChecked !== false)) throw this.#refused(place, value);
  }

  /** @internal */
  override bind(binding: Binding): Codec {
    if (this.scalar === "bool" && binding.abi.boolBytes === 4) return wordBool(binding);
    const { isChecked } = binding;
    const takes = (value: unknown): boolean => this.#takes(value, isChecked);
    const raw = this.#rawCodec(binding);
    const store = this.policy === "clamp" ? clampingWrite(raw, this.scalar) : raw.write;
    const codec: Codec = {
      ...raw,
      write: (memory, offset, value) => {
        if (!takes(value)) throw this.#refused(binding, value);
        store(memory, offset, value);
      },
    };
    return codec;
  }

  /** @internal */
  override declaration(name: string): string {
    return `${scalarFacts[this.scalar].cType} ${name}`;
  }

  /** Stores what the arrays of JavaScript store: integers keep their low bits. */
  #rawCodec({ knownAlign, isBigEndian, isChecked }: Binding): Codec {
    const { scalar, byteLength: size } = this;
    const policy = this.policy === "throw" && !isChecked ? "wrap" : this.policy;
    const isDirect = knownAlign >= size && !isBigEndian;
    const unaligned = isDirect ? undefined : unalignedAccess(scalar, !isBigEndian);
    const { array, read, write } = unaligned ?? alignedAccess[scalar];
    const source = scalarSource(scalar, { policy, isDirect, isBigEndian });
    const codec: Codec = { size, arrays: [array], read, write, source };
    return isDirect && isIntegerType(this) ? { ...codec, integers: array } : codec;
  }

  #refused(place: FieldPlace, value: unknown): InvalidValueError {
    const isAny = place.isChecked === false || this.policy !== "throw";
    const expected = isAny ? `a ${typeofScalar(this.scalar)}` : expectation(this.scalar);
    return refusedValue(place, this.name, expected, value);
  }

  /** Values of another type of JavaScript are never taken; those out of range unless that is checked. */
  #takes(value: unknown, isChecked: boolean): boolean {
    if (typeof value !== typeofScalar(this.scalar)) return false;
    const scalar: ScalarName = this.scalar;
    const { min, max } = scalarFacts[scalar];
    const isAny = !isChecked || this.policy !== "throw";
    if (isAny || min === undefined || max === undefined) return true;
    if (typeof value === "bigint") return value >= min && value <= max;
    return Number.isInteger(value) && Number(value) >= min && Number(value) <= max;
  }
}

/** A bool as GLSL has it in blocks: an integer of 32 bits, 0 or 1. Others than 0 read as true. */
function wordBool(binding: Binding): Codec<boolean> {
  const word = u32.bind(binding);
  const codec: Codec<boolean> = {
    size: word.size,
    arrays: word.arrays,
    read: (memory, offset) => word.read(memory, offset) !== 0,
    write: (memory, offset, value) => {
      bool.check(value, binding);
      word.write(memory, offset, +value);
    },
    source: wordBoolSource(word.integers !== undefined, binding.isBigEndian),
  };
  return codec;
}

/** What stands for a scalar in shaders that do not have it. */
function insteadOf(scalar: ScalarName): string {
  if (scalar === "bool") return "Use a u32, and compare it with 0u in the shader.";
  if (scalar === "f64") return "Use an f32, or two: the value rounded to f32, and the rest.";
  const { byteLength } = scalarFacts[scalar];
  if (byteLength === 8) return "Use a vec(u32, 2): the low half first.";
  const word = scalar.startsWith("u") ? "a u32" : "an i32";
  return `Use ${word}, or bits(u32, {...}) for several in one word.`;
}

/** The functions that make types of another policy. */
const makers = { wrap: "wrapping", clamp: "clamping" };

/** What `typeof` says of the values of a scalar. */
function typeofScalar(name: ScalarName): "boolean" | "bigint" | "number" {
  if (name === "bool") return "boolean";
  return name === "i64" || name === "u64" ? "bigint" : "number";
}

/** Whether `type` is a scalar of whole numbers. */
export function isIntegerType(type: unknown): type is ScalarType {
  if (!(type instanceof ScalarType)) return false;
  const scalar: ScalarName = type.scalar;
  return scalarFacts[scalar].min !== undefined;
}

function expectation(scalar: ScalarName): string {
  const { min, max } = scalarFacts[scalar];
  if (min === undefined || max === undefined) return `a ${typeofScalar(scalar)}`;
  const kind = typeof min === "bigint" ? "a bigint" : "an integer";
  return `${kind} from ${min} to ${max}`;
}

/** Stores the nearest value that the type holds. */
/** Stores the nearest value of a type. */
function clampingWrite({ write }: Codec, scalar: ScalarName): Codec["write"] {
  const { min, max } = scalarFacts[scalar];
  if (min === undefined || max === undefined) return write;
  return (memory, offset, value) => {
    write(memory, offset, nearest(value, min, max));
  };
}

/**
 * Signed integer of 8 bits.
 * @public
 */
export const i8: ScalarType<"i8"> = new ScalarType("i8");

/**
 * Unsigned integer of 8 bits.
 * @public
 */
export const u8: ScalarType<"u8"> = new ScalarType("u8");

/**
 * Signed integer of 16 bits.
 * @public
 */
export const i16: ScalarType<"i16"> = new ScalarType("i16");

/**
 * Unsigned integer of 16 bits.
 * @public
 */
export const u16: ScalarType<"u16"> = new ScalarType("u16");

/**
 * Signed integer of 32 bits.
 * @public
 */
export const i32: ScalarType<"i32"> = new ScalarType("i32");

/**
 * Unsigned integer of 32 bits; wide enough for an address.
 * @public
 */
export const u32: ScalarType<"u32"> = new ScalarType("u32");

/**
 * Signed integer of 64 bits, a bigint; {@link i53} is the same as a number.
 * @public
 */
export const i64: ScalarType<"i64"> = new ScalarType("i64");

/**
 * Unsigned integer of 64 bits, a bigint.
 * @public
 */
export const u64: ScalarType<"u64"> = new ScalarType("u64");

/**
 * IEEE 754 number of 32 bits. Stores the nearest: 0.1 reads back as 0.10000000149011612.
 * @public
 */
export const f32: ScalarType<"f32"> = new ScalarType("f32");

/**
 * IEEE 754 number of 64 bits: a JavaScript number as it is.
 * @public
 */
export const f64: ScalarType<"f64"> = new ScalarType("f64");

/**
 * A byte that is 0 or 1, as C's `bool`. Any other byte that is found there reads as true.
 * @public
 */
export const bool: ScalarType<"bool"> = new ScalarType("bool");
