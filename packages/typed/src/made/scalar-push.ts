/**
 * `push` of growing arrays of integers: one for each type, which tests the value before it stores it. The general `push` compares what it
 * has stored, which costs a load after each store: 2.9 ns for a u32 instead of 1.7. Floats need no such `push`: they take every number.
 */
import type { ScalarName } from "../layout/scalar-name.js";
import { evaluate } from "./evaluate.js";
import { scalarSource } from "./field-source.js";

/** The methods that this text calls are those of an array: see collections/vec.ts. */
type Push = (...values: any[]) => number;

const pushes = new Map<ScalarName, Push | undefined>();

/** `push` of a type with the policy `throw`; `undefined` where the host forbids functions of text. */
export function scalarPush(scalar: ScalarName): Push | undefined {
  if (!pushes.has(scalar)) pushes.set(scalar, makePush(scalar));
  return pushes.get(scalar);
}

function makePush(scalar: ScalarName): Push | undefined {
  const source = scalarSource(scalar, { policy: "throw", isDirect: true, isBigEndian: false });
  const text = [
    "return function push(value) {",
    "  if (arguments.length !== 1) return this.$pushAll(arguments);",
    `  if (this.$guard.isDropped || !(${source.takes("value")})) return this.$pushScalar(value);`,
    "  const length = this.$length;",
    "  if (length >= this.$room) this.$grow();",
    "  this.$array[this.$first + length] = value;",
    "  return (this.$length = length + 1);",
    "};",
  ].join("\n");
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the text returns such a function
  return evaluate({}, text) as Push | undefined;
}
