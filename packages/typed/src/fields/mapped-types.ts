/** Enumerations, dates, integers of 53 bits, and what programs make themselves: types that are stored as another. */
import { InvalidTypeError, InvalidValueError, refusedValue, show } from "../errors.js";
import type { FieldSource } from "../access/codec.js";
import type { FieldType, ValueType } from "./field-type.js";
import { int64Words } from "./int64-words.js";
import { MappedType, type Mapping } from "./mapped-type.js";
import { checkType } from "./modified-type.js";
import { ScalarType, isIntegerType } from "./scalar.js";
import type { IntegerName } from "../layout/scalar-name.js";
import { enumSource } from "../made/field-source.js";
import { timeOf } from "../time-of.js";

/**
 * Signed integer of 64 bits in memory, a number in JavaScript: from -(2^53 - 1) to 2^53 - 1. Reading what lies outside throws
 * InvalidValueError; nothing is rounded.
 * @public
 */
export const i53: ValueType<number> = new MappedType<number, number | bigint>("i53", int64Words, {
  decode(stored, place) {
    if (typeof stored === "number") return stored;
    throw new InvalidValueError(
      place,
      stored,
      `(i53) holds ${stored}, which is no safe integer`,
      "Read the field as an i64.",
    );
  },
  encode: (value) => value,
  check(value, place) {
    if (!Number.isSafeInteger(value)) throw refusedValue(place, "i53", "a safe integer", value);
  },
});

/**
 * A moment, in milliseconds since 1970, stored as an i64. Zeroed memory is the beginning of 1970. Each read makes a `Date`.
 * @public
 */
export const date: ValueType<Date> = new MappedType<Date, number | bigint>("date", int64Words, {
  decode(stored, place) {
    const value = new Date(Number(stored));
    if (!Number.isNaN(value.getTime())) return value;
    throw new InvalidValueError(
      place,
      BigInt(stored),
      `(date) holds ${stored} milliseconds, which is no date`,
      "Read the field as an i64.",
    );
  },
  encode: (value) => timeOf(value)!,
  check(value, place) {
    const time = timeOf(value);
    if (time === undefined || Number.isNaN(time))
      throw refusedValue(place, "date", "a valid Date", value);
  },
});

/**
 * An enumeration: a number in memory, one of some names in JavaScript. Reading a number without a name throws
 * InvalidValueError.
 * @param base - the integer type that it is stored as
 * @param values - the number of each name
 * @throws InvalidTypeError `PERFLOC_TYPED_INVALID_TYPE` for no names, and for a number that has two
 * @throws InvalidValueError `PERFLOC_TYPED_INVALID_VALUE` for a number that `base` does not hold
 * @example
 * ```ts
 * const Kind = enumOf(u8, { dust: 0, spark: 1 });
 * ```
 * @public
 */
export function enumOf<const Values extends Readonly<Record<string, number>>>(
  base: ScalarType<IntegerName>,
  values: Values,
): ValueType<keyof Values & string> {
  if (!isIntegerType(base))
    throw new InvalidTypeError("enumOf", "its base is no integer type", "Pass one of i8 to u64.");
  const isBig = base.scalar === "i64" || base.scalar === "u64";
  if (typeof values !== "object" || (values as unknown) === null)
    throw refusedEnum(`${show(values)} is no object with a number for each name`);
  // A number that wraps or is clamped would be stored as another one.
  const exact = new ScalarType(base.scalar);
  const numbers = new Map<string, number>(Object.entries(values));
  const names = new Map<number, string>();
  for (const [name, number] of numbers) {
    if (isBig && !Number.isSafeInteger(number))
      throw refusedEnum(`${name} is ${show(number)}, not a whole number below 2^53`);
    if (names.has(number)) throw refusedEnum(`${name} and ${names.get(number)} are both ${number}`);
    exact.check(isBig ? BigInt(number) : number, { structName: "(enum)", fieldName: name });
    names.set(number, name);
  }
  if (numbers.size === 0) throw refusedEnum("it has no names");
  // Small numbers, as most are, find their names in an array, which takes 2 ns instead of 10.
  const namesOfBytes: (string | undefined)[] = [];
  for (const [number, name] of names) if ((number & 0xff) === number) namesOfBytes[number] = name;
  const mapping: Mapping<keyof Values & string, number | bigint> = {
    decode(stored, place) {
      const name =
        typeof stored === "number" && (stored & 0xff) === stored
          ? namesOfBytes[stored]
          : names.get(Number(stored));
      if (name !== undefined) return name;
      throw new InvalidValueError(
        place,
        stored,
        `holds ${show(stored)}, which has no name in its enum`,
        "Give the number a name, or read the field as a number.",
      );
    },
    encode: (name) => (isBig ? BigInt(numbers.get(name)!) : numbers.get(name)!),
    ...(!isBig && { source: (stored: FieldSource) => enumSource(numbers, stored) }),
    check(value, place) {
      if (typeof value !== "string" || !numbers.has(value))
        throw refusedValue(place, "enum", `one of ${[...numbers.keys()].join(", ")}`, value);
    },
  };
  const signature = `enum(${base.name}, ${JSON.stringify([...numbers])})`;
  return new MappedType(`enum(${base.name})`, base, mapping, signature);
}

function refusedEnum(fact: string): InvalidTypeError {
  return new InvalidTypeError("enumOf", fact, "Give each name a number of its own.");
}

/**
 * How {@link custom} types turn what is stored into values, and back.
 * @public
 */
export interface CustomCodec<Value, Stored> {
  /** For `layout()` and errors. Default: "custom". */
  readonly name?: string | undefined;
  /** The value of what is stored. Also of zeroed memory. */
  decode(stored: Stored): Value;
  /** What is stored for a value. Throws for what is none; nothing is then written. */
  encode(value: Value): Stored;
}

/**
 * A type of your own, stored as another one.
 * @param base - the type that it is stored as
 * @example
 * ```ts
 * const celsius = custom(i16, { decode: (tenths) => tenths / 10, encode: (degrees: number) => Math.round(degrees * 10) });
 * ```
 * @public
 */
export function custom<Value, Stored>(
  base: FieldType<Stored>,
  codec: CustomCodec<Value, Stored>,
): ValueType<Value> {
  checkType("custom", base);
  const { name = "custom" } = codec;
  return new MappedType<Value, Stored>(name, base, {
    decode: (stored) => codec.decode(stored),
    encode: (value) => codec.encode(value),
    isForeign: true,
  });
}
