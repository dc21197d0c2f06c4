/** Which names structs, fields, variants and bit fields may have, and the fields that a program passes. */
import { InvalidStructError } from "../errors.js";
import { FieldType } from "./field-type.js";
import { mistakenType } from "./no-type.js";

/**
 * Fields by name, in the order of their bytes.
 * @public
 */
export type StructFields = Readonly<Record<string, FieldType>>;

/**
 * Fields as a program declares them. Getters return types that are made later, so TypeScript may not ask for the types of all fields while
 * it infers that of the struct: hence `any`. {@link CheckedFields} asks for those that are no getters.
 * @public
 */
export type DeclaredFields = Readonly<Record<string, any>>;

/**
 * What the fields that are no getters have to be: field types. All are looked at one by one only where there is a getter, since that costs the
 * compiler most.
 * @public
 */
export type CheckedFields<Fields> =
  HasReadonly<Fields> extends true
    ? {
        [
          Name in keyof Fields as HasReadonly<Pick<Fields, Name>> extends true ? never : Name
        ]: FieldType;
      }
    : StructFields;

/**
 * Whether one of the properties is readonly, as getters without setters are; found without asking for their types.
 * @public
 */
export type HasReadonly<Fields> =
  // oxlint-disable typescript/no-unnecessary-type-parameters -- two functions are the same type only where their conditions are
  (<T>() => T extends { [Name in keyof Fields]: 0 } ? 1 : 2) extends <T>() => T extends {
    -readonly [Name in keyof Fields]: 0;
  }
    ? 1
    : 2
    ? false
    : true;
// oxlint-enable typescript/no-unnecessary-type-parameters

/** Identifiers without `$`: they can be written as `cursor.name`, and JavaScript keeps their order. */
const IDENTIFIER = /^[\p{ID_Start}_][\p{ID_Continue}]*$/u;

/** Names that mean something else on every object, or that a view has itself. All others with `$` are reserved too. */
const RESERVED = new Set(["__proto__", "constructor", "toJSON"]);

/** Code of the error for a getter that refers to what is not made yet: the struct can be used later. */
const NOT_MADE = "PERFLOC_TYPED_TYPE_NOT_MADE";

/**
 * The types of the fields of a struct, or of what has fields as a struct has. Reads getters.
 * @throws InvalidStructError
 */
export function checkFields(structName: string, fields: StructFields): Map<string, FieldType> {
  const types = new Map<string, FieldType>();
  for (const name of checkNames(structName, fields)) {
    const type = readField(structName, fields, name);
    checkFieldType(structName, name, type);
    types.set(name, type);
  }
  return types;
}

/**
 * Checks what is known before getters are read: names, and types that are there.
 * @returns whether there are getters
 * @throws InvalidStructError
 */
export function checkDeclared(structName: string, fields: StructFields): boolean {
  let hasGetters = false;
  for (const name of checkNames(structName, fields)) {
    if (isGetter(fields, name)) hasGetters = true;
    else checkFieldType(structName, name, fields[name]);
  }
  return hasGetters;
}

/** Whether a struct could not be laid out because a type in it is not made yet. */
export function isNotMade(error: unknown): boolean {
  return error instanceof InvalidStructError && error.code === NOT_MADE;
}

function isGetter(fields: StructFields, name: string): boolean {
  return Object.getOwnPropertyDescriptor(fields, name)?.get !== undefined;
}

/** The names of the fields. @throws InvalidStructError */
function checkNames(structName: string, fields: StructFields): string[] {
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
  const names = Object.keys(fields);
  for (const name of names) checkFieldName(structName, name);
  if (names.length > 0) return names;
  throw new InvalidStructError(
    "PERFLOC_TYPED_EMPTY_STRUCT",
    structName,
    undefined,
    "it has no fields",
    "Give it at least one field: C has no structs of 0 bytes.",
  );
}

/** @throws InvalidStructError `PERFLOC_TYPED_TYPE_NOT_MADE` for a getter that refers to a constant without a value yet */
function readField(structName: string, fields: StructFields, name: string): unknown {
  try {
    return fields[name];
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    throw new InvalidStructError(
      NOT_MADE,
      structName,
      name,
      `the getter of field ${name} refers to what is not made yet (${error.message})`,
      "Use the struct after that is made.",
      { cause: error },
    );
  }
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

function checkFieldType(
  structName: string,
  name: string,
  type: unknown,
): asserts type is FieldType {
  if (type instanceof FieldType) return;
  const mistake = mistakenType(type);
  if (mistake !== undefined) {
    throw new InvalidStructError(
      "PERFLOC_TYPED_UNKNOWN_TYPE",
      structName,
      name,
      `field ${name} has ${mistake.what} in place of a field type`,
      mistake.hint,
    );
  }
  if (typeof type === "function" || type === undefined) {
    throw new InvalidStructError(
      "PERFLOC_TYPED_RECURSIVE_STRUCT",
      structName,
      name,
      `field ${name} has a type that is not made yet`,
      "A struct cannot contain itself, nor what is made later. Refer to it: selfRef, or a getter, get next() { return ref(Type); }.",
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
