/**
 * Random structs and unions with everything that moves bytes in C: bit fields of all base types, padding and zero widths,
 * arrays, nested structs and unions, packed and aligned ones, aligned fields.
 */
import {
  type FieldType,
  type IntegerName,
  type ScalarType,
  type StructOptions,
  aligned,
  array,
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
class Random {
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
}

type Abi = NonNullable<StructOptions["abi"]>;

/** `count` structs of `abi`, each called `s<index>`, that may contain earlier ones. */
export function randomStructs(seed: number, count: number, abi: Abi): RandomStruct[] {
  const random = new Random(seed);
  const made: RandomStruct[] = [];
  for (let index = 0; index < count; index++) {
    const inner = made
      .map(({ type }) => type)
      .filter(({ size }) => size < 300)
      .slice(-40);
    made.push(randomStruct(random, `s${index}`, abi, inner));
  }
  return made;
}

function randomStruct(
  random: Random,
  name: string,
  abi: Abi,
  inner: readonly FieldType[],
): RandomStruct {
  const fields: Record<string, FieldType> = {};
  const offsets: string[] = [];
  const bitFields: RandomBit[] = [];
  const fieldCount = 1 + random.below(8);
  for (let index = 0; index < fieldCount; index++) {
    const field = `f${index}`;
    if (random.isOneIn(3)) {
      const { type, widths } = randomBits(random);
      fields[field] = type;
      for (const [bit, width] of Object.entries(widths)) {
        if (!bit.startsWith("_"))
          bitFields.push({ path: `${field}.${bit}`, member: `${field}_${bit}`, width });
      }
    } else {
      fields[field] = randomType(random, inner);
      offsets.push(field);
    }
  }
  const packed = random.isOneIn(4);
  const align = random.isOneIn(6) ? random.pick([2, 4, 8, 16, 32]) : 1;
  return { type: struct(name, fields, { abi, packed, align }), offsets, bits: bitFields };
}

function randomBits(random: Random): {
  readonly type: FieldType;
  readonly widths: Record<string, number>;
} {
  const base = random.isOneIn(10) ? bool : random.pick(integers);
  const limit = base === bool ? 1 : Math.min(53, base.byteLength * 8);
  const widths: Record<string, number> = {};
  const count = 1 + random.below(5);
  for (let index = 0; index < count; index++) {
    const isPadding = random.isOneIn(6);
    const name = isPadding ? `_${index}` : `b${index}`;
    widths[name] = isPadding && random.isOneIn(2) ? 0 : 1 + random.below(limit);
  }
  widths["b9"] = 1 + random.below(limit);
  return { type: bits(base, widths), widths };
}

function randomType(random: Random, inner: readonly FieldType[]): FieldType {
  const kind = random.below(12);
  if (kind < 6 || inner.length === 0) return random.pick(scalars);
  if (kind < 8) return random.pick(inner);
  if (kind < 9) return array(random.pick([...scalars, ...inner]), 1 + random.below(4));
  if (kind < 10) return array(random.pick(scalars), 1 + random.below(3), 1 + random.below(3));
  if (kind < 11) return aligned(random.pick(scalars), random.pick([2, 4, 8, 16]));
  const { type } = randomBits(random);
  return union({ a: random.pick(scalars), b: random.pick(inner), c: type, d: array(u8, 5) });
}
