import type { ByteCursor } from "./byte-cursor.js";
import { LiveContexts } from "./live-contexts.js";
import {
  OP_ALLOC,
  OP_CREATE,
  OP_DROP,
  OP_FREE,
  OP_REALLOC,
  OP_REPARENT,
  OP_RESET,
  RECORD_LENGTH,
} from "./opcode.js";
import { KNOWN_KINDS, type ContextTrace } from "./trace.js";

const ALLOC = 0x61; // a CTX ID BYTES
const CREATE = 0x63; // c CTX PARENT KIND NAME
const FREE = 0x66; // f ID
const REALLOC = 0x72; // r ID BYTES
const REPARENT = 0x70; // p CTX PARENT
const RESET = 0x52; // R CTX
const DROP = 0x44; // D CTX

/** Sizes and ids are stored as 32-bit integers. */
const INT32_END = 2 ** 31;
/** Kind numbers are stored as bytes. */
const KIND_END = 256;

interface Header {
  readonly contextCount: number;
  readonly objectCount: number;
  readonly operationCount: number;
  readonly peakLiveBytes: number;
}

/**
 * Parses `# contexts N objects N ops N peak_live_bytes N` and one operation per line. The counts of
 * the header are checked against the operations, so a trace cut off at a line's end is noticed.
 *
 * @throws TraceFormatError at the first line that breaks the format or contradicts the lines before.
 */
export function parseContextTrace(cursor: ByteCursor, name: string): ContextTrace {
  const header = readHeader(cursor);
  const parser = new ContextTraceParser(cursor, header);
  while (!cursor.isAtEnd) parser.readOperation();
  return parser.finish(name);
}

function readHeader(cursor: ByteCursor): Header {
  cursor.readKeyword("#");
  const contextCount = readCount(cursor, "contexts", INT32_END);
  const objectCount = readCount(cursor, "objects", INT32_END);
  const operationCount = readCount(cursor, "ops", INT32_END);
  const peakLiveBytes = readCount(cursor, "peak_live_bytes", Number.MAX_SAFE_INTEGER);
  // Checked before any table is sized by these numbers: a wrong digit must not ask for gigabytes.
  const lineCount = cursor.countLines() - 1;
  if (operationCount !== lineCount) {
    cursor.fail(`${operationCount} ops as the header says`, `${lineCount} lines`);
  }
  if (contextCount > lineCount) {
    cursor.fail(`${contextCount} contexts as the header says`, `${lineCount} lines`);
  }
  if (objectCount > lineCount) {
    cursor.fail(`${objectCount} objects as the header says`, `${lineCount} lines`);
  }
  cursor.endLine();
  return { contextCount, objectCount, operationCount, peakLiveBytes };
}

function readCount(cursor: ByteCursor, label: string, end: number): number {
  cursor.nextField(`"${label}"`);
  cursor.readKeyword(label);
  cursor.nextField(`the number of ${label}`);
  return cursor.readNumber(`the number of ${label}`, end);
}

class ContextTraceParser {
  readonly #cursor: ByteCursor;
  readonly #header: Header;
  readonly #live: LiveContexts;
  readonly #ops: Int32Array;
  readonly #contextNames: string[];
  readonly #contextKinds: Uint8Array;
  readonly #kindNames: string[] = [...KNOWN_KINDS];
  #end = 0;
  #declaredCount = 0;
  #objectEnd = 0;

  constructor(cursor: ByteCursor, header: Header) {
    this.#cursor = cursor;
    this.#header = header;
    this.#live = new LiveContexts(header.contextCount, header.objectCount);
    this.#ops = new Int32Array(header.operationCount * RECORD_LENGTH);
    this.#contextNames = Array.from({ length: header.contextCount + 1 }, () => "");
    this.#contextKinds = new Uint8Array(header.contextCount + 1);
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
      case CREATE:
        this.#readCreate();
        break;
      case RESET:
        this.#readReset();
        break;
      case REPARENT:
        this.#readReparent();
        break;
      case DROP:
        this.#readDrop();
        break;
      default:
        this.#cursor.fail("an operation: one of a c f r p R D");
    }
    this.#cursor.endLine();
  }

  finish(name: string): ContextTrace {
    const { contextCount, objectCount, operationCount, peakLiveBytes } = this.#header;
    this.#cursor.expectCount("contexts", contextCount, this.#declaredCount);
    this.#cursor.expectCount("objects", objectCount, this.#objectEnd);
    this.#cursor.expectCount("peak_live_bytes", peakLiveBytes, this.#live.peakLiveBytes);
    return {
      kind: "contexts",
      name,
      contextCount,
      contextNames: this.#contextNames,
      contextKinds: this.#contextKinds,
      kindNames: this.#kindNames,
      objectCount,
      operationCount,
      peakLiveBytes,
      ops: this.#ops,
    };
  }

  #readAlloc(): void {
    const context = this.#readOpenContext();
    const object = this.#readObject();
    if (this.#live.isLive(object)) this.#cursor.fail("an object that is not live", `${object}`);
    const bytes = this.#readBytes();
    if (object >= this.#objectEnd) this.#objectEnd = object + 1;
    this.#live.alloc(context, object, bytes);
    this.#push(OP_ALLOC, context, object, bytes);
  }

  #readFree(): void {
    const object = this.#readLiveObject();
    this.#live.free(object);
    this.#push(OP_FREE, this.#live.contextOf(object), object, 0);
  }

  #readRealloc(): void {
    const object = this.#readLiveObject();
    const bytes = this.#readBytes();
    this.#live.resize(object, bytes);
    this.#push(OP_REALLOC, this.#live.contextOf(object), object, bytes);
  }

  #readCreate(): void {
    const context = this.#readContext();
    if (context === 0 || this.#live.isDeclared(context)) {
      this.#cursor.fail("a new context, above 0", `${context}`);
    }
    const parent = this.#readParent();
    this.#cursor.nextField("a context kind");
    const kind = this.#kindNumber(this.#cursor.readWord("a context kind"));
    this.#cursor.nextField("a context name");
    this.#contextNames[context] = this.#cursor.readWord("a context name");
    this.#contextKinds[context] = kind;
    this.#declaredCount++;
    this.#live.create(context, parent);
    this.#push(OP_CREATE, context, parent, kind);
  }

  #readReset(): void {
    const context = this.#readOpenContext();
    this.#live.reset(context);
    this.#push(OP_RESET, context, 0, 0);
  }

  #readReparent(): void {
    const context = this.#readOpenContext();
    const parent = this.#readParent();
    if (this.#live.isWithin(parent, context)) {
      this.#cursor.fail(`a parent outside context ${context}`, `${parent}`);
    }
    this.#live.reparent(context, parent);
    this.#push(OP_REPARENT, context, parent, 0);
  }

  #readDrop(): void {
    const context = this.#readOpenContext();
    this.#live.drop(context);
    this.#push(OP_DROP, context, 0, 0);
  }

  /** Reads the first field after the letter. */
  #readContext(): number {
    this.#cursor.skip();
    this.#cursor.nextField("a context id");
    return this.#cursor.readNumber("a context id", this.#header.contextCount + 1);
  }

  #readOpenContext(): number {
    const context = this.#readContext();
    if (!this.#live.isOpen(context)) this.#cursor.fail("an open context", `${context}`);
    return context;
  }

  #readParent(): number {
    this.#cursor.nextField("a parent's context id");
    const parent = this.#cursor.readNumber("a parent's context id", this.#header.contextCount + 1);
    if (parent !== 0 && !this.#live.isOpen(parent)) {
      this.#cursor.fail("an open context or 0 as the parent", `${parent}`);
    }
    return parent;
  }

  #readObject(): number {
    this.#cursor.nextField("an object id");
    return this.#cursor.readNumber("an object id", this.#header.objectCount);
  }

  /** Reads the first field after the letter. */
  #readLiveObject(): number {
    this.#cursor.skip();
    const object = this.#readObject();
    if (!this.#live.isLive(object)) this.#cursor.fail("a live object", `${object}`);
    return object;
  }

  #readBytes(): number {
    this.#cursor.nextField("a size in bytes");
    return this.#cursor.readNumber("a size in bytes", INT32_END);
  }

  #kindNumber(kindName: string): number {
    const known = this.#kindNames.indexOf(kindName);
    if (known !== -1) return known;
    if (this.#kindNames.length === KIND_END) {
      this.#cursor.fail(`at most ${KIND_END} context kinds`, `"${kindName}"`);
    }
    return this.#kindNames.push(kindName) - 1;
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
