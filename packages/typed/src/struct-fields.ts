/** The fields of a struct as the program writes them: their types in TypeScript, and what is refused. */
import { InvalidStructError } from "./errors.js";
import { type ScalarName, type ScalarType, type ScalarValue, isScalarType } from "./scalar.js";

/**
 * Fields by name, in the order of their bytes.
 * @public
 */
export type StructFields = Readonly<Record<string, ScalarType>>;

/**
 * What a field holds in JavaScript.
 * @public
 */
export type FieldValue<Type extends ScalarType> =
  Type extends ScalarType<infer Name extends ScalarName> ? ScalarValue<Name> : never;

/**
 * The values of all fields as a plain object.
 * @public
 */
export type StructObject<Fields extends StructFields> = {
  -readonly [Name in keyof Fields]: FieldValue<Fields[Name]>;
};

/** One field, checked. */
export interface NamedField {
  readonly name: string;
  readonly type: ScalarType;
}

/** Identifiers without `$`: they can be written as `cursor.name`, and JavaScript keeps their order. */
const IDENTIFIER = /^[\p{ID_Start}_][\p{ID_Continue}]*$/u;

/** Names that mean something else on every object, or that a cursor has itself. All others with `$` are reserved too. */
const RESERVED = new Set(["__proto__", "constructor", "toJSON"]);

/**
 * Checks the name and the fields of a struct and lists the fields in order.
 * @throws InvalidStructError
 */
export function checkFields(structName: string, fields: StructFields): NamedField[] {
  checkStructName(structName);
  if (!isPlainObject(fields)) {
    throw new InvalidStructError(
      "PERFLOC_TYPED_INVALID_FIELDS",
      structName,
      undefined,
      "its fields are not a plain object",
      "Pass an object literal such as { x: f32, y: f32 }, in which no field is called __proto__.",
    );
  }
  const named = Object.entries(fields).map(([name, type]) => ({ name, type }));
  for (const { name, type } of named) checkField(structName, name, type);
  if (named.length > 0) return named;
  throw new InvalidStructError(
    "PERFLOC_TYPED_EMPTY_STRUCT",
    structName,
    undefined,
    "it has no fields",
    "Give it at least one field: C has no structs of 0 bytes.",
  );
}

function checkStructName(name: unknown): void {
  if (typeof name === "string" && IDENTIFIER.test(name)) return;
  throw new InvalidStructError(
    "PERFLOC_TYPED_INVALID_NAME",
    typeof name === "string" ? JSON.stringify(name) : `(${typeof name})`,
    undefined,
    "its name is no identifier",
    "Name it with letters, digits and _, not beginning with a digit.",
  );
}

function checkField(structName: string, name: string, type: unknown): void {
  if (RESERVED.has(name) || name.startsWith("$") || !IDENTIFIER.test(name)) {
    throw new InvalidStructError(
      "PERFLOC_TYPED_INVALID_NAME",
      structName,
      name,
      `the field name ${JSON.stringify(name)} is reserved or no identifier`,
      "Names are identifiers without $; __proto__, constructor and toJSON are reserved.",
    );
  }
  if (isScalarType(type)) return;
  throw new InvalidStructError(
    "PERFLOC_TYPED_UNKNOWN_TYPE",
    structName,
    name,
    `field ${name} has an unknown type`,
    "Types are the exported constants i8 u8 i16 u16 i32 u32 i64 u64 f32 f64 bool.",
  );
}

/**
 * Whether the object was written as a literal, in any realm. `{ __proto__: u8 }` was not: it sets the prototype instead of
 * making a field, which would be lost silently.
 */
function isPlainObject(fields: unknown): boolean {
  if (typeof fields !== "object" || fields === null) return false;
  const prototype: unknown = Object.getPrototypeOf(fields);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
