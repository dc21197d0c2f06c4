/**
 * Every error that this layer throws. Messages state the fact with its numbers; `hint` says what the reader can do;
 * `code` is stable and safe to branch on. A call that throws has changed nothing.
 */

/**
 * What all errors of Perfloc share.
 * @public
 */
export class PerflocError extends Error {
  /** Stable identifier, `PERFLOC_<LAYER>_<WHAT>`. */
  readonly code: string;
  /** What the reader can do about it: one or two sentences. */
  readonly hint: string;

  constructor(code: string, message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
    this.hint = hint;
  }
}

/**
 * A byte length, count or other size is not a whole number in its range.
 * @public
 */
export class InvalidSizeError extends PerflocError {
  /** What was passed, as it was passed. */
  readonly requested: unknown;
  /** Smallest legal value. */
  readonly min: number;
  /** Largest legal value. */
  readonly max: number;

  constructor(
    code: string,
    name: string,
    requested: unknown,
    min: number,
    max: number,
    requirement: string = "a whole number",
    hint: string = `Pass ${name} as ${requirement} within that range.`,
  ) {
    super(code, `${name} is ${printed(requested)}, not ${requirement} from ${min} to ${max}`, hint);
    this.requested = requested;
    this.min = min;
    this.max = max;
  }
}

/**
 * An option of a constructor or of `open` has a value that cannot be honoured.
 * @public
 */
export class InvalidOptionError extends PerflocError {
  /** Name of the option. */
  readonly option: string;
  /** What was passed, as it was passed. */
  readonly value: unknown;

  constructor(
    code: string,
    option: string,
    value: unknown,
    requirement: string,
    hint: string = `Leave ${option} out to get its default.`,
  ) {
    super(code, `option ${option} is ${printed(value)}, but ${requirement}`, hint);
    this.option = option;
    this.value = value;
  }
}

/**
 * An address is NULL, is not a number, or does not name what the call needs.
 * @public
 */
export class InvalidAddressError extends PerflocError {
  /** What was passed, as it was passed. */
  readonly address: unknown;

  constructor(code: string, address: unknown, fact: string, hint: string) {
    super(code, `address ${printedAddress(address)} ${fact}`, hint);
    this.address = address;
  }
}

/**
 * The numbers that an {@link OutOfMemoryError} carries.
 * @public
 */
export interface OutOfMemoryNumbers {
  /** Bytes that the failed call asked for. */
  readonly requestedBytes: number;
  /** Bytes held from the OS at that moment. */
  readonly heldBytes: number;
  /** Bytes of those that were in use. */
  readonly usedBytes: number;
  /** The limit that was met, in bytes; `Infinity` when it was the source that refused. */
  readonly limitBytes: number;
}

/**
 * Memory could not be had: the source refused (`cause` is its error), or a limit was reached
 * ({@link LimitExceededError}).
 * @public
 */
export class OutOfMemoryError extends PerflocError {
  readonly requestedBytes: number;
  readonly heldBytes: number;
  readonly usedBytes: number;
  readonly limitBytes: number;
  /** Who holds the memory: the printed tree of contexts where there is one, else a line about the arena. */
  readonly report: string;

  constructor(
    code: string,
    message: string,
    hint: string,
    numbers: OutOfMemoryNumbers,
    report: string,
    options?: ErrorOptions,
  ) {
    super(code, message, hint, options);
    this.requestedBytes = numbers.requestedBytes;
    this.heldBytes = numbers.heldBytes;
    this.usedBytes = numbers.usedBytes;
    this.limitBytes = numbers.limitBytes;
    this.report = report;
  }
}

/**
 * A limit set by the program (`maxBytes`, `setLimit`) or the 32-bit address space was reached.
 * @public
 */
export class LimitExceededError extends OutOfMemoryError {}

/**
 * A top chunk cannot be released while spans of it are in use.
 * @public
 */
export class ChunkInUseError extends PerflocError {
  readonly chunkIndex: number;
  readonly usedBytes: number;

  constructor(chunkIndex: number, usedBytes: number) {
    super(
      "PERFLOC_ARENA_CHUNK_IN_USE",
      `cannot release top chunk ${chunkIndex}: ${usedBytes} bytes of it are in use`,
      "Release its spans first; describe() draws which pages they are.",
    );
    this.chunkIndex = chunkIndex;
    this.usedBytes = usedBytes;
  }
}

/**
 * The source threw while taking a buffer back. The chunk is still held; `cause` is the source's error.
 * @public
 */
export class ReleaseFailedError extends PerflocError {
  readonly chunkIndex: number;

  constructor(chunkIndex: number, byteLength: number, cause: unknown) {
    super(
      "PERFLOC_ARENA_RELEASE_FAILED",
      `could not release top chunk ${chunkIndex} of ${byteLength} bytes: the source threw`,
      "The chunk is still held and usable; try again later, or look at the cause.",
      { cause },
    );
    this.chunkIndex = chunkIndex;
  }
}

/**
 * Something was used after it had been dropped, disposed or released.
 * @public
 */
export class UseAfterDropError extends PerflocError {
  /** What was used: `arena`, `heap`, `context "name"`, `top chunk 3`. */
  readonly subject: string;

  constructor(code: string, subject: string, message: string, hint: string) {
    super(code, message, hint);
    this.subject = subject;
  }
}

/**
 * `verify()` found two records of the same fact that disagree: memory was overwritten, or Perfloc has a bug.
 * @public
 */
export class CorruptionError extends PerflocError {
  /** Where, as an address; 0 when the damage is not at one place. */
  readonly address: number;

  constructor(
    code: string,
    address: number,
    fact: string,
    hint: string = "Bytes outside an object were overwritten, or this is a bug of Perfloc: please report it with this message.",
  ) {
    super(code, address === 0 ? fact : `${fact} at address ${printedAddress(address)}`, hint);
    this.address = address;
  }
}

/** A value as it should appear in a message: strings quoted, everything short. */
function printed(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, 40));
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "object" && value !== null) return "an object";
  if (typeof value === "function") return "a function";
  return String(value);
}

/** An address as it should appear in a message: decimal and, where it is one, hexadecimal. */
function printedAddress(address: unknown): string {
  if (address === 0) return "0 (NULL)";
  return typeof address === "number" && Number.isInteger(address) && address > 0
    ? `${address} (0x${address.toString(16)})`
    : printed(address);
}
