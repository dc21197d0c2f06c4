import {
  BINARY_CONTEXT_MAGIC,
  BINARY_MALLOC_MAGIC,
  binaryTrace,
  parseTrace,
} from "@perfloc-tooling/traces";
import { expect, test } from "vitest";

test("a malloc trace: header, then the records as they are", () => {
  const trace = parseTrace(new TextEncoder().encode("8\n1\n2\n1\nt 3\na 0 8\nf 0\n"), "x.rep");
  const words = new Int32Array(binaryTrace(trace).buffer);
  expect([...words.subarray(0, 4)]).toEqual([BINARY_MALLOC_MAGIC, 3, 1, 0]);
  expect(words.subarray(4)).toEqual(trace.ops);
});

test("a context trace: its own magic, and the count of contexts", () => {
  const text = "# contexts 1 objects 1 ops 2 peak_live_bytes 8\nc 1 0 bump B\na 1 0 8\n";
  const trace = parseTrace(new TextEncoder().encode(text), "x.mct");
  const words = new Int32Array(binaryTrace(trace).buffer);
  expect([...words.subarray(0, 4)]).toEqual([BINARY_CONTEXT_MAGIC, 2, 1, 1]);
  expect(words.subarray(4)).toEqual(trace.ops);
});
