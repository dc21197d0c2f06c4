/** What is known about each scalar type: its length, its range, its name in C. */
import type { ScalarName } from "./scalar-name.js";

/**
 * What becomes of a number that an integer type cannot hold. `throw`: it is refused, in heaps of check level `check`; in
 * others it wraps. `wrap`: the low bits are stored. `clamp`: the nearest value that the type holds is stored.
 * @public
 */
export type RangePolicy = "throw" | "wrap" | "clamp";

/** What is known about each scalar type. */
interface ScalarFacts {
  readonly byteLength: 1 | 2 | 4 | 8;
  readonly cType: string;
  /** Of integers; `undefined` for what is none. */
  readonly min?: number | bigint;
  readonly max?: number | bigint;
}

export const scalarFacts: { readonly [Name in ScalarName]: ScalarFacts } = {
  i8: { byteLength: 1, cType: "int8_t", min: -128, max: 127 },
  u8: { byteLength: 1, cType: "uint8_t", min: 0, max: 255 },
  bool: { byteLength: 1, cType: "bool" },
  i16: { byteLength: 2, cType: "int16_t", min: -32768, max: 32767 },
  u16: { byteLength: 2, cType: "uint16_t", min: 0, max: 65535 },
  i32: { byteLength: 4, cType: "int32_t", min: -2147483648, max: 2147483647 },
  u32: { byteLength: 4, cType: "uint32_t", min: 0, max: 4294967295 },
  f32: { byteLength: 4, cType: "float" },
  i64: { byteLength: 8, cType: "int64_t", min: -(2n ** 63n), max: 2n ** 63n - 1n },
  u64: { byteLength: 8, cType: "uint64_t", min: 0n, max: 2n ** 64n - 1n },
  f64: { byteLength: 8, cType: "double" },
};
