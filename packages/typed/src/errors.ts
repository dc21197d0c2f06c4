/** The errors of typed views; those of dropped contexts and released memory come from below. */
import { type Address, InvalidAddressError, PerflocError } from "@perfloc/trim";
import { timeOf } from "./time-of.js";

/**
 * A struct cannot be made as it was described.
 * @public
 */
export class InvalidStructError extends PerflocError {
  /** Name of the struct. */
  readonly struct: string;
  /** Name of the field at fault; `undefined` when it is the struct itself. */
  readonly field: string | undefined;

  constructor(
    code: string,
    struct: string,
    field: string | undefined,
    fact: string,
    hint: string,
    options?: ErrorOptions,
  ) {
    super(code, `cannot make struct ${struct}: ${fact}`, hint, options);
    this.struct = struct;
    this.field = field;
  }
}

/**
 * A field type cannot be made as it was described.
 * @public
 */
export class InvalidTypeError extends PerflocError {
  /** The function that makes such types. */
  readonly type: string;

  constructor(type: string, fact: string, hint: string) {
    super("PERFLOC_TYPED_INVALID_TYPE", `cannot make a field type with ${type}(): ${fact}`, hint);
    this.type = type;
  }
}

/**
 * A struct has no field of that name, or no part at that path.
 * @public
 */
export class UnknownFieldError extends PerflocError {
  readonly struct: string;
  readonly field: string;

  constructor(struct: string, field: string) {
    super(
      "PERFLOC_TYPED_UNKNOWN_FIELD",
      `struct ${struct} has no field ${show(field)}`,
      "layout() prints the fields that it has.",
    );
    this.struct = struct;
    this.field = field;
  }
}

/**
 * A field does not take that value, or holds bytes that stand for none.
 * @public
 */
export class InvalidValueError extends PerflocError {
  readonly struct: string;
  readonly field: string;
  /** What was passed, as it was passed. */
  readonly value: unknown;

  constructor(
    { structName, fieldName }: FieldPlace,
    value: unknown,
    fact: string,
    hint: string,
    code: string = "PERFLOC_TYPED_INVALID_VALUE",
  ) {
    // A struct as a whole has no field.
    const what = fieldName === "" ? "" : `field ${fieldName} of `;
    super(code, `${what}struct ${structName} ${fact}`, hint);
    this.struct = structName;
    this.field = fieldName;
    this.value = value;
  }
}

/**
 * A string has more bytes than its field.
 * @public
 */
export class StringTooLongError extends InvalidValueError {
  readonly byteLength: number;
  readonly maxBytes: number;

  constructor(place: FieldPlace, value: string, byteLength: number, maxBytes: number) {
    super(
      place,
      value,
      `has ${maxBytes} bytes, and the string ${byteLength}`,
      "Shorten the string, or make the field longer.",
      "PERFLOC_TYPED_STRING_TOO_LONG",
    );
    this.byteLength = byteLength;
    this.maxBytes = maxBytes;
  }
}

/**
 * An index is outside an array.
 * @public
 */
export class IndexOutOfBoundsError extends PerflocError {
  readonly index: unknown;
  readonly length: number;

  constructor(what: string, index: unknown, length: number) {
    super(
      "PERFLOC_TYPED_INDEX_OUT_OF_BOUNDS",
      `${what} has ${length} elements and none at index ${String(index)}`,
      "Indices are integers from 0 to length - 1.",
    );
    this.index = index;
    this.length = length;
  }
}

/**
 * NULL was followed, or stored in a reference that cannot be NULL.
 * @public
 */
export class NullReferenceError extends InvalidAddressError {
  constructor(fact: string, hint: string, address: Address = 0) {
    super("PERFLOC_TYPED_NULL_REFERENCE", address, fact, hint);
  }
}

/**
 * A reference to a struct has the address of something else. Found in heaps of check level `debug`.
 * @public
 */
export class WrongTargetError extends InvalidAddressError {
  /** Name of the struct that the reference is to. */
  readonly expected: string;

  constructor(address: Address, expected: string, found: string) {
    super(
      "PERFLOC_TYPED_WRONG_TARGET",
      address,
      `is that of ${found}, and the reference is to a ${expected}`,
      "Store what alloc() of the struct returned that the field refers to.",
    );
    this.expected = expected;
  }
}

/** Where a value was to go, for errors. */
export interface FieldPlace {
  readonly structName: string;
  /** A path, such as `path[1].y`. */
  readonly fieldName: string;
  /** Whether values out of range are refused; false in heaps of check level `off` only. Default true. */
  readonly isChecked?: boolean;
}

/** The place of a part of what goes to `place`. */
export function partOf(
  { structName, isChecked = true }: FieldPlace,
  fieldName: string,
): FieldPlace {
  return { structName, fieldName, isChecked };
}

/** The error for a value that a type does not take. */
export function refusedValue(
  place: FieldPlace,
  type: string,
  expected: string,
  value: unknown,
): InvalidValueError {
  const what = type === place.structName ? "" : `(${type}) `;
  return new InvalidValueError(
    place,
    value,
    `${what}takes ${expected}, not ${show(value)}`,
    `Pass ${expected}.`,
  );
}

/** A value in a message, short. */
export function show(value: unknown): string {
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "string") return JSON.stringify(value.slice(0, 40));
  if (typeof value === "number" || typeof value === "boolean" || value === undefined)
    return String(value);
  if (value === null) return "null";
  if (Array.isArray(value)) return `an array of ${value.length}`;
  const time = timeOf(value);
  if (time !== undefined) return Number.isNaN(time) ? "an invalid Date" : "a Date";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
