import type { ByteCursor } from "./byte-cursor.js";
import { OP_ALLOC, OP_FREE, OP_REALLOC, OP_THREAD, RECORD_LENGTH } from "./opcode.js";
import type { MallocTrace } from "./trace.js";

const ALLOC = 0x61; // a ID BYTES
const FREE = 0x66; // f ID
const REALLOC = 0x72; // r ID BYTES
const THREAD = 0x74; // t N

/** Sizes and ids are stored as 32-bit integers. */
const INT32_END = 2 ** 31;
/** In place of an object's size. */
const NOT_LIVE = -1;

interface Header {
  readonly peakLiveBytes: number;
  readonly objectCount: number;
  readonly operationCount: number;
  /** Operations and thread switches; counted from the lines, the header does not know it. */
  readonly recordCount: number;
}

/**
 * Parses four header lines (peak live bytes, objects, operations, a weight that is not used) and
 * one operation per line. The header's operations do not count `t` lines.
 *
 * A free or realloc of an object that is not live is refused: no recorded trace has one, so it
 * means a damaged file.
 *
 * @throws TraceFormatError at the first line that breaks the format or contradicts the lines before.
 */
export function parseMallocTrace(cursor: ByteCursor, name: string): MallocTrace {
  const header = readHeader(cursor);
  const parser = new MallocTraceParser(cursor, header);
  while (!cursor.isAtEnd) parser.readOperation();
  return parser.finish(name);
}

function readHeader(cursor: ByteCursor): Header {
  const peakLiveBytes = readHeaderLine(cursor, "peak live bytes", Number.MAX_SAFE_INTEGER);
  const objectCount = readHeaderLine(cursor, "the number of objects", INT32_END);
  const operationCount = readHeaderLine(cursor, "the number of operations", INT32_END);
  readHeaderLine(cursor, "the weight", INT32_END);
  // Checked before any table is sized by these numbers: a wrong digit must not ask for gigabytes.
  const recordCount = cursor.countLines();
  if (operationCount > recordCount) {
    cursor.fail(`${operationCount} operations as the header says`, `${recordCount} lines`);
  }
  if (objectCount > recordCount) {
    cursor.fail(`${objectCount} objects as the header says`, `${recordCount} lines`);
  }
  return { peakLiveBytes, objectCount, operationCount, recordCount };
}

function readHeaderLine(cursor: ByteCursor, what: string, end: number): number {
  const value = cursor.readNumber(what, end);
  cursor.endLine();
  return value;
}

class MallocTraceParser {
  readonly #cursor: ByteCursor;
  readonly #header: Header;
  readonly #ops: Int32Array;
  /** By object id, `NOT_LIVE` for the dead: the model against which operations are checked. */
  readonly #objectBytes: Int32Array;
  #end = 0;
  #operationCount = 0;
  #objectEnd = 0;
  #liveBytes = 0;
  #peakLiveBytes = 0;

  constructor(cursor: ByteCursor, header: Header) {
    this.#cursor = cursor;
    this.#header = header;
    this.#ops = new Int32Array(header.recordCount * RECORD_LENGTH);
    this.#objectBytes = new Int32Array(header.objectCount).fill(NOT_LIVE);
  }

  readOperation(): void {
    switch (this.#cursor.peek()) {
      case ALLOC:
        this.#readAlloc();
        break;
      case FREE:
        this.#readFree();
        break;
      case REALLOC:
        this.#readRealloc();
        break;
      case THREAD:
        this.#readThread();
        break;
      default:
        this.#cursor.fail("an operation: one of a f r t");
    }
    this.#cursor.endLine();
  }

  finish(name: string): MallocTrace {
    const { objectCount, operationCount, peakLiveBytes } = this.#header;
    this.#cursor.expectCount("operations", operationCount, this.#operationCount);
    this.#cursor.expectCount("objects", objectCount, this.#objectEnd);
    this.#cursor.expectCount("peak live bytes", peakLiveBytes, this.#peakLiveBytes);
    return { kind: "malloc", name, objectCount, operationCount, peakLiveBytes, ops: this.#ops };
  }

  #readAlloc(): void {
    const object = this.#readObject();
    if (this.#objectBytes[object] !== NOT_LIVE) {
      this.#cursor.fail("an object that is not live", `${object}`);
    }
    const bytes = this.#readBytes();
    if (object >= this.#objectEnd) this.#objectEnd = object + 1;
    this.#objectBytes[object] = bytes;
    this.#addLiveBytes(bytes);
    this.#operationCount++;
    this.#push(OP_ALLOC, 0, object, bytes);
  }

  #readFree(): void {
    const object = this.#readLiveObject();
    this.#addLiveBytes(-(this.#objectBytes[object] as number));
    this.#objectBytes[object] = NOT_LIVE;
    this.#operationCount++;
    this.#push(OP_FREE, 0, object, 0);
  }

  #readRealloc(): void {
    const object = this.#readLiveObject();
    const bytes = this.#readBytes();
    this.#addLiveBytes(bytes - (this.#objectBytes[object] as number));
    this.#objectBytes[object] = bytes;
    this.#operationCount++;
    this.#push(OP_REALLOC, 0, object, bytes);
  }

  #readThread(): void {
    this.#cursor.skip();
    this.#cursor.nextField("a thread number");
    this.#push(OP_THREAD, this.#cursor.readNumber("a thread number", INT32_END), 0, 0);
  }

  /** Reads the first field after the letter. */
  #readObject(): number {
    this.#cursor.skip();
    this.#cursor.nextField("an object id");
    return this.#cursor.readNumber("an object id", this.#header.objectCount);
  }

  #readLiveObject(): number {
    const object = this.#readObject();
    if (this.#objectBytes[object] === NOT_LIVE) this.#cursor.fail("a live object", `${object}`);
    return object;
  }

  #readBytes(): number {
    this.#cursor.nextField("a size in bytes");
    return this.#cursor.readNumber("a size in bytes", INT32_END);
  }

  #addLiveBytes(bytes: number): void {
    this.#liveBytes += bytes;
    if (this.#liveBytes > this.#peakLiveBytes) this.#peakLiveBytes = this.#liveBytes;
  }

  #push(opcode: number, a: number, b: number, c: number): void {
    const ops = this.#ops;
    const end = this.#end;
    ops[end] = opcode;
    ops[end + 1] = a;
    ops[end + 2] = b;
    ops[end + 3] = c;
    this.#end = end + RECORD_LENGTH;
  }
}
