import {
  findSharedTraces,
  OP_ALLOC,
  OP_CREATE,
  OP_DROP,
  OP_FREE,
  OP_REALLOC,
  OP_REPARENT,
  OP_RESET,
  OP_THREAD,
  readTrace,
  RECORD_LENGTH,
  shippedTraces,
  type ContextTrace,
  type MallocTrace,
  type Trace,
} from "@perfloc-tooling/traces";
import { statSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { countLines, type LineCount } from "./count-lines.js";

const LETTER_OF = new Map([
  [OP_ALLOC, "a"],
  [OP_FREE, "f"],
  [OP_REALLOC, "r"],
  [OP_CREATE, "c"],
  [OP_RESET, "R"],
  [OP_REPARENT, "p"],
  [OP_DROP, "D"],
  [OP_THREAD, "t"],
]);

describe("shipped traces", () => {
  test.each(shippedTraces)("$name parses to what its lines say", ({ name, kind, url }) => {
    const trace = readTrace(url);
    expect(trace).toMatchObject({ name, kind });
    expect(countRecords(trace)).toEqual(countLines(url));
  });

  test.each(shippedTraces)("$name is small enough to be committed", ({ url }) => {
    expect(statSync(url).size).toBeLessThanOrEqual(2_000_000);
  });

  test("the PostgreSQL trace keeps names and kinds of its contexts", () => {
    const trace = readTrace(shippedTraces[0]!.url);
    if (trace.kind !== "contexts") throw new Error("expected a context trace");
    expect(trace.contextNames).toHaveLength(trace.contextCount + 1);
    expect(trace.contextNames.slice(0, 4)).toEqual([
      "",
      "ExecutorState",
      "printtup",
      "MessageContext",
    ]);
    expect(trace.kindNames).toEqual(["allocset", "bump", "slab", "generation"]);
    const generations = trace.contextKinds.filter((kind) => kind === 3);
    expect(generations.length).toBeGreaterThan(0);
  });
});

const sharedTraces = findSharedTraces();

test.skipIf(sharedTraces.length === 0)("traces beside the checkout parse as well", () => {
  for (const file of sharedTraces) {
    expect(countRecords(readTrace(file)), `counts of ${file}`).toEqual(countLines(file));
  }
});

/** The same as `countLines` finds in the file, from the parsed trace. */
function countRecords({ ops, ...trace }: Trace): LineCount {
  const perLetter: Record<string, number> = {};
  let bytesAskedFor = 0;
  for (let at = 0; at < ops.length; at += RECORD_LENGTH) {
    const opcode = ops[at]!;
    const letter = LETTER_OF.get(opcode) ?? `opcode ${opcode}`;
    perLetter[letter] = (perLetter[letter] ?? 0) + 1;
    if (opcode === OP_ALLOC || opcode === OP_REALLOC) bytesAskedFor += ops[at + 3]!;
  }
  return { headerNumbers: headerNumbers(trace), perLetter, bytesAskedFor };
}

function headerNumbers(trace: Omit<ContextTrace, "ops"> | Omit<MallocTrace, "ops">): number[] {
  const { objectCount, operationCount, peakLiveBytes } = trace;
  return trace.kind === "contexts"
    ? [trace.contextCount, objectCount, operationCount, peakLiveBytes]
    : [peakLiveBytes, objectCount, operationCount, 1];
}
