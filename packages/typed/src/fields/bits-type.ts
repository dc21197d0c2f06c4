/** Groups of bit fields, as C packs them into units of a base type. */
import type { Binding, BoundMember, Codec, FieldSource } from "../access/codec.js";
import { booleanSource, numberSource } from "../made/bit-source.js";
import type { Extent } from "../layout/extent.js";
import type { Abi } from "../layout/abi.js";
import { type BitPlace, bigIntBits, booleanBit, numberBits } from "../access/bit-access.js";
import { type FieldPlace, InvalidTypeError, refusedValue } from "../errors.js";
import { FieldType, ValueType, ViewType } from "./field-type.js";
import { type BitMember, type Layout, type PlacedBits, layOut } from "../layout/layout.js";
import { checkRecord, recordCodec, settleRecord, withViews } from "./record.js";
import { ScalarType, bool, isIntegerType } from "./scalar.js";
import { nearest } from "../layout/nearest.js";
import { scalarFacts } from "../layout/scalar-facts.js";
import type { IntegerName } from "../layout/scalar-name.js";
import { checkFieldName } from "./field-names.js";
import type { FieldView } from "./struct-fields.js";

/** The widest field, in bits, that holds numbers: all its values are safe integers. Wider ones hold bigints. */
const MAX_NUMBER_WIDTH = 53;

/** Names that stand for padding: C's bit fields without a name. */
const PADDING = /^_\d*$/;

/**
 * The widths of bit fields by name. Fields called `_`, `_1`, `_2` and so on are padding, which may be 0 wide: the next field
 * then begins a new unit.
 * @public
 */
export type BitWidths = Readonly<Record<string, number>>;

/**
 * What a bit field of some width holds, whatever its base type: a boolean in 1 bit, a number in up to 53, a bigint in more.
 * @public
 */
export type BitValue<Width extends number> = number extends Width
  ? boolean | number | bigint
  : Width extends 1
    ? boolean
    : Width extends 54 | 55 | 56 | 57 | 58 | 59 | 60 | 61 | 62 | 63 | 64
      ? bigint
      : number;

/**
 * What the bit fields of a group hold.
 * @public
 */
export type BitValues<Widths extends BitWidths> = {
  -readonly [Name in keyof Widths as Name extends "_" | `_${number}` ? never : Name]: BitValue<
    Widths[Name]
  >;
};

/**
 * The type of a group of bit fields.
 * @public
 */
export type BitsFieldType<Widths extends BitWidths> = ViewType<
  BitValues<Widths>,
  Partial<BitValues<Widths>>,
  BitValues<Widths> & FieldView<Partial<BitValues<Widths>>>
> & {
  /** For TypeScript alone: the names of the fields, by which paths are known. */
  readonly "~names": keyof BitValues<Widths> & string;
};

/**
 * Consecutive bit fields of C, all of one base type: `bits(u32, { ready: 1, level: 3 })` is `uint32_t ready : 1, level : 3`.
 * Groups in a row continue in the same unit as they do in C. Fields of 1 bit are booleans, of 2 to 53 bits numbers, of 54 to 64 bits bigints.
 *
 * In a struct in `be()` the fields begin with the highest bits, as with gcc's `scalar_storage_order("big-endian")`. A group in `be()` or
 * `le()` itself is a struct of its own, which no other group continues.
 * @param base - an integer type, or `bool`; signed types make signed fields; `wrapping` and `clamping` ones pass that on
 * @param widths - bits of each field: 1 to those of the base type
 * @throws InvalidTypeError `PERFLOC_TYPED_INVALID_TYPE`
 * @public
 */
export function bits<const Widths extends BitWidths>(
  base: ScalarType<IntegerName | "bool">,
  widths: Widths,
): BitsFieldType<Widths> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- "~names" is for TypeScript alone
  return new BitsType(base, widths) as unknown as BitsFieldType<Widths>;
}

export class BitsType extends ViewType {
  override readonly name: string;
  readonly base: ScalarType;
  readonly bitMembers: readonly BitMember[];
  readonly #fields: ReadonlyMap<string, BitField>;

  constructor(base: ScalarType, widths: BitWidths) {
    super();
    if (!isIntegerType(base) && base !== bool)
      throw refusedBits("its base is no integer type", "Pass one of i8 to u64, or bool.");
    for (const name of Object.keys(widths)) checkFieldName("bits", name);
    this.base = base;
    this.name = `bits(${base.name})`;
    this.bitMembers = Object.entries(widths).map(([name, width]) => bitMember(base, name, width));
    const fields = this.bitMembers.filter(({ name }) => name !== undefined);
    this.#fields = new Map(fields.map((field) => [field.name!, new BitField(base, field.width)]));
    if (fields.length === 0) throw refusedBits("it has no fields", "Give it one field at least.");
  }

  override measure(abi: Abi): Extent {
    return { ...this.base.measure(abi), bits: this.bitMembers };
  }

  override settle(value: unknown): unknown {
    return settleRecord(this.#fields, value);
  }

  override check(value: unknown, place: FieldPlace): void {
    checkRecord(this.#fields, this.name, value, place);
  }

  override bind(binding: Binding): Codec {
    const members =
      binding.placedBits?.map((placed) => this.#bindField(placed, binding, binding.knownAlign)) ??
      this.#bindAlone(binding);
    const size = Math.max(...members.map(({ codec }) => codec.size));
    return withViews({ ...recordCodec(size, members), fields: members }, this, binding);
  }

  override get parts(): readonly FieldType[] {
    return [this.base];
  }

  override get signature(): string {
    return `${this.name}${JSON.stringify(this.bitMembers)}`;
  }

  /** As it stands in a union or array, where C has no bit fields: a struct around them. */
  override declaration(name: string, attribute: string = ""): string {
    return `struct { ${this.#declarations("").join("; ")}; } ${attribute}${name}`;
  }

  override members(name: string): readonly string[] {
    return this.#declarations(`${name}_`);
  }

  /** The bit fields, their names beginning with `prefix`. */
  #declarations(prefix: string): string[] {
    return this.bitMembers.map(({ name, width }) =>
      this.base.declaration(`${name === undefined ? "" : prefix + name} : ${width}`),
    );
  }

  #alone(abi: Abi): Layout {
    return layOut([{ name: "", ...this.measure(abi) }], { abi });
  }

  #bindAlone(binding: Binding): BoundMember[] {
    const { align, members } = this.#alone(binding.abi);
    // The bytes of a DataView can be anywhere.
    const unitAlign = binding.isBigEndian ? align : Math.min(align, binding.knownAlign);
    return members[0]!.placedBits!.map((placed) => this.#bindField(placed, binding, unitAlign));
  }

  #bindField(
    { name, bitOffset, width }: PlacedBits,
    binding: Binding,
    unitAlign: number,
  ): BoundMember {
    const prefix = binding.fieldName === "" ? "" : `${binding.fieldName}.`;
    const type = this.#fields.get(name)!;
    const fieldName = `${prefix}${name}`;
    const codec = type.bindAt({ bitOffset, width, unitAlign }, { ...binding, fieldName });
    return { name, type, codec, byteOffset: 0, firstByte: bitOffset >>> 3 };
  }
}

/** One bit field: known by its group only. */
class BitField extends ValueType<number | bigint | boolean> {
  override readonly name: string;
  readonly #base: ScalarType;
  readonly #kind: "boolean" | "number" | "bigint";
  readonly #min: number | bigint;
  readonly #max: number | bigint;
  readonly #isSigned: boolean;

  constructor(base: ScalarType, width: number) {
    super();
    const { min } = scalarFacts[base.scalar];
    this.name = `${base.name} : ${width}`;
    this.#base = base;
    this.#isSigned = min !== undefined && min < 0;
    const half = 2n ** BigInt(width - 1);
    const [least, most] = this.#isSigned ? [-half, half - 1n] : [0n, half * 2n - 1n];
    const isBig = width > MAX_NUMBER_WIDTH;
    this.#kind = width === 1 ? "boolean" : isBig ? "bigint" : "number";
    this.#min = isBig ? least : Number(least);
    this.#max = isBig ? most : Number(most);
  }

  override measure(abi: Abi): Extent {
    return this.#base.measure(abi);
  }

  override check(value: unknown, place: FieldPlace): void {
    const isAny = place.isChecked === false || this.#base.policy !== "throw";
    if (!this.#taking(isAny)(value))
      throw refusedValue(place, this.name, this.#expectation(isAny), value);
  }

  override bind(): Codec {
    throw new TypeError("a bit field is bound by its group");
  }

  bindAt(place: Pick<BitPlace, "bitOffset" | "width" | "unitAlign">, binding: Binding): Codec {
    const { isBigEndian, isChecked } = binding;
    const bitPlace = { ...place, isBigEndian, isSigned: this.#isSigned };
    const raw = this.#codecAt(bitPlace);
    const { policy } = this.#base;
    const takes = this.#taking(!isChecked || policy !== "throw");
    const isClamped = policy === "clamp" && this.#kind !== "boolean";
    const [min, max] = [this.#min, this.#max];
    const { read, write: store } = raw;
    const source = this.#sourceAt(bitPlace);
    return {
      ...raw,
      ...(source !== undefined && { source }),
      write: (memory, offset, value) => {
        if (!takes(value)) this.check(value, binding);
        store(memory, offset, isClamped ? nearest(value, min, max) : value);
      },
      equals: (memory, offset, other, otherOffset) =>
        read(memory, offset) === read(other, otherOffset),
    };
  }

  override declaration(name: string): string {
    return this.#base.declaration(name);
  }

  #codecAt(place: BitPlace): Pick<Codec, "size" | "arrays" | "read" | "write"> {
    if (this.#kind === "boolean") return booleanBit(place);
    return this.#kind === "bigint" ? bigIntBits(place) : numberBits(place);
  }

  #sourceAt(place: BitPlace): FieldSource | undefined {
    if (this.#kind === "boolean") return booleanSource(place);
    return this.#kind === "bigint" ? undefined : numberSource(place);
  }

  /** The values that it takes, for messages: all of its kind, or those in range. */
  #taking(isAny: boolean): (value: unknown) => boolean {
    const [kind, min, max] = [this.#kind, this.#min, this.#max];
    if (isAny || kind === "boolean") return (value) => typeof value === kind;
    if (kind === "bigint")
      return (value) => typeof value === "bigint" && value >= min && value <= max;
    return (value) =>
      typeof value === "number" && value >= min && value <= max && Math.trunc(value) === value;
  }

  #expectation(isAny: boolean): string {
    if (isAny || this.#kind === "boolean") return `a ${this.#kind}`;
    const kind = this.#kind === "bigint" ? "a bigint" : "an integer";
    return `${kind} from ${this.#min} to ${this.#max}`;
  }
}

function bitMember(base: ScalarType, name: string, width: number): BitMember {
  const isPadding = PADDING.test(name);
  const widest = base === bool ? 1 : base.byteLength * 8;
  if (Number.isInteger(width) && width >= (isPadding ? 0 : 1) && width <= widest)
    return { name: isPadding ? undefined : name, width };
  const fact = `field ${name} is ${String(width)} wide`;
  throw refusedBits(fact, `Fields of ${base.name} are 1 to ${widest} wide, padding may be 0.`);
}

function refusedBits(fact: string, hint: string): InvalidTypeError {
  return new InvalidTypeError("bits", fact, hint);
}
