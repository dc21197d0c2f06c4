/** The text that reads, writes and checks one field: the functions made for each struct consist of it. */
import type { FieldSource } from "../access/codec.js";
import { type RangePolicy, scalarFacts } from "../layout/scalar-facts.js";
import type { ScalarName } from "../layout/scalar-name.js";

/** How a scalar lies, and what happens to values out of range. */
interface ScalarPlace {
  readonly policy: RangePolicy;
  /** Whether a typed array can reach it: it is aligned, and in the byte order of the machine. */
  readonly isDirect: boolean;
  readonly isBigEndian: boolean;
}

export function scalarSource(scalar: ScalarName, place: ScalarPlace): FieldSource {
  const takes = (value: string): string =>
    place.policy === "throw" ? takesScalar(scalar, value) : takesAny(scalar, value);
  const stored = (value: string): string =>
    place.policy === "clamp" ? clamped(scalar, value) : value;
  const access = scalarAccessSource(scalar, place.isDirect, place.isBigEndian);
  return {
    ...access,
    takes,
    write: (array, at, byteOffset, value) => access.write(array, at, byteOffset, stored(value)),
  };
}

/** A bool in a word of 32 bits, as in GPU layouts. */
export function wordBoolSource(isDirect: boolean, isBigEndian: boolean): FieldSource {
  const { array, read, write } = isDirect ? directSource("u32") : viewSource("u32", isBigEndian);
  return {
    array,
    takes: (value) => takesAny("bool", value),
    read: (elements, at, byteOffset) => `${read(elements, at, byteOffset)} !== 0`,
    write: (elements, at, byteOffset, value) => write(elements, at, byteOffset, `+${value}`),
  };
}

/** A string of at most `byteLength` bytes. Strings with other characters than ASCII are left to the codec. */
export function asciiSource(byteLength: number): FieldSource {
  return {
    array: "u8",
    takes: (value) => `isAscii(${value}, ${byteLength})`,
    write: (array, at, byteOffset, value) =>
      `writeAscii(${array}, ${sum(at, byteOffset)}, ${sum(at, byteOffset + byteLength)}, ${value});`,
  };
}

/** The text that reads and writes a value without checking it. */
export type AccessSource = Required<Omit<FieldSource, "takes" | "isPart">>;

/** @param isDirect - whether a typed array can reach it */
export function scalarAccessSource(
  scalar: ScalarName,
  isDirect: boolean,
  isBigEndian: boolean,
): AccessSource {
  return isDirect ? directSource(scalar) : viewSource(scalar, isBigEndian);
}

/** More names are left to the codec: comparing all of them would take longer. */
const MAX_NAMES = 16;

/** One of some names, stored as its number in the integer type `base`. */
export function enumSource(
  numbers: ReadonlyMap<string, number>,
  base: FieldSource,
): FieldSource | undefined {
  if (numbers.size > MAX_NAMES) return undefined;
  const names = [...numbers].map(([name, number]) => ({ name: literal(name), number }));
  return {
    array: base.array,
    takes: (value) => names.map(({ name }) => `${value} === ${name}`).join(" || "),
    write: (array, at, byteOffset, value) => {
      const choices = names.map(({ name, number }) => `${value} === ${name} ? ${number} : `);
      return base.write(array, at, byteOffset, `(${choices.join("")}0)`);
    },
  };
}

/** A JavaScript string literal without `@`, which stands for a statement in record-source.ts. */
function literal(text: string): string {
  return JSON.stringify(text).replaceAll("@", "\\u0040");
}

function directSource(scalar: ScalarName): AccessSource {
  const shift = Math.log2(scalarFacts[scalar].byteLength);
  const element = (array: string, at: string, byteOffset: number): string =>
    shift === 0
      ? `${array}[${sum(at, byteOffset)}]`
      : `${array}[${sum(`(${at} >>> ${shift})`, byteOffset >> shift)}]`;
  if (scalar !== "bool")
    return {
      array: scalar,
      read: element,
      write: (array, at, byteOffset, value) => `${element(array, at, byteOffset)} = ${value};`,
    };
  return {
    array: "u8",
    read: (array, at, byteOffset) => `${element(array, at, byteOffset)} !== 0`,
    write: (array, at, byteOffset, value) => `${element(array, at, byteOffset)} = +${value};`,
  };
}

/** The part of a DataView's method names that names the type. */
const VIEW_METHODS = {
  i16: "Int16",
  u16: "Uint16",
  i32: "Int32",
  u32: "Uint32",
  i64: "BigInt64",
  u64: "BigUint64",
  f32: "Float32",
  f64: "Float64",
} as const;

function viewSource(scalar: ScalarName, isBigEndian: boolean): AccessSource {
  // A byte has no order, and every offset is aligned for it.
  if (scalar === "i8" || scalar === "u8" || scalar === "bool") return directSource(scalar);
  const method = VIEW_METHODS[scalar];
  return {
    array: "view",
    read: (view, at, byteOffset) =>
      `${view}.get${method}(${sum(at, byteOffset)}, ${String(!isBigEndian)})`,
    write: (view, at, byteOffset, value) =>
      `${view}.set${method}(${sum(at, byteOffset)}, ${value}, ${String(!isBigEndian)});`,
  };
}

/** Whether an integer type holds the number or bigint `v`. */
const IN_RANGE: { readonly [Name in ScalarName]?: string } = {
  i8: "(v << 24) >> 24 === v",
  u8: "(v & 255) === v",
  i16: "(v << 16) >> 16 === v",
  u16: "(v & 65535) === v",
  i32: "(v | 0) === v",
  u32: "v >>> 0 === v",
  i64: "BigInt.asIntN(64, v) === v",
  u64: "BigInt.asUintN(64, v) === v",
};

/** Whether a scalar takes a value under the policy `throw`. */
function takesScalar(scalar: ScalarName, value: string): string {
  const inRange = IN_RANGE[scalar];
  const isAny = takesAny(scalar, value);
  return inRange === undefined ? isAny : `${isAny} && ${inRange.replaceAll(/\bv\b/g, value)}`;
}

/** Whether a value has the JavaScript type that the scalar is read as. */
function takesAny(scalar: ScalarName, value: string): string {
  if (scalar === "bool") return `typeof ${value} === "boolean"`;
  const type = scalar === "i64" || scalar === "u64" ? "bigint" : "number";
  return `typeof ${value} === "${type}"`;
}

function clamped(scalar: ScalarName, value: string): string {
  const { min, max } = scalarFacts[scalar];
  if (min === undefined || max === undefined) return value;
  const suffix = typeof min === "bigint" ? "n" : "";
  return `nearest(${value}, ${min}${suffix}, ${max}${suffix})`;
}

function sum(expression: string, addend: number): string {
  return addend === 0 ? expression : `${expression} + ${addend}`;
}
