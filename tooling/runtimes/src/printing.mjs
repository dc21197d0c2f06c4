/** A program for any runtime: what its console prints for views and collections. Exits with 1 when it is not their contents. */
import { HashMap, Heap, Vec, f64, struct, u32, utf8 } from "@perfloc/typed";

const { Bun, Deno } = globalThis;
/** Prints a value as `console.log` does. */
const print = Bun?.inspect ?? Deno?.inspect ?? (await import("node:util")).inspect;

const Point = struct("Point", { x: f64, y: f64 });
const context = new Heap().open("printed");
const numbers = new Vec(context, u32);
for (let count = 0; count < 1000; count++) numbers.push(count);
const points = new Vec(context, Point);
points.push({ x: 1, y: 2 });
const scores = new HashMap(context, u32, f64);
scores.set(7, 1.5);
const many = new HashMap(context, u32, u32);
for (let key = 0; key < 102; key++) many.set(key, key);
const dropped = new Vec(context, utf8);
dropped.drop();

const expected = [
  { value: numbers, pattern: /^Vec\(1000\) \[\n[\s\d,]+99,\n {2}\.\.\. 900 more items\n\]$/ },
  { value: points, pattern: /^Vec\(1\) \[ \{ x: 1, y: 2 \} \]$/ },
  { value: scores, pattern: /^HashMap\(1\) \{ 7 => 1\.5 \}$/ },
  {
    value: many,
    pattern: /^HashMap\(102\) \{\n(?: {2}\d+ => \d+,\n){100} {2}\.\.\. 2 more items\n\}$/,
  },
  { value: Point.array(context, 1), pattern: /^StructArray\(1\) \[ \{ x: 0, y: 0 \} \]$/ },
  {
    value: Point.columns(context, 1),
    pattern: /^StructColumns\(1\) \{ x: Float64Array\(1\) \[ 0 \], y: Fl/,
  },
  { value: points.at(0), pattern: /^\{\s+x: 1,\s+y: 2,?\s+\}$/ },
  { value: { of: { a: points } }, pattern: /a: Vec\(1\) \[/ },
  { value: Point, pattern: /^struct Point \{ x: f64, y: f64 \}$/ },
  { value: Point.cursor(context), pattern: /^Point \(points nowhere\)$/ },
  { value: dropped, pattern: /^Vec \(dropped\)$/ },
];
for (const { value, pattern } of expected) {
  const text = print(value);
  if (!pattern.test(text)) throw new Error(`${pattern.source} is not what is printed:\n${text}`);
}
console.log(`printing: ${expected.length} values are printed as what they hold`);
