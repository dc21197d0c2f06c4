/** The scalar types by name. */

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
 * Name of a scalar type of whole numbers.
 * @public
 */
export type IntegerName = Exclude<ScalarName, "f32" | "f64" | "bool">;

/**
 * What a field of a scalar type holds in JavaScript.
 * @public
 */
export type ScalarValue<Name extends ScalarName> = Name extends "bool"
  ? boolean
  : Name extends "i64" | "u64"
    ? bigint
    : number;
