/**
 * Random structs and unions with everything that moves bytes in C: bit fields of all base types, padding and zero widths,
 * arrays, nested structs and unions, packed and aligned ones, aligned fields. Each knows its leaves: what has a value of its own.
 */
import {
  type FieldType,
  type IntegerName,
  type ScalarType,
  type StructOptions,
  aligned,
  array,
  be,
  bits,
  bool,
  f32,
  f64,
  i16,
  i32,
  i64,
  i8,
  struct,
  type Struct,
  u16,
  u32,
  u64,
  u8,
  union,
} from "@perfloc/typed";

const integers: readonly ScalarType<IntegerName>[] = [i8, u8, i16, u16, i32, u32, i64, u64];
const scalars: readonly ScalarType[] = [...integers, f32, f64, bool];

/** A small generator of our own, so that a seed makes the same structs for ever. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** An integer from 0 to `end` - 1. */
  below(end: number): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * end);
  }

  pick<Value>(values: readonly Value[]): Value {
    return values[this.below(values.length)]!;
  }

  isOneIn(count: number): boolean {
    return this.below(count) === 0;
  }
}

/** A scalar or bit field somewhere in a type. */
export interface Leaf {
  /** The way to it in TypeScript: names, and indices of arrays. */
  readonly path: readonly (string | number)[];
  /** The way to it in C: `.f3[1].f2_b0`. */
  readonly member: string;
  readonly scalar: ScalarType;
  /** Bits of its values. */
  readonly width: number;
  readonly isBitField: boolean;
}

interface RandomType {
  readonly type: FieldType;
  readonly leaves: readonly Leaf[];
}

/** One bit field of a struct. */
interface RandomBit {
  /** Path in TypeScript, `f3.b1`, and member in C, `f3_b1`. */
  readonly path: string;
  readonly member: string;
  readonly width: number;
}

export interface RandomStruct {
  readonly type: Struct<any>;
  /** Names of the fields that `offsetof` takes. */
  readonly offsets: readonly string[];
  readonly bits: readonly RandomBit[];
  readonly leaves: readonly Leaf[];
}

type Abi = NonNullable<StructOptions["abi"]>;

export interface RandomOptions {
  readonly abi: Abi;
  /** Whether some groups of bit fields are in big-endian order, which clang has not. */
  readonly hasBigEndianBits?: boolean;
}

/** `count` structs of `abi`, each called `s<index>`, that may contain earlier ones. */
export function randomStructs(
  seed: number,
  count: number,
  { abi, hasBigEndianBits = false }: RandomOptions,
): RandomStruct[] {
  const maker = new StructMaker(new Random(seed), abi, hasBigEndianBits);
  return Array.from({ length: count }, (_, index) => maker.make(`s${index}`));
}

class StructMaker {
  readonly #random: Random;
  readonly #abi: Abi;
  readonly #hasBigEndianBits: boolean;
  readonly #made: RandomStruct[] = [];

  constructor(random: Random, abi: Abi, hasBigEndianBits: boolean) {
    this.#random = random;
    this.#abi = abi;
    this.#hasBigEndianBits = hasBigEndianBits;
  }

  make(name: string): RandomStruct {
    const random = this.#random;
    const fields: Record<string, FieldType> = {};
    const offsets: string[] = [];
    const bitFields: RandomBit[] = [];
    const leaves: Leaf[] = [];
    const inner = this.#made.filter(({ type }) => type.size < 300).slice(-40);
    const fieldCount = 1 + random.below(8);
    for (let index = 0; index < fieldCount; index++) {
      const field = `f${index}`;
      const isGroup = random.isOneIn(3);
      const made = isGroup ? this.#bits() : this.#type(inner);
      const isOwnStruct = isGroup && this.#hasBigEndianBits && random.isOneIn(4);
      fields[field] = isOwnStruct ? be(made.type) : made.type;
      if (!isGroup || isOwnStruct) offsets.push(field);
      for (const leaf of made.leaves) {
        const path = [field, ...leaf.path];
        // The bit fields of a group are members of the struct around it.
        const isMember = isGroup && !isOwnStruct;
        const member = isMember ? `.${field}_${leaf.path.join("")}` : `.${field}${leaf.member}`;
        leaves.push({ ...leaf, path, member });
        if (isMember)
          bitFields.push({ path: path.join("."), member: member.slice(1), width: leaf.width });
      }
    }
    const packed = random.isOneIn(4);
    const align = random.isOneIn(6) ? random.pick([2, 4, 8, 16, 32]) : 1;
    const type = struct(name, fields, { abi: this.#abi, packed, align });
    const made = { type, offsets, bits: bitFields, leaves };
    this.#made.push(made);
    return made;
  }

  #bits(): RandomType {
    const random = this.#random;
    const base = random.isOneIn(10) ? bool : random.pick(integers);
    const limit = base === bool ? 1 : base.byteLength * 8;
    const widths: Record<string, number> = {};
    const count = 1 + random.below(5);
    for (let index = 0; index < count; index++) {
      const isPadding = random.isOneIn(6);
      const name = isPadding ? `_${index}` : `b${index}`;
      widths[name] = isPadding && random.isOneIn(2) ? 0 : 1 + random.below(limit);
    }
    widths["b9"] = 1 + random.below(limit);
    const leaves = Object.entries(widths)
      .filter(([name]) => !name.startsWith("_"))
      .map(([name, width]): Leaf => {
        return { path: [name], member: `.${name}`, scalar: base, width, isBitField: true };
      });
    return { type: bits(base, widths), leaves };
  }

  #type(inner: readonly RandomType[]): RandomType {
    const random = this.#random;
    const kind = random.below(13);
    if (kind < 6 || inner.length === 0) return this.#scalar();
    if (kind < 8) return random.pick(inner);
    if (kind < 9)
      return arrayOf(random.isOneIn(2) ? this.#scalar() : random.pick(inner), 1 + random.below(4));
    if (kind < 10)
      return arrayOf(arrayOf(this.#scalar(), 1 + random.below(3)), 1 + random.below(3));
    if (kind < 11) return arrayOf(this.#bits(), 1 + random.below(3));
    if (kind < 12) {
      const { type, leaves } = this.#scalar();
      return { type: aligned(type, random.pick([2, 4, 8, 16])), leaves };
    }
    const members = { a: this.#scalar(), b: random.pick(inner), c: this.#bits() };
    const { a, b, c } = members;
    const type = union({ a: a.type, b: b.type, c: c.type, d: array(u8, 5) });
    // They lie in the same bytes: one of them has a value.
    const member = random.pick(["a", "b", "c"] as const);
    const leaves = members[member].leaves.map((leaf) => within(member, `.${member}`, leaf));
    return { type, leaves };
  }

  #scalar(): RandomType {
    const scalar = this.#random.pick(scalars);
    const width = scalar === bool ? 1 : scalar.byteLength * 8;
    return { type: scalar, leaves: [{ path: [], member: "", scalar, width, isBitField: false }] };
  }
}

function arrayOf({ type, leaves }: RandomType, length: number): RandomType {
  const all = Array.from({ length }, (_, index) =>
    leaves.map((leaf) => within(index, `[${index}]`, leaf)),
  );
  return { type: array(type, length), leaves: all.flat() };
}

/** A leaf of a part, as one of the whole. */
function within(step: string | number, member: string, leaf: Leaf): Leaf {
  return { ...leaf, path: [step, ...leaf.path], member: `${member}${leaf.member}` };
}
