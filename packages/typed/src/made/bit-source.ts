/**
 * The text that reads and writes a bit field of up to 32 bits that lies in one unit: it does what access/bit-access.ts does. Other bit
 * fields have no text. Values out of range go to the setter of the field.
 */
import { type BitPlace, maskOfBit, unitOf } from "../access/bit-access.js";
import type { FieldSource } from "../access/codec.js";
import { type AccessSource, scalarAccessSource } from "./field-source.js";

export function booleanSource(place: BitPlace): FieldSource {
  const byte = scalarAccessSource("u8", true, false);
  const first = place.bitOffset >>> 3;
  const mask = maskOfBit(place);
  return {
    array: byte.array,
    isPart: true,
    takes: (value) => `typeof ${value} === "boolean"`,
    read: (array, at, byteOffset) =>
      `(${byte.read(array, at, byteOffset + first)} & ${mask}) !== 0`,
    write: (array, at, byteOffset, value) => {
      const element = byte.read(array, at, byteOffset + first);
      return `${element} = ${value} ? ${element} | ${mask} : ${element} & ${~mask};`;
    },
  };
}

/** @returns `undefined` for a field that does not lie in one unit */
export function numberSource(place: BitPlace): FieldSource | undefined {
  const { width, isSigned, isBigEndian } = place;
  const found = unitOf(place);
  if (found === undefined) return undefined;
  const { unitBits, first, shift } = found;
  const unit = scalarAccessSource(`u${unitBits}`, !isBigEndian, isBigEndian);
  return {
    array: unit.array,
    isPart: true,
    takes: (value) => takesBits(value, width, isSigned),
    read: (array, at, byteOffset) =>
      decoded(unit.read(array, at, byteOffset + first), shift, width, isSigned),
    write: (array, at, byteOffset, value) =>
      written(unit, array, at, byteOffset + first, value, { shift, width }),
  };
}

/** Whether a value is a whole number that the field can hold. */
function takesBits(value: string, width: number, isSigned: boolean): string {
  const isNumber = `typeof ${value} === "number"`;
  if (width === 32) return `${isNumber} && (${value} ${isSigned ? "| 0" : ">>> 0"}) === ${value}`;
  if (!isSigned) return `${isNumber} && (${value} & ${2 ** width - 1}) === ${value}`;
  const up = 32 - width;
  return `${isNumber} && ((${value} << ${up}) >> ${up}) === ${value}`;
}

function decoded(unit: string, shift: number, width: number, isSigned: boolean): string {
  if (isSigned) return `(${unit} << ${32 - shift - width}) >> ${32 - width}`;
  // A field of 32 bits is the whole unit, which is unsigned already.
  return width === 32 ? unit : `(${unit} >>> ${shift}) & ${2 ** width - 1}`;
}

function written(
  unit: AccessSource,
  array: string,
  at: string,
  byteOffset: number,
  value: string,
  { shift, width }: { readonly shift: number; readonly width: number },
): string {
  const mask = width === 32 ? -1 : 2 ** width - 1;
  const others = `(${unit.read(array, at, byteOffset)} & ${~(mask << shift)})`;
  return unit.write(array, at, byteOffset, `${others} | ((${value} & ${mask}) << ${shift})`);
}
