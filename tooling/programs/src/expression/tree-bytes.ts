/**
 * How many bytes the tree of an expression takes, in a process of its own:
 *
 *     node --expose-gc tree-bytes.js plain|perfloc OPERANDS
 *
 * Counts how much the JavaScript heap grows by the tree, measured after garbage collections. For Perfloc it adds the process chunks of the
 * tree's context, with their headers and the free rest of the last one, and the planes of the heap.
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
// Flattens the text, which V8 otherwise keeps in parts until it is first read.
const text = Buffer.from(randomExpression(Number(operandCount), DEPTH, SEED)).toString("latin1");
const before = collectedBytes();
using heap = new Heap();
const tree = heap.open("tree", { kind: "bump" });
const root = side === "plain" ? parse(text) : parseIntoStructs(tree, text);
const objectBytes = collectedBytes() - before;
console.log(objectBytes + tree.stats().usedBytes + heap.arena.stats().planeBytes);
// Used after the measurement, so that the tree is not collected before.
if (root === 0) throw new Error("no tree");
