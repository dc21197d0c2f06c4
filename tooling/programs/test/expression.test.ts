/** Both parsers evaluate as JavaScript itself does, and refuse what it refuses. */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { Heap, PerflocError } from "@perfloc/typed";
import { expect, test } from "vitest";
import { makeEvaluate, parse as parseIntoStructs } from "../src/expression/perfloc.js";
import { evaluate, parse } from "../src/expression/plain.js";
import { randomExpression } from "../src/expression/random-expression.js";

const TREE_BYTES = fileURLToPath(new URL("../dist/expression/tree-bytes.js", import.meta.url));

/** Of a tree of 100,000 operands, in a process of its own. */
function treeBytes(side: string): number {
  const args = ["--expose-gc", TREE_BYTES, side, "100000"];
  return Number(execFileSync(process.execPath, args, { encoding: "utf8" }));
}

function evaluateInStructs(heap: Heap, text: string): number {
  using tree = heap.open("tree", { kind: "bump" });
  return makeEvaluate(heap)(parseIntoStructs(tree, text));
}

function messageOf(run: () => unknown): string {
  try {
    run();
    return "nothing was refused";
  } catch (error) {
    return (error as Error).message;
  }
}

/** By the engine's own parser. `- -1` is arithmetic, `--1` is not. */
function evaluateByEngine(text: string): number {
  // oxlint-disable-next-line no-new-func, typescript/no-implied-eval -- made-up arithmetic, and an oracle that is not this code
  return new Function(`return ${text}`)() as number;
}

test.each(Array.from({ length: 200 }, (_, seed) => seed))(
  "made-up expressions, seed %i",
  (seed) => {
    using heap = new Heap();
    const text = randomExpression(1 + seed, seed % 8, seed);
    const expected = evaluateByEngine(text);
    expect([text, evaluate(parse(text))]).toEqual([text, expected]);
    expect([text, evaluateInStructs(heap, text)]).toEqual([text, expected]);
    expect(heap.stats().usedBytes).toBe(0);
  },
);

test.each([
  ["1 + 2 * 3", 7],
  ["(1 + 2) * 3", 9],
  ["10 - 4 - 3", 3],
  ["16 / 4 / 2", 2],
  ["- (2 - 5) * 1.5", 4.5],
  ["  42", 42],
])("%s is %d", (text, value) => {
  expect(evaluate(parse(text))).toBe(value);
  expect(evaluateInStructs(new Heap(), text)).toBe(value);
});

test.each(["", "1 +", "(1", "1)", "1 2", "* 3", "1 + x", "()", "1..", "1 + .", "2 * * 3"])(
  "%j is refused by both, with the same words",
  (text) => {
    const refusals = [() => parse(text), () => evaluateInStructs(new Heap(), text)].map((run) => {
      expect(run).toThrow(SyntaxError);
      return messageOf(run);
    });
    expect(refusals[0]).toMatch(/^expected .* at \d+, found /u);
    expect(refusals[1]).toBe(refusals[0]);
    expect(() => evaluateByEngine(`(${text})`)).toThrow(/Unexpected|Invalid|missing|not defined/u);
  },
);

test("nodes are read as what they are, on the level debug, too", () => {
  using heap = new Heap({ check: "debug" });
  expect(evaluateInStructs(heap, "-(1.5 + 2) * 3 / 4 - 1")).toBe(-3.625);
  using tree = heap.open("tree");
  const root = parseIntoStructs(tree, "1 + 2");
  tree.reset();
  expect(() => makeEvaluate(heap)(root)).toThrow(PerflocError);
});

test("a tree of structs takes at most a third of the memory", () => {
  const [plainBytes, perflocBytes] = ["plain", "perfloc"].map(treeBytes);
  expect(plainBytes).toBeGreaterThan(8e6);
  expect(perflocBytes! / plainBytes!).toBeLessThan(1 / 3);
});
