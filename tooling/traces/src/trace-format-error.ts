/**
 * A trace could not be read: the file is missing, is not a trace, or contradicts itself. A
 * benchmark on a damaged trace would still print a figure, so nothing is skipped or repaired.
 */
export class TraceFormatError extends Error {
  override readonly name = "TraceFormatError";
  readonly file: string;
  /** Counted from 1; undefined when the fault lies with the file as a whole. */
  readonly line: number | undefined;
  readonly expected: string;
  readonly found: string;

  constructor(
    file: string,
    line: number | undefined,
    expected: string,
    found: string,
    options?: ErrorOptions,
  ) {
    const place = line === undefined ? file : `${file}:${line}`;
    super(`${place}: expected ${expected}, found ${found}`, options);
    this.file = file;
    this.line = line;
    this.expected = expected;
    this.found = found;
  }
}
