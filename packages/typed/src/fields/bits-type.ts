/** Groups of bit fields, as C packs them into units of a base type. */
import type { Binding, BoundMember, Codec } from "../access/codec.js";
import type { Extent } from "../layout/extent.js";
import type { Abi } from "../layout/abi.js";
import { booleanBit, numberBits } from "../access/bit-access.js";
import { type FieldPlace, InvalidTypeError, refusedValue } from "../errors.js";
import { FieldType, ValueType, ViewType } from "./field-type.js";
import { type BitMember, type Layout, type PlacedBits, layOut } from "../layout/layout.js";
import { checkRecord, recordCodec, settleRecord, withViews } from "./record.js";
import { ScalarType, bool, isIntegerType } from "./scalar.js";
import { scalarFacts } from "../layout/scalar-facts.js";
import type { IntegerName } from "../layout/scalar-name.js";
import { checkFieldName } from "./field-names.js";
import type { FieldView } from "./struct-fields.js";

/** The widest field: all its values are safe integers. */
const MAX_WIDTH = 53;

/** Names that stand for padding: C's bit fields without a name. */
const PADDING = /^_\d*$/;

/**
 * The widths of bit fields by name. Fields called `_`, `_1`, `_2` and so on are padding, which may be 0 wide: the next field
 * then begins a new unit.
 * @public
 */
export type BitWidths = Readonly<Record<string, number>>;

/**
 * What bit fields hold: a boolean where the width is 1, else a number.
 * @public
 */
export type BitValues<Widths extends BitWidths> = {
  -readonly [
    Name in keyof Widths as Name extends "_" | `_${number}` ? never : Name
  ]: Widths[Name] extends 1 ? boolean : number;
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
 * Groups in a row continue in the same unit as they do in C. Fields of width 1 are booleans, all others numbers.
 * @param base - an integer type, or `bool`; signed types make signed fields
 * @param widths - bits of each field: 1 to those of the base type, and at most 53
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

class BitsType extends ViewType {
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
    if (binding.isBigEndian) {
      const hint = "Read the bytes as a number in be(), and take the bits out of it.";
      throw refusedBits("it is in a big-endian struct", hint);
    }
    const { placedBits = this.#alone(binding.abi).members[0]!.placedBits! } = binding;
    const members = placedBits.map((placed) => this.#bindField(placed, binding));
    const size = Math.max(...members.map(({ codec }) => codec.size));
    return withViews(recordCodec(size, members), this, binding);
  }

  override get parts(): readonly FieldType[] {
    return [this.base];
  }

  override get signature(): string {
    return `${this.name}${JSON.stringify(this.bitMembers)}`;
  }

  /** As it stands in a union or array, where C has no bit fields: a struct around them. */
  override declaration(name: string): string {
    return `struct { ${this.#declarations("").join("; ")}; } ${name}`;
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

  #bindField({ name, bitOffset, width }: PlacedBits, binding: Binding): BoundMember {
    const prefix = binding.fieldName === "" ? "" : `${binding.fieldName}.`;
    const type = this.#fields.get(name)!;
    const fieldName = `${prefix}${name}`;
    const codec = type.bindAt(bitOffset, width, { ...binding, fieldName });
    return { name, type, codec, byteOffset: 0, firstByte: bitOffset >>> 3 };
  }
}

/** One bit field: known by its group only. */
class BitField extends ValueType<number | boolean> {
  override readonly name: string;
  readonly #base: ScalarType;
  /** One bit: a boolean, whatever the base type. */
  readonly #isBoolean: boolean;
  readonly #min: number;
  readonly #max: number;
  readonly #isSigned: boolean;

  constructor(base: ScalarType, width: number) {
    super();
    const { min } = scalarFacts[base.scalar];
    this.name = `${base.scalar} : ${width}`;
    this.#base = base;
    this.#isBoolean = width === 1;
    this.#isSigned = min !== undefined && min < 0;
    this.#min = this.#isSigned ? -(2 ** (width - 1)) : 0;
    this.#max = 2 ** (this.#isSigned ? width - 1 : width) - 1;
  }

  override measure(abi: Abi): Extent {
    return this.#base.measure(abi);
  }

  override check(value: unknown, place: FieldPlace): void {
    if (this.#isBoolean) {
      if (typeof value !== "boolean") throw refusedValue(place, this.name, "a boolean", value);
    } else if (this.#base.policy !== "throw") {
      if (typeof value !== "number") throw refusedValue(place, this.name, "a number", value);
    } else if (!Number.isInteger(value) || Number(value) < this.#min || Number(value) > this.#max) {
      const expected = `an integer from ${this.#min} to ${this.#max}`;
      throw refusedValue(place, this.name, expected, value);
    }
  }

  override bind(): Codec {
    throw new TypeError("a bit field is bound by its group");
  }

  bindAt(bitOffset: number, width: number, binding: Binding): Codec {
    const { knownAlign } = binding;
    const codec: Codec =
      width === 1
        ? booleanBit(bitOffset)
        : this.#clamping(numberBits({ bitOffset, width, knownAlign, isSigned: this.#isSigned }));
    const compared: Codec = {
      ...codec,
      equals: (memory, offset, other, otherOffset) =>
        codec.read(memory, offset) === codec.read(other, otherOffset),
    };
    return binding.isChecked && this.#base.policy === "throw"
      ? this.#checking(compared, binding)
      : compared;
  }

  override declaration(name: string): string {
    return this.#base.declaration(name);
  }

  /** Stores the nearest value that the field holds, where that is the policy. */
  #clamping(codec: Codec): Codec {
    if (this.#base.policy !== "clamp") return codec;
    const [min, max] = [this.#min, this.#max];
    return withWrite(codec, (memory, offset, value) => {
      codec.write(memory, offset, value < min ? min : value > max ? max : value);
    });
  }

  #checking(codec: Codec, binding: Binding): Codec {
    return withWrite(codec, (memory, offset, value) => {
      this.check(value, binding);
      codec.write(memory, offset, value);
    });
  }
}

/** A codec that writes in another way, its property too. */
function withWrite(codec: Codec, write: Codec["write"]): Codec {
  return {
    ...codec,
    write,
    accessor: (byteOffset) => ({
      ...codec.accessor!(byteOffset),
      set(value: number | boolean) {
        write(this, this.$offset + byteOffset, value);
      },
    }),
  };
}

function bitMember(base: ScalarType, name: string, width: number): BitMember {
  const isPadding = PADDING.test(name);
  const widest = Math.min(MAX_WIDTH, base === bool ? 1 : base.byteLength * 8);
  if (Number.isInteger(width) && width >= (isPadding ? 0 : 1) && width <= widest)
    return { name: isPadding ? undefined : name, width };
  const fact = `field ${name} is ${String(width)} wide`;
  throw refusedBits(fact, `Fields of ${base.name} are 1 to ${widest} wide, padding may be 0.`);
}

function refusedBits(fact: string, hint: string): InvalidTypeError {
  return new InvalidTypeError("bits", fact, hint);
}
