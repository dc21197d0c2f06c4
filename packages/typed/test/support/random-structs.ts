/** Random struct descriptions. */
import {
  bool,
  f32,
  f64,
  i16,
  i32,
  i64,
  i8,
  type ScalarType,
  u16,
  u32,
  u64,
  u8,
} from "@perfloc/typed";
import * as fc from "fast-check";

const scalars: readonly ScalarType[] = [i8, u8, i16, u16, i32, u32, i64, u64, f32, f64, bool];

/** Structs of 1 to 20 fields, `f0`, `f1`, ... */
export const structFields: fc.Arbitrary<Record<string, ScalarType>> = fc
  .array(fc.constantFrom(...scalars), { minLength: 1, maxLength: 20 })
  .map((types) => Object.fromEntries(types.map((type, position) => [`f${position}`, type])));

/** Values that a field of that type holds exactly. */
export function valueOf({ name, byteLength }: ScalarType): fc.Arbitrary<number | bigint | boolean> {
  if (name === "bool") return fc.boolean();
  if (name === "f64") return fc.double();
  if (name === "f32") return fc.float();
  const isSigned = name.startsWith("i");
  const span = 2n ** BigInt(byteLength * 8);
  const min = isSigned ? -span / 2n : 0n;
  const max = min + span - 1n;
  return byteLength === 8
    ? fc.bigInt({ min, max })
    : fc.integer({ min: Number(min), max: Number(max) });
}
