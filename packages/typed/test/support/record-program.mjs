/**
 * A program that stores and reads records in every way, and what comes of it, as lines: bytes, values, messages. Plain JavaScript, so that
 * Node and pages run it as it is: where functions are made of text, and where a policy forbids that.
 */
import {
  HashMap,
  Heap,
  Vec,
  array,
  be,
  bits,
  custom,
  date,
  enumOf,
  f32,
  f64,
  i16,
  i64,
  nullable,
  ref,
  struct,
  tagged,
  text,
  u32,
  u8,
  union,
  utf8,
} from "@perfloc/typed";

const Point = struct("Point", { x: f64, y: f32 });
const Item = struct("Item", {
  id: u32,
  small: i16,
  wire: be(u32),
  big: i64,
  on: u8,
  name: text(8),
  kind: enumOf(u8, { dust: 0, ice: 3 }),
  born: date,
  pos: Point,
  path: array(Point, 2),
  flags: bits(u8, { lit: 1, layer: 3 }),
  shape: tagged({ circle: struct("Circle", { radius: f64 }), side: u32 }),
  word: union({ whole: u32, low: u8 }),
  next: nullable(ref(Point)),
  level: custom(u8, { encode: (value) => value * 2, decode: (stored) => stored / 2 }),
});
const Named = struct("Named", { id: u32, label: utf8 });

const item = {
  id: 7,
  small: -5,
  wire: 0x01020304,
  big: -9n,
  on: 1,
  name: "grün",
  kind: "ice",
  born: new Date(86_400_000),
  pos: { x: 0.1, y: 0.1 },
  path: [{ x: 1 }, { y: 2 }],
  flags: { lit: true, layer: 5 },
  shape: { kind: "side", value: 3 },
  word: { whole: 0x1234 },
  next: 0,
  level: 4,
};

/** Values that not every heap takes, and some that none does. */
const doubtful = [
  {},
  { id: -1 },
  { id: 2 ** 32 },
  { id: "7" },
  { small: 40_000 },
  { big: 2n ** 63n },
  { name: "nine bytes" },
  { name: "\uD800" },
  { kind: "fire" },
  { pos: { z: 1 } },
  { pos: 5 },
  { path: [{ x: 1 }] },
  { flags: { layer: 8 } },
  { shape: { kind: "cube" } },
  { colour: 1 },
  { toString: 1 },
  undefined,
  null,
  [],
  5,
];

function asText(value) {
  return JSON.stringify(value, (_key, part) => (typeof part === "bigint" ? `${part}n` : part));
}

/** Runs one call: what it returns, or the error that it throws. */
function outcome(call) {
  try {
    return asText(call());
  } catch (error) {
    return `${error.name} ${error.code}: ${error.message} ${error.hint}`;
  }
}

function runAt(check) {
  const lines = [];
  const note = (what, call) => lines.push(`${check} ${what}: ${outcome(call)}`);
  const heap = new Heap({ check });
  const context = heap.open("records");
  const bytesAt = (address, { size }) => [...context.bytes(address, size)].join();

  const address = Item.alloc(context, item);
  note("alloc", () => bytesAt(address, Item));
  note("toObject", () => Item.toObject(heap, address));
  const cursor = Item.cursor(heap, address);
  note("fields", () => [cursor.id, cursor.name, cursor.big, cursor.pos.y, cursor.flags.layer]);
  cursor.pos.x = 5;
  cursor.shape.$set({ kind: "circle", value: { radius: 2 } });
  cursor.$set({ id: 8, pos: { y: 3 }, path: cursor.path });
  note("$set", () => bytesAt(address, Item));
  note("copy of a view", () => bytesAt(Item.alloc(context, cursor), Item));
  for (const value of doubtful) {
    note(`$set of ${asText(value)}`, () => cursor.$set(value));
    note("after it", () => bytesAt(address, Item));
    note(`alloc of ${asText(value)}`, () => bytesAt(Item.alloc(context, value), Item));
  }
  const getters = {
    get id() {
      return 9;
    },
    get small() {
      throw new RangeError("no");
    },
  };
  note("getters", () => Item.alloc(context, getters));

  const items = new Vec(context, Item);
  for (const value of [item, cursor, ...doubtful]) note("push", () => items.push(value));
  note("elements", () => items.toArray());
  const points = new HashMap(context, u32, Point);
  for (let key = 0; key < 20; key++) points.set(key, { x: key });
  points.obtain(3).y = 0.5;
  note("map", () => [...points.toMap()]);
  const named = new Vec(context, Named);
  named.push({ id: 1, label: "Ada" });
  note("strings", () => named.toArray());
  note("no string", () => named.push({ label: 5 }));
  const list = Item.array(context, 2);
  list.at(1).$set(item);
  note("array", () => list.toArray());
  const view = Item.over(new Uint8Array(Item.size + 1), 1);
  view.$set(item);
  note("over", () => view);
  heap.verify();
  heap[Symbol.dispose]();
  return lines;
}

/** All lines. They are the same each time. */
export function runRecords() {
  const sources = [Item, Point, Named].map((type) => type.source());
  return [...["check", "off", "debug"].flatMap(runAt), ...sources];
}
