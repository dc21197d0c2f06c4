/**
 * The scalar field types: how many bytes, and which typed array of a top chunk reads and writes them.
 *
 *   type         i8 u8 bool   i16 u16   i32 u32 f32   i64 u64 f64
 *   bytes        1            2         4             8             also the alignment (System V x86-64)
 *   JavaScript   number; bool: boolean; i64 and u64: bigint
 */

/**
 * Name of a scalar type.
 * @public
 */
export type ScalarName =
  | "i8"
  | "u8"
  | "i16"
  | "u16"
  | "i32"
  | "u32"
  | "i64"
  | "u64"
  | "f32"
  | "f64"
  | "bool";

/**
 * What a field of a scalar type holds in JavaScript.
 * @public
 */
export type ScalarValue<Name extends ScalarName> = Name extends "bool"
  ? boolean
  : Name extends "i64" | "u64"
    ? bigint
    : number;

/**
 * A scalar field type: one of the constants `i8` to `bool`, never made elsewhere.
 * @public
 */
export interface ScalarType<Name extends ScalarName = ScalarName> {
  /** As it is written in a struct. */
  readonly name: Name;
  /** Length in bytes, and alignment. */
  readonly byteLength: 1 | 2 | 4 | 8;
}

/**
 * Signed integer of 8 bits. Stores the low 8 bits: 200 reads back as -56.
 * @public
 */
export const i8: ScalarType<"i8"> = Object.freeze({ name: "i8", byteLength: 1 });

/**
 * Unsigned integer of 8 bits. Stores the low 8 bits: 300 reads back as 44.
 * @public
 */
export const u8: ScalarType<"u8"> = Object.freeze({ name: "u8", byteLength: 1 });

/**
 * Signed integer of 16 bits. Stores the low 16 bits.
 * @public
 */
export const i16: ScalarType<"i16"> = Object.freeze({ name: "i16", byteLength: 2 });

/**
 * Unsigned integer of 16 bits. Stores the low 16 bits.
 * @public
 */
export const u16: ScalarType<"u16"> = Object.freeze({ name: "u16", byteLength: 2 });

/**
 * Signed integer of 32 bits. Stores the low 32 bits.
 * @public
 */
export const i32: ScalarType<"i32"> = Object.freeze({ name: "i32", byteLength: 4 });

/**
 * Unsigned integer of 32 bits; wide enough for an address. Stores the low 32 bits.
 * @public
 */
export const u32: ScalarType<"u32"> = Object.freeze({ name: "u32", byteLength: 4 });

/**
 * Signed integer of 64 bits, a bigint. Stores the low 64 bits.
 * @public
 */
export const i64: ScalarType<"i64"> = Object.freeze({ name: "i64", byteLength: 8 });

/**
 * Unsigned integer of 64 bits, a bigint. Stores the low 64 bits.
 * @public
 */
export const u64: ScalarType<"u64"> = Object.freeze({ name: "u64", byteLength: 8 });

/**
 * IEEE 754 number of 32 bits. Stores the nearest: 0.1 reads back as 0.10000000149011612.
 * @public
 */
export const f32: ScalarType<"f32"> = Object.freeze({ name: "f32", byteLength: 4 });

/**
 * IEEE 754 number of 64 bits: a JavaScript number as it is.
 * @public
 */
export const f64: ScalarType<"f64"> = Object.freeze({ name: "f64", byteLength: 8 });

/**
 * A byte that is 0 or 1, as C's `bool`. Any other byte that is found there reads as true.
 * @public
 */
export const bool: ScalarType<"bool"> = Object.freeze({ name: "bool", byteLength: 1 });

const scalars: ReadonlySet<unknown> = new Set([
  i8,
  u8,
  i16,
  u16,
  i32,
  u32,
  i64,
  u64,
  f32,
  f64,
  bool,
]);

/** Whether `type` is one of the constants above. */
export function isScalarType(type: unknown): type is ScalarType {
  return scalars.has(type);
}
