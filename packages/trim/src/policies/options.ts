/** Checks of what policies are given. */
import { InvalidOptionError, InvalidSizeError } from "@perfloc/context";

const CODE = "PERFLOC_TRIM_INVALID_OPTION";

/** Most bytes that an arena can hold: its address space. */
const MAX_BYTES = 2 ** 32;

/** Longest time that a policy can be told, in milliseconds: what every host's timer takes, 24 days. */
const MAX_MS: number = 2 ** 31 - 1;

/** @throws InvalidOptionError when it is no object; `name` is how the caller wrote it */
export function checkOptions(options: unknown, name = "options"): void {
  if (typeof options === "object" && options !== null) return;
  throw new InvalidOptionError(CODE, name, options, "it must be an object");
}

/** @throws InvalidSizeError unless it is a whole number of bytes that an arena can hold */
export function checkBytes(name: string, bytes: number, min: number): void {
  if (Number.isInteger(bytes) && bytes >= min && bytes <= MAX_BYTES) return;
  throw new InvalidSizeError(CODE, name, bytes, min, MAX_BYTES);
}

/** @throws InvalidOptionError unless it is a time of at least `min` milliseconds */
export function checkMs(name: string, ms: number, min: number): void {
  checkFraction(name, ms, min, MAX_MS);
}

/** @throws InvalidOptionError unless it is a number from `min` to `max` */
export function checkFraction(name: string, value: number, min: number, max: number): void {
  if (typeof value === "number" && value >= min && value <= max) return;
  throw new InvalidOptionError(CODE, name, value, `it must be a number from ${min} to ${max}`);
}

/** @throws InvalidOptionError with what was passed */
export function refuse(name: string, value: unknown, requirement: string): never {
  throw new InvalidOptionError(CODE, name, value, requirement);
}
