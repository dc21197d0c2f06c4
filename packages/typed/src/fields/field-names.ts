/** Which names structs, fields, variants and bit fields may have, and the fields that a program passes. */
import { InvalidStructError } from "../errors.js";
import { FieldType } from "./field-type.js";

/**
 * Fields by name, in the order of their bytes.
 * @public
 */
export type StructFields = Readonly<Record<string, FieldType>>;

/** Identifiers without `$`: they can be written as `cursor.name`, and JavaScript keeps their order. */
const IDENTIFIER = /^[\p{ID_Start}_][\p{ID_Continue}]*$/u;

/** Names that mean something else on every object, or that a view has itself. All others with `$` are reserved too. */
const RESERVED = new Set(["__proto__", "constructor", "toJSON"]);

/**
 * Checks the name and the fields of a struct, or of what has fields as a struct has.
 * @throws InvalidStructError
 */
export function checkFields(structName: string, fields: StructFields): Map<string, FieldType> {
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
  const types = new Map<string, FieldType>(Object.entries(fields));
  for (const [name, type] of types) {
    checkFieldName(structName, name);
    checkFieldType(structName, name, type);
  }
  if (types.size > 0) return types;
  throw new InvalidStructError(
    "PERFLOC_TYPED_EMPTY_STRUCT",
    structName,
    undefined,
    "it has no fields",
    "Give it at least one field: C has no structs of 0 bytes.",
  );
}

/** @throws InvalidStructError for a name that is reserved or no identifier */
export function checkFieldName(structName: string, name: string): void {
  if (IDENTIFIER.test(name) && !RESERVED.has(name)) return;
  throw new InvalidStructError(
    "PERFLOC_TYPED_INVALID_NAME",
    structName,
    name,
    `the field name ${JSON.stringify(name)} is reserved or no identifier`,
    "Names are identifiers without $; __proto__, constructor and toJSON are reserved.",
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

function checkFieldType(structName: string, name: string, type: unknown): void {
  if (type instanceof FieldType) return;
  if (typeof type === "function" || type === undefined) {
    throw new InvalidStructError(
      "PERFLOC_TYPED_RECURSIVE_STRUCT",
      structName,
      name,
      `field ${name} has a type that is not made yet`,
      "A struct cannot contain itself, nor what is made later. Refer to it: selfRef, or ref(() => Type).",
    );
  }
  throw new InvalidStructError(
    "PERFLOC_TYPED_UNKNOWN_TYPE",
    structName,
    name,
    `field ${name} has an unknown type`,
    "Types are the exported constants, such as u8 and f64, and what the functions around them make.",
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
