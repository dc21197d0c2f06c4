import {
  parseTrace,
  readTrace,
  shippedTraces,
  TraceFormatError,
  type Trace,
} from "@perfloc-tooling/traces";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";

const CONTEXTS = ["# contexts 2 objects 2 ops 4 peak_live_bytes 24"];
const MALLOC = ["24", "2", "3", "1"];

function parseText(text: string): Trace {
  return parseTrace(new TextEncoder().encode(text), "x");
}

function errorOf(work: () => unknown): TraceFormatError {
  try {
    work();
  } catch (error) {
    if (error instanceof TraceFormatError) return error;
    throw error;
  }
  throw new Error("expected a TraceFormatError, nothing was thrown");
}

describe("files that cannot be read", () => {
  test("a missing file is named", () => {
    const file = join(tmpdir(), "no-such-folder", "no-such-trace.rep.gz");
    const error = errorOf(() => readTrace(file));
    expect(error).toMatchObject({ file, line: undefined, expected: "a readable file" });
    expect(error.message).toContain("ENOENT");
  });

  test("a folder is not a trace", () => {
    expect(errorOf(() => readTrace(tmpdir())).expected).toBe("a readable file");
  });

  test("an empty file", () => {
    expect(errorOf(() => parseText("")).message).toBe("x: expected a trace, found an empty file");
  });

  test("bytes that are no text", () => {
    const garbage = Uint8Array.from({ length: 4096 }, (_, index) => (index * 167 + 129) & 0xff);
    const error = errorOf(() => parseTrace(garbage, "x"));
    expect(error.line).toBe(1);
    expect(error.message).toContain(String.raw`found "\x81`);
  });

  test("a gzip stream that holds no trace", () => {
    const error = errorOf(() => parseTrace(Uint8Array.of(0x1f, 0x8b, 1, 2, 3, 4), "x"));
    expect(error).toMatchObject({ line: undefined, expected: "a whole gzip stream" });
  });
});

describe("truncation", () => {
  const { url } = shippedTraces.find(({ name }) => name === "gitlog")!;
  const zipped = readFileSync(url);
  const text = gunzipSync(zipped);

  const zippedCuts = [2, 9, 10, 11, 100, zipped.length >> 1, zipped.length - 8, zipped.length - 1];
  test("a gzip cut off after its first byte is no gzip any more", () => {
    const error = errorOf(() => parseTrace(zipped.subarray(0, 1), "x"));
    expect(error).toMatchObject({ line: 1, found: String.raw`"\x1f"` });
  });

  test.each(zippedCuts)("a gzip cut off after %i bytes is refused", (length) => {
    const error = errorOf(() => parseTrace(zipped.subarray(0, length), "x"));
    expect(error).toMatchObject({ line: undefined, expected: "a whole gzip stream" });
  });

  // Cuts inside a number, at a line's end and inside the header: none may pass for a shorter trace.
  test("text cut off anywhere in its first or last lines is refused", () => {
    for (let length = 0; length < 200; length++) {
      for (const cut of [text.subarray(0, length), text.subarray(0, text.length - 1 - length)]) {
        expect(() => parseTrace(cut, "x"), `${cut.length} bytes`).toThrow(TraceFormatError);
      }
    }
  });
});

describe("lines that break the format", () => {
  test.each([
    [
      "an unknown header",
      ["hello"],
      'x:1: expected a trace\'s header: "# contexts ..." or a number, found "hello"',
    ],
    ["a header without counts", ["# traces 1"], 'x:1: expected "contexts", found "traces"'],
    [
      "a header with a count that is no number",
      ["# contexts two"],
      'x:1: expected the number of contexts: a decimal number, found "two"',
    ],
    [
      "a header with too many counts",
      [`${CONTEXTS[0]} 7`, "", "", "", ""],
      "x:1: expected the end of the line, found a space",
    ],
    [
      "a missing header",
      ["a 1 0 8"],
      'x:1: expected a trace\'s header: "# contexts ..." or a number, found "a"',
    ],
    [
      "an incomplete malloc header",
      ["24", "2", "a 0 8"],
      'x:3: expected the number of operations: a decimal number, found "a"',
    ],
    [
      "an unknown context operation",
      [...CONTEXTS, "x 1", "", "", ""],
      'x:2: expected an operation: one of a c f r p R D, found "x"',
    ],
    [
      "an unknown malloc operation",
      [...MALLOC, "m 0 8", "", ""],
      'x:5: expected an operation: one of a f r t, found "m"',
    ],
    [
      "an empty line",
      [...MALLOC, "", "a 0 8", "f 0"],
      "x:5: expected an operation: one of a f r t, found the end of the line",
    ],
    [
      "a size that is no number",
      [...MALLOC, "a 0 8x", "", ""],
      'x:5: expected a size in bytes: a decimal number, found "8x"',
    ],
    [
      "a negative size",
      [...MALLOC, "a 0 -8", "", ""],
      'x:5: expected a size in bytes: a decimal number, found "-8"',
    ],
    [
      "a size beyond 31 bits",
      [...MALLOC, "a 0 2147483648", "", ""],
      'x:5: expected a size in bytes: a number below 2147483648, found "2147483648"',
    ],
    [
      "a missing field",
      [...MALLOC, "a 0", "", ""],
      "x:5: expected a space, then a size in bytes, found the end of the line",
    ],
    [
      "a field too many",
      [...MALLOC, "a 0 8 8", "", ""],
      "x:5: expected the end of the line, found a space",
    ],
    [
      "a carriage return",
      [...MALLOC, "a 0 8\r", "", ""],
      String.raw`x:5: expected a size in bytes: a decimal number, found "8\x0d"`,
    ],
    [
      "a context without a name",
      [...CONTEXTS, "c 1 0 slab", "", "", ""],
      "x:2: expected a space, then a context name, found the end of the line",
    ],
  ])("%s", (_, lines, message) => {
    expect(errorOf(() => parseText(`${lines.join("\n")}\n`)).message).toBe(message);
  });
});

describe("operations that contradict the lines before", () => {
  const open = "c 1 0 allocset A";
  test.each([
    [
      "an object outside the header's count",
      [...MALLOC, "a 2 8", "", ""],
      'x:5: expected an object id: a number below 2, found "2"',
    ],
    [
      "a second alloc of a live object",
      [...MALLOC, "a 0 8", "a 0 8", ""],
      "x:6: expected an object that is not live, found 0",
    ],
    [
      "a free of an object never born",
      [...MALLOC, "f 1", "", ""],
      "x:5: expected a live object, found 1",
    ],
    ["a second free", [...MALLOC, "a 0 8", "f 0", "f 0"], "x:7: expected a live object, found 0"],
    [
      "a realloc of a dead object",
      [...MALLOC, "a 0 8", "f 0", "r 0 9"],
      "x:7: expected a live object, found 0",
    ],
    [
      "an undeclared context",
      [...CONTEXTS, "a 1 0 8", "", "", ""],
      "x:2: expected an open context, found 1",
    ],
    [
      "an undeclared parent",
      [...CONTEXTS, "c 1 2 slab S", "", "", ""],
      "x:2: expected an open context or 0 as the parent, found 2",
    ],
    [
      "a context declared twice",
      [...CONTEXTS, open, open, "", ""],
      "x:3: expected a new context, above 0, found 1",
    ],
    [
      "a context declared again after its drop",
      [...CONTEXTS, open, "D 1", open, ""],
      "x:4: expected a new context, above 0, found 1",
    ],
    [
      "a reset of the root",
      [...CONTEXTS, "R 0", "", "", ""],
      "x:2: expected an open context, found 0",
    ],
    [
      "a dropped context",
      [...CONTEXTS, open, "D 1", "a 1 0 8", ""],
      "x:4: expected an open context, found 1",
    ],
    [
      "a child of a dropped context",
      [...CONTEXTS, open, "c 2 1 slab S", "D 1", "R 2"],
      "x:5: expected an open context, found 2",
    ],
    [
      "a context moved below itself",
      [...CONTEXTS, open, "c 2 1 slab S", "p 1 2", ""],
      "x:4: expected a parent outside context 1, found 2",
    ],
    [
      "an object freed after the reset of its context",
      [...CONTEXTS, open, "a 1 0 8", "R 1", "f 0"],
      "x:5: expected a live object, found 0",
    ],
  ])("%s", (_, lines, message) => {
    expect(errorOf(() => parseText(`${lines.join("\n")}\n`)).message).toBe(message);
  });
});

describe("headers that contradict the operations", () => {
  test.each([
    [
      "too few operations",
      [...MALLOC, "a 0 8", "a 1 16"],
      "x:5: expected 3 operations as the header says, found 2 lines",
    ],
    [
      "too many operations",
      [...MALLOC, "a 0 8", "a 1 16", "f 0", "f 1"],
      "x:9: expected 3 operations as the header says, found 4",
    ],
    [
      "too few objects",
      [...MALLOC, "a 0 24", "f 0", "a 0 8"],
      "x:8: expected 2 objects as the header says, found 1",
    ],
    [
      "another peak",
      [...MALLOC, "a 0 8", "a 1 8", "f 0"],
      "x:8: expected 24 peak live bytes as the header says, found 16",
    ],
    [
      "more objects than lines",
      ["8", "2147483647", "1", "1", "a 0 8"],
      "x:5: expected 2147483647 objects as the header says, found 1 lines",
    ],
    [
      "too few contexts",
      [...CONTEXTS, "c 1 0 bump B", "a 1 0 8", "a 1 1 16", "R 1"],
      "x:6: expected 2 contexts as the header says, found 1",
    ],
    [
      "too few operations on contexts",
      [...CONTEXTS, "c 1 0 bump B"],
      "x:1: expected 4 ops as the header says, found 1 lines",
    ],
  ])("%s", (_, lines, message) => {
    expect(errorOf(() => parseText(`${lines.join("\n")}\n`)).message).toBe(message);
  });
});
