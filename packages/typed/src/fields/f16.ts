/** IEEE 754 numbers of 16 bits. Not through Float16Array, which Node 20 lacks. */
import type { Extent } from "../layout/extent.js";
import { refusedValue } from "../errors.js";
import type { FieldType, ValueType } from "./field-type.js";
import { MappedType } from "./mapped-type.js";
import { u16 } from "./scalar.js";

/** Has no integer of 16 bits below it where GPUs have none. */
class F16Type extends MappedType<number, number> {
  override measure(): Extent {
    return { size: 2, align: 2 };
  }

  override get parts(): readonly FieldType[] {
    return [];
  }
}

/**
 * IEEE 754 number of 16 bits. Stores the nearest, even on a tie; beyond 65519 that is Infinity.
 * @public
 */
export const f16: ValueType<number> = new F16Type("f16", u16, {
  decode: decodeF16,
  encode: encodeF16,
  check(value, place) {
    if (typeof value !== "number") throw refusedValue(place, "f16", "a number", value);
  },
});

/** sign (1) | exponent (5), 15 more than it means | fraction (10) */
function decodeF16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function encodeF16(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (Number.isNaN(size)) return 0x7e00;
  if (size >= 65520) return sign | 0x7c00;
  // Below 2^-14 numbers are subnormal: multiples of 2^-24. A number that rounds up to the next exponent carries into it.
  const exponent = Math.max(exponentOf(size), -14);
  const steps = roundHalfEven(size * 2 ** (10 - exponent));
  return sign | (size < 2 ** -14 ? steps : ((exponent + 15) << 10) + (steps - 1024));
}

/** The exponent of a positive number, exactly: logarithms round. */
function exponentOf(size: number): number {
  const exponent = Math.floor(Math.log2(size));
  if (2 ** exponent > size) return exponent - 1;
  return 2 ** (exponent + 1) <= size ? exponent + 1 : exponent;
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}
