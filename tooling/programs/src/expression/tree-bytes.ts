/**
 * How many bytes the tree of an expression takes, in a process of its own:
 *
 *     node --expose-gc tree-bytes.js plain|perfloc OPERANDS
 *
 * What the heap of JavaScript has more of with the tree than before, both after a collection of garbage. Of Perfloc also the process chunks
 * of the tree's context, with their headers and what is free in the last of them, and the planes of the heap.
 */
import { Heap } from "@perfloc/typed";
import { parse as parseIntoStructs } from "./perfloc.js";
import { parse } from "./plain.js";
import { randomExpression } from "./random-expression.js";

const SEED = 5;
const DEPTH = 12;

function collectedBytes(): number {
  globalThis.gc!();
  return process.memoryUsage().heapUsed;
}

const [, , side, operandCount] = process.argv;
// One piece: V8 builds the text out of parts, and joins them when it is first read.
const text = Buffer.from(randomExpression(Number(operandCount), DEPTH, SEED)).toString("latin1");
const before = collectedBytes();
using heap = new Heap();
const tree = heap.open("tree", { kind: "bump" });
const root = side === "plain" ? parse(text) : parseIntoStructs(tree, text);
const objectBytes = collectedBytes() - before;
console.log(objectBytes + tree.stats().usedBytes + heap.arena.stats().planeBytes);
// Used after the measurement, the tree is there during it.
if (root === 0) throw new Error("no tree");
