import {
  OP_ALLOC,
  OP_CREATE,
  OP_DROP,
  OP_FREE,
  OP_REALLOC,
  OP_REPARENT,
  OP_RESET,
  OP_THREAD,
  parseTrace,
  type Trace,
} from "@perfloc-tooling/traces";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";

function parse(lines: readonly string[], file = "some.rep"): Trace {
  return parseTrace(new TextEncoder().encode(lines.map((line) => `${line}\n`).join("")), file);
}

test("a context trace: every operation, with the context of each object written down", () => {
  const trace = parse(
    [
      "# contexts 3 objects 3 ops 11 peak_live_bytes 60",
      "c 1 0 allocset Top",
      "c 2 1 generation Tuples",
      "a 1 0 10",
      "a 2 1 0",
      "r 1 30",
      "a 2 2 20",
      "f 0",
      "c 3 0 slab Nodes",
      "p 2 3",
      "R 2",
      "D 3",
    ],
    "recordings/session.mct.gz",
  );
  expect(trace).toEqual({
    kind: "contexts",
    name: "session",
    contextCount: 3,
    contextNames: ["", "Top", "Tuples", "Nodes"],
    contextKinds: Uint8Array.of(0, 0, 3, 2),
    kindNames: ["allocset", "bump", "slab", "generation"],
    objectCount: 3,
    operationCount: 11,
    peakLiveBytes: 60,
    // oxfmt-ignore
    ops: Int32Array.of(
      OP_CREATE, 1, 0, 0,
      OP_CREATE, 2, 1, 3,
      OP_ALLOC, 1, 0, 10,
      OP_ALLOC, 2, 1, 0,
      OP_REALLOC, 2, 1, 30,
      OP_ALLOC, 2, 2, 20,
      OP_FREE, 1, 0, 0,
      OP_CREATE, 3, 0, 2,
      OP_REPARENT, 2, 3, 0,
      OP_RESET, 2, 0, 0,
      OP_DROP, 3, 0, 0,
    ),
  });
});

test("a malloc trace: every operation; thread switches are records but no operations", () => {
  const trace = parse([
    "40",
    "2",
    "5",
    "1",
    "t 0",
    "a 0 8",
    "a 1 16",
    "t 7",
    "r 0 24",
    "f 1",
    "f 0",
  ]);
  expect(trace).toEqual({
    kind: "malloc",
    name: "some",
    objectCount: 2,
    operationCount: 5,
    peakLiveBytes: 40,
    // oxfmt-ignore
    ops: Int32Array.of(
      OP_THREAD, 0, 0, 0,
      OP_ALLOC, 0, 0, 8,
      OP_ALLOC, 0, 1, 16,
      OP_THREAD, 7, 0, 0,
      OP_REALLOC, 0, 0, 24,
      OP_FREE, 0, 1, 0,
      OP_FREE, 0, 0, 0,
    ),
  });
});

test("an object may be allocated again once it died, by a free or with its context", () => {
  const malloc = parse(["8", "1", "4", "1", "a 0 8", "f 0", "a 0 8", "f 0"]);
  expect(malloc.operationCount).toBe(4);
  const contexts = parse([
    "# contexts 1 objects 1 ops 4 peak_live_bytes 8",
    "c 1 0 bump B",
    "a 1 0 8",
    "R 1",
    "a 1 0 8",
  ]);
  expect(contexts.operationCount).toBe(4);
});

test("a reset spares the objects of children, a drop does not", () => {
  const head = ["c 1 0 allocset Parent", "c 2 1 allocset Child", "a 2 0 8"];
  const header = "# contexts 2 objects 1 ops 5 peak_live_bytes 8";
  expect(() => parse([header, ...head, "R 1", "f 0"])).not.toThrow();
  expect(() => parse([header, ...head, "D 1", "f 0"])).toThrow(
    "some.rep:6: expected a live object",
  );
});

test("gzip or plain text makes no difference", () => {
  const text = new TextEncoder().encode("8\n1\n2\n1\na 0 8\nf 0\n");
  expect(parseTrace(gzipSync(text), "x.rep.gz")).toEqual(parseTrace(text, "x.rep"));
});
