/** What consoles, and JSON, show of views and collections: contents, never internals. */
import { inspect } from "node:util";
import {
  HashMap,
  Heap,
  Utf8,
  Vec,
  array,
  be,
  bits,
  custom,
  enumOf,
  f64,
  i64,
  ref,
  struct,
  tagged,
  text,
  u32,
  u64,
  u8,
  union,
  utf8,
} from "@perfloc/typed";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const Point = struct("Point", { x: f64, y: f64 });
const Item = struct("Item", {
  id: u32,
  name: text(8),
  pos: Point,
  path: array(Point, 2),
  flags: bits(u8, { on: 1, layer: 3 }),
  shape: tagged({ circle: struct("Circle", { radius: f64 }), side: u32 }),
  word: union({ whole: u32, low: u8 }),
});
const link = custom(u8, {
  encode: ({ pathname }: URL) => Number(pathname.slice(1)),
  decode: (id) => new URL(`https://a.example/${id}`),
});
const Kind = struct("Kind", { id: u8, kind: enumOf(u8, { dust: 1 }) });

describe.each(["check", "off", "debug"] as const)("on the level %s", (check) => {
  let heap: Heap;

  beforeEach(() => {
    heap = new Heap({ check });
  });

  afterEach(() => {
    heap.verify();
    heap[Symbol.dispose]();
  });

  test("V90 collections print their elements and how many there are", () => {
    const context = heap.open("collections");
    const numbers = new Vec(context, f64);
    expect(inspect(numbers)).toBe("Vec(0) []");
    numbers.push(1.5);
    numbers.push(2);
    expect(inspect(numbers)).toBe("Vec(2) [ 1.5, 2 ]");
    const points = new Vec(context, Point);
    points.push({ x: 1, y: 2 });
    expect(inspect(points)).toBe("Vec(1) [ { x: 1, y: 2 } ]");
    const names = new Vec(context, utf8);
    names.push("Ada");
    expect(inspect({ names })).toBe("{ names: Vec(1) [ 'Ada' ] }");
    const map = new HashMap(context, u64, Point);
    expect(inspect(map)).toBe("HashMap(0) {}");
    map.set(7n, { x: 1, y: 2 });
    expect(inspect(map)).toBe("HashMap(1) { 7n => { x: 1, y: 2 } }");
    const counts = new HashMap(context, utf8, u32);
    counts.set("Map {", 1);
    expect(inspect(counts)).toBe("HashMap(1) { 'Map {' => 1 }");
    expect(inspect(counts.entries())).not.toContain("$");
    expect(inspect(new Utf8(context))).not.toContain("$");
  });

  test("V90 arrays, columns and views print their values", () => {
    const context = heap.open("views");
    const points = Point.array(context, 2);
    points.at(1).x = 3;
    expect(inspect(points)).toBe("StructArray(2) [ { x: 0, y: 0 }, { x: 3, y: 0 } ]");
    const Column = struct("Column", { id: u32, at: Point, tag: text(4) });
    const columns = Column.columns(context, 2);
    columns.at.x[1] = 5;
    columns.tag.set(0, "a");
    expect(inspect(columns, { breakLength: Infinity, compact: 9 })).toBe(
      "StructColumns(2) { id: Uint32Array(2) [ 0, 0 ], " +
        "at: StructColumns(2) { x: Float64Array(2) [ 0, 5 ], y: Float64Array(2) [ 0, 0 ] }, tag: [ 'a', '' ] }",
    );
    const item = Item.cursor(heap, Item.alloc(context, { shape: { kind: "side", value: 3 } }));
    expect(inspect(item)).toBe(inspect(Item.toObject(heap, item.$address)));
    expect(inspect(item.pos)).toBe("{ x: 0, y: 0 }");
    expect(inspect(item.path)).toBe("[ { x: 0, y: 0 }, { x: 0, y: 0 } ]");
    expect(inspect(item.flags)).toBe("{ on: false, layer: 0 }");
    expect(inspect(item.shape)).toBe("{ kind: 'side', value: 3 }");
    expect(inspect(item.word)).toBe("{ whole: 0, low: 0 }");
  });

  test("V90 depth and hidden properties are as the host was asked for", () => {
    const context = heap.open("options");
    const points = new Vec(context, Point);
    points.push({ x: 1 });
    expect(inspect(points, { depth: 0 })).toBe("Vec(1) [ [Object] ]");
    expect(inspect({ points }, { depth: 0 })).toBe("{ points: [Vec] }");
    expect(inspect({ a: { points } }, { depth: 2 })).toBe("{ a: { points: Vec(1) [ [Object] ] } }");
    expect(inspect({ a: { b: { points } } }, { depth: null })).toContain("x: 1");
    expect(inspect(points, { colors: true })).toContain("\u001B[33m1\u001B[39m");
    expect(inspect(points, { showHidden: true })).toBe("Vec(1) [ { x: 1, y: 0 }, [length]: 1 ]");
    for (let x = 2; x < 5; x++) points.push({ x });
    expect(inspect(points, { showHidden: true, maxArrayLength: 0 })).toBe(
      "Vec(4) [ ... 4 more items, [length]: 4 ]",
    );
    const item = Item.cursor(heap, Item.alloc(context));
    expect(inspect(item, { depth: 0 })).toContain("path: [Array]");
  });

  test("V91 long lists are cut after 100 elements, or as many as the host was asked for", () => {
    const context = heap.open("long");
    const numbers = new Vec(context, u32);
    const plain: number[] = [];
    for (let count = 0; count < 1000; count++) plain.push(numbers.push(count) - 1);
    for (const maxArrayLength of [undefined, 0, 1, 3, 999, 1000, null]) {
      const options = maxArrayLength === undefined ? {} : { maxArrayLength };
      expect(inspect(numbers, options)).toBe(`Vec(1000) ${inspect(plain, options)}`);
    }
    expect(inspect(numbers)).toContain("\n  ... 900 more items\n]");
    const map = new HashMap(context, u32, u32);
    for (let key = 0; key < 101; key++) map.set(key, key);
    expect(inspect(map)).toMatch(
      /^HashMap\(101\) \{\n(?: {2}\d+ => \d+,\n){100} {2}\.\.\. 1 more item\n\}$/,
    );
    expect(inspect(map, { maxArrayLength: 0 })).toBe("HashMap(101) { ... 101 more items }");
    expect(inspect(map, { maxArrayLength: null }).match(/=>/g)).toHaveLength(101);
    const Long = struct("Long", { bytes: array(u8, 1000), lists: array(u8, 2, 200) });
    const long = Long.cursor(heap, Long.alloc(context));
    expect(inspect(long.bytes, { maxArrayLength: 2 })).toBe("[ 0, 0, ... 998 more items ]");
    expect(inspect(long)).toBe(inspect(Long.toObject(heap, long.$address)));
    expect(inspect({ long }, { depth: 1 })).toBe(
      "{\n  long: { bytes: [Array], lists: [Array] }\n}".replace(/\n */g, " "),
    );
    expect(inspect(Long.array(context, 101))).toContain("  ... 1 more item\n]");
    expect(inspect(Long.columns(context, 101))).toContain("... 1 more item\n");
  });

  test("V92 what was dropped prints so", () => {
    const context = heap.open("dropped");
    const mark = context.checkpoint();
    const numbers = new Vec(context, f64);
    const map = new HashMap(context, u32, f64);
    const points = Point.array(context, 1);
    const columns = Point.columns(context, 1);
    const element = new Vec(context, Point).append();
    const all = [numbers, map, points, columns];
    const print = (): string[] => all.map((view) => inspect(view));
    const gone = ["Vec", "HashMap", "StructArray", "StructColumns"].map(
      (name) => `${name} (dropped)`,
    );
    expect(print()).not.toContain("(dropped)");
    context.rollback(mark);
    expect(print()).toEqual(gone);
    context.drop();
    expect(print()).toEqual(gone);
    expect(inspect(element)).toMatch(/^Point \(.+\)$/);
  });

  test("V92 views of memory that is gone print so, and those that point nowhere", () => {
    const context = heap.open("gone");
    const item = Item.cursor(heap, Item.alloc(context));
    const { path, pos, flags, shape } = item;
    const views = [item, pos, path, flags, shape];
    const nowhere = Item.cursor(heap);
    expect(inspect(nowhere)).toBe("Item (points nowhere)");
    expect(inspect(nowhere.path)).toBe("array(Point, 2) (points nowhere)");
    expect(inspect(nowhere.pos)).toBe("Point (points nowhere)");
    expect(inspect(Item.over(new Uint8Array(Item.size)))).toContain("id: 0");
    const name = /^(?:Item|Point|array\(Point, 2\)|bits\(u8\)|tagged) \(.+\)$/;
    context.drop();
    for (const view of views) expect(inspect(view)).toMatch(name);
    heap.arena.releaseChunk(0);
    for (const view of views) expect(inspect(view)).toMatch(name);
  });

  test("V92 what cannot be read prints the reason, and everything else its value", () => {
    const context = heap.open("unreadable");
    const kind = Kind.cursor(heap, Kind.alloc(context, { id: 5 }));
    const why = "(field kind of struct Kind holds 0, which has no name in its enum)";
    expect(inspect(kind)).toContain(`id: 5,\n  kind: ${why}`);
    const kinds = new Vec(context, Kind);
    kinds.append().id = 6;
    expect(inspect(kinds)).toContain("id: 6");
    const Bad = struct("Bad", {
      value: custom(u8, {
        encode: () => 0,
        decode: (): number => {
          // oxlint-disable-next-line typescript/only-throw-error -- a program may
          throw null;
        },
      }),
    });
    const bad = Bad.cursor(heap, Bad.alloc(context));
    expect(inspect(bad)).toBe("{ value: (cannot be read) }");
    expect(inspect(Bad.columns(context, 1).value)).toBe("[ (cannot be read) ]");
  });

  test("V92 printing moves no view and allocates nothing", () => {
    const context = heap.open("still");
    const points = new Vec(context, Point);
    for (let x = 0; x < 3; x++) points.push({ x });
    const map = new HashMap(context, utf8, Point);
    map.set("a", { x: 1 }).set("b", { x: 2 });
    const list = Point.array(context, 3);
    const columns = Item.columns(context, 2);
    const [element, value, first] = [points.at(2), map.get("b")!, list.at(1)];
    const [x, y] = [element.x, value.x];
    first.x = 9;
    const before = heap.stats();
    const printed = [points, map, list, columns, element, value, first].map((view) =>
      inspect(view),
    );
    expect(heap.stats()).toEqual(before);
    expect(printed[4]).toBe("{ x: 2, y: 0 }");
    expect([element.x, value.x, first.x]).toEqual([x, y, 9]);
  });
});

test("V92 a view of a buffer that was transferred away prints so", () => {
  const buffer = new ArrayBuffer(Point.size);
  const point = Point.over(buffer);
  structuredClone(buffer, { transfer: [buffer] });
  expect(inspect(point)).toBe("Point (dropped)");
});

/** What test runners do with the objects that they compare, before they print a difference. */
function countObjects(value: unknown, seen: Set<unknown> = new Set()): number {
  if (typeof value !== "object" || value === null || seen.has(value)) return seen.size;
  seen.add(value);
  if (Object.prototype.toString.call(value) === "[object Object]")
    for (const part of Object.values(value)) countObjects(part, seen);
  return seen.size;
}

test("V92 what looks at all objects within a collection finds none that throws", () => {
  using heap = new Heap();
  const points = new Vec(heap.open("looked at"), Point);
  points.push({ x: 1 });
  expect(countObjects(points)).toBeGreaterThan(20);
});

test("V92 a guarded view prints why it is refused", () => {
  using heap = new Heap({ check: "debug" });
  const context = heap.open("guarded");
  const address = Point.alloc(context);
  const point = Point.cursor(heap, address);
  expect(inspect(point)).toBe("{ x: 0, y: 0 }");
  context.free(address);
  expect(inspect(point)).toMatch(/^Point \(the object of 16 bytes .+ freed at /);
});

test("V90 types print as they are written", () => {
  using heap = new Heap();
  Point.cursor(heap, Point.alloc(heap.open("used")));
  const Line = struct("Line", {
    from: Point,
    to: ref(Point),
    path: array(f64, 2),
    length: be(u32),
  });
  expect(inspect(Point)).toBe("struct Point { x: f64, y: f64 }");
  expect(inspect(Line)).toBe(
    "struct Line {\n  from: struct Point { x: f64, y: f64 },\n  to: ref,\n  path: array(f64, 2),\n  length: be(u32)\n}",
  );
  expect(inspect({ u32, Line }, { depth: 0 })).toBe("{ u32: u32, Line: [struct Line] }");
  expect(JSON.stringify({ u32, Point })).toBe('{"u32":"u32","Point":"Point"}');
});

test("V90 hosts that pass nothing get plain values", () => {
  using heap = new Heap();
  const context = heap.open("plain");
  const hook = Symbol.for("nodejs.util.inspect.custom");
  const numbers = new Vec(context, u32);
  numbers.push(1);
  const print = (view: object): unknown => (view as Record<symbol, () => unknown>)[hook]!();
  expect(print(numbers)).toEqual([1]);
  expect(print(new HashMap(context, u32, u32).set(1, 2))).toEqual(new Map([[1, 2]]));
  expect(print(Point.cursor(heap))).toBe("Point (points nowhere)");
  expect(Object.keys(Point.columns(context, 1))).toEqual(["x", "y"]);
});

test("V93 JSON has the contents, with bigints as text", () => {
  using heap = new Heap();
  const context = heap.open("json");
  const big = new Vec(context, i64);
  big.push(-5n);
  expect(JSON.stringify(big)).toBe('["-5"]');
  const map = new HashMap(context, u64, Point);
  map.set(7n, { x: 1 });
  expect(JSON.stringify({ map })).toBe('{"map":[["7",{"x":1,"y":0}]]}');
  const counts = new HashMap(context, utf8, u32).set("a", 1).set("__proto__", 2);
  expect(new Map(JSON.parse(JSON.stringify(counts)) as [string, number][])).toEqual(counts.toMap());
  const Column = struct("Column", { id: u64, at: Point, tag: text(4) });
  const columns = Column.columns(context, 2);
  columns.id[1] = 8n;
  expect(JSON.stringify(columns)).toBe('{"id":["0","8"],"at":{"x":[0,0],"y":[0,0]},"tag":["",""]}');
  const links = new Vec(context, link);
  links.push(new URL("https://a.example/7"));
  expect(JSON.stringify(links)).toBe('["https://a.example/7"]');
  context.drop();
  for (const view of [big, map, counts, columns, links])
    expect(() => JSON.stringify(view)).toThrow(
      expect.objectContaining({ name: "UseAfterDropError" }),
    );
});
