/** The errors of typed views; those of addresses and released memory come from below. */
import { PerflocError } from "@perfloc/trim";

/**
 * A struct cannot be made as it was described.
 * @public
 */
export class InvalidStructError extends PerflocError {
  /** Name of the struct. */
  readonly struct: string;
  /** Name of the field at fault; `undefined` when it is the struct itself. */
  readonly field: string | undefined;

  constructor(code: string, struct: string, field: string | undefined, fact: string, hint: string) {
    super(code, `cannot make struct ${struct}: ${fact}`, hint);
    this.struct = struct;
    this.field = field;
  }
}

/**
 * A struct has no field of that name.
 * @public
 */
export class UnknownFieldError extends PerflocError {
  readonly struct: string;
  readonly field: string;

  constructor(struct: string, field: string) {
    super(
      "PERFLOC_TYPED_UNKNOWN_FIELD",
      `struct ${struct} has no field ${JSON.stringify(field)}`,
      "layout() prints the fields that it has.",
    );
    this.struct = struct;
    this.field = field;
  }
}

/**
 * A value given for a field has another JavaScript type than the field.
 * @public
 */
export class InvalidValueError extends PerflocError {
  readonly struct: string;
  readonly field: string;
  /** What was passed, as it was passed. */
  readonly value: unknown;

  constructor(struct: string, field: string, value: unknown, type: string, expected: string) {
    super(
      "PERFLOC_TYPED_INVALID_VALUE",
      `field ${field} of struct ${struct} is a ${type} and takes a ${expected}, not a ${typeof value}`,
      `Pass a ${expected}; leave the field out to have it zero.`,
    );
    this.struct = struct;
    this.field = field;
    this.value = value;
  }
}
