import { TraceFormatError } from "./trace-format-error.js";

const NEWLINE = 0x0a;
const SPACE = 0x20;
const DIGIT_ZERO = 0x30;
const FIRST_PRINTABLE = 0x21;
const LAST_PRINTABLE = 0x7e;

/** Characters of a wrong field that an error shows: enough to find it, short enough for one line. */
const SHOWN_CHARACTERS = 24;

/**
 * Walks over the bytes of a trace: lines of fields, one space between two fields, a newline after
 * each line. Works on the bytes because a string per line makes a trace of a million operations
 * take seconds.
 */
export class ByteCursor {
  readonly file: string;
  readonly #bytes: Uint8Array;
  #position = 0;
  #line = 1;

  constructor(bytes: Uint8Array, file: string) {
    this.#bytes = bytes;
    this.file = file;
  }

  get isAtEnd(): boolean {
    return this.#position === this.#bytes.length;
  }

  /** The byte ahead, or -1 at the end of the file. */
  peek(): number {
    return this.isAtEnd ? -1 : (this.#bytes[this.#position] as number);
  }

  skip(): void {
    this.#position++;
  }

  /** Newlines from here to the end of the file: how many lines are still to be read. */
  countLines(): number {
    const bytes = this.#bytes;
    let count = 0;
    for (let position = this.#position; position < bytes.length; position++) {
      if (bytes[position] === NEWLINE) count++;
    }
    return count;
  }

  /** Reads a decimal number from 0 to below `end`, which is at most 2^53. */
  readNumber(what: string, end: number): number {
    const bytes = this.#bytes;
    const start = this.#position;
    let position = start;
    let value = 0;
    while (position < bytes.length) {
      const digit = (bytes[position] as number) - DIGIT_ZERO;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
      if (value >= end) this.fail(`${what}: a number below ${end}`);
      position++;
    }
    if (position === start || !this.#isFieldEnd(position)) this.fail(`${what}: a decimal number`);
    this.#position = position;
    return value;
  }

  /** Reads printable ASCII characters up to the next space or newline. */
  readWord(what: string): string {
    const bytes = this.#bytes;
    const start = this.#position;
    let position = start;
    let word = "";
    while (position < bytes.length) {
      const byte = bytes[position] as number;
      if (byte < FIRST_PRINTABLE || byte > LAST_PRINTABLE) break;
      word += String.fromCharCode(byte);
      position++;
    }
    if (position === start || !this.#isFieldEnd(position)) this.fail(`${what}: a word`);
    this.#position = position;
    return word;
  }

  /** Reads exactly `word`. */
  readKeyword(word: string): void {
    const start = this.#position;
    if (this.readWord(`"${word}"`) !== word) {
      this.#position = start;
      this.fail(`"${word}"`);
    }
  }

  /** Steps over the one space between two fields. */
  nextField(what: string): void {
    if (this.peek() !== SPACE) this.fail(`a space, then ${what}`);
    this.#position++;
  }

  /** Steps over the newline. A last line without one was cut off, perhaps inside a number. */
  endLine(): void {
    if (this.peek() !== NEWLINE) this.fail("the end of the line");
    this.#position++;
    this.#line++;
  }

  /** Refuses a file whose header promises another count than its lines hold. */
  expectCount(what: string, inHeader: number, found: number): void {
    if (inHeader !== found) this.fail(`${inHeader} ${what} as the header says`, `${found}`);
  }

  /** Refuses the line being read; `found` defaults to the text ahead. */
  fail(expected: string, found: string = this.#describeAhead()): never {
    throw new TraceFormatError(this.file, this.#line, expected, found);
  }

  #isFieldEnd(position: number): boolean {
    if (position === this.#bytes.length) return true;
    const byte = this.#bytes[position];
    return byte === SPACE || byte === NEWLINE;
  }

  #describeAhead(): string {
    const next = this.peek();
    if (next === -1) return "the end of the file";
    if (next === NEWLINE) return "the end of the line";
    if (next === SPACE) return "a space";
    let text = "";
    for (let offset = 0; offset < SHOWN_CHARACTERS; offset++) {
      const byte = this.#bytes[this.#position + offset] ?? NEWLINE;
      if (byte === NEWLINE || byte === SPACE) break;
      const isPrintable = byte >= FIRST_PRINTABLE && byte <= LAST_PRINTABLE;
      text += isPrintable
        ? String.fromCharCode(byte)
        : String.raw`\x${byte.toString(16).padStart(2, "0")}`;
    }
    return `"${text}"`;
  }
}
