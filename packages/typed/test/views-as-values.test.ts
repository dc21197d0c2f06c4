/** Views where values are taken, and parts that are assigned. */
import {
  type CursorOf,
  HashMap,
  Heap,
  InvalidValueError,
  UnknownFieldError,
  UseAfterFreeError,
  Vec,
  type ViewOf,
  array,
  bits,
  date,
  f32,
  f64,
  struct,
  tagged,
  text,
  u32,
  u8,
  union,
} from "@perfloc/typed";
import { expect, expectTypeOf, test } from "vitest";

const Point = struct("Point", { x: f64, y: f64 });
const Shape = tagged({ circle: struct("Circle", { radius: f64 }), side: u32 });
const Item = struct("Item", {
  id: u32,
  name: text(8),
  pos: Point,
  path: array(Point, 2),
  flags: bits(u8, { on: 1, layer: 3 }),
  shape: Shape,
  word: union({ whole: u32, low: u8 }),
});
const init = {
  id: 7,
  name: "seven",
  pos: { x: 1, y: 2 },
  path: [
    { x: 3, y: 4 },
    { x: 5, y: 6 },
  ],
  flags: { on: true, layer: 5 },
  shape: { kind: "circle" as const, value: { radius: 8 } },
  word: { whole: 9, low: 9 },
};

test.each(["check", "debug", "off"] as const)(
  "V37 a view counts as the object that it shows (level %s)",
  (check) => {
    using heap = new Heap({ check });
    const context = heap.open("items");
    const items = Item.array(context, 2);
    items.at(0).$set(init);
    const view: any = items.at(0);
    expect(Item.toObject(heap, Item.alloc(context, view))).toEqual(init);
    const cursor = Item.cursor(heap, Item.alloc(context));
    cursor.$set(view);
    expect(Item.toObject(heap, cursor.$address)).toEqual(init);
    Item.fromObject(heap, items.addressAt(1), cursor);
    expect(items.toArray()).toEqual([init, init]);
    Item.at(heap).pos.set(items.addressAt(1), Point.cursor(heap, Point.alloc(context, { x: 9 })));
    expect(items.toArray()[1]?.pos).toEqual({ x: 9, y: 0 });
    cursor.path.set(0, cursor.pos);
    cursor.path.$set([cursor.path.at(0), cursor.pos]);
    expect(cursor.path.toArray()).toEqual([init.pos, init.pos]);
  },
);

test("V37 what is pushed or set is as it was before anything moved", () => {
  using heap = new Heap({ check: "debug" });
  const context = heap.open("points");
  const points = new Vec(context, Point);
  points.push({ x: 1, y: 2 });
  for (let count = 1; count < 100; count++) points.push(points.at(0));
  points.set(3, points.at(3));
  points.set(0, { x: points.at(0).y });
  expect(points.toArray().slice(1)).toEqual(Array.from({ length: 99 }, () => ({ x: 1, y: 2 })));
  expect(points.toArray()[0]).toEqual({ x: 2, y: 0 });
  const Line = struct("Line", { from: Point, to: Point });
  const lines = new Vec(context, Line);
  lines.push({ from: { x: 1, y: 2 } });
  for (let count = 1; count < 100; count++) lines.push({ from: lines.at(0).from });
  lines.set(0, { to: lines.at(0).from });
  expect(lines.toArray()[99]).toEqual({ from: { x: 1, y: 2 }, to: { x: 0, y: 0 } });
  expect(lines.toArray()[0]).toEqual({ from: { x: 0, y: 0 }, to: { x: 1, y: 2 } });
  const map = new HashMap(context, u32, Point);
  map.set(0, points.at(1));
  for (let key = 1; key < 100; key++) map.set(key, map.get(key - 1)!);
  expect(map.toMap().get(99)).toEqual({ x: 1, y: 2 });
});

test("V37, V11 a view of another struct is refused by its names, a dead one by its end", () => {
  using heap = new Heap({ check: "debug" });
  const context = heap.open("points");
  const item = Item.cursor(heap, Item.alloc(context));
  expect(() => Point.alloc(context, item as any)).toThrow(UnknownFieldError);
  const address = Point.alloc(context);
  const point = Point.cursor(heap, address);
  context.free(address);
  expect(() => item.pos.$set(point)).toThrow(UseAfterFreeError);
});

test("V37 assigning to a part is $set, and the kind of a tagged union is not assigned", () => {
  const heap = new Heap();
  const context = heap.open("items");
  const item: any = Item.cursor(heap, Item.alloc(context, init));
  item.pos = { x: 10 };
  item.path = [{ x: 1 }, { y: 1 }];
  item.flags = { on: false };
  item.shape = { kind: "side", value: 3 };
  item.shape.value = 4;
  expect(Item.toObject(heap, item.$address)).toMatchObject({
    pos: { x: 10, y: 2 },
    flags: { on: false, layer: 5 },
    shape: { kind: "side", value: 4 },
  });
  expect(() => (item.pos = 5)).toThrow(InvalidValueError);
  expect(() => (item.pos = { z: 5 })).toThrow(UnknownFieldError);
  expect(() => (item.shape.kind = "circle")).toThrow(
    expect.objectContaining({
      code: "PERFLOC_TYPED_INVALID_VALUE",
      hint: expect.stringContaining("$set"),
    }),
  );
  expect(item.shape.kind).toBe("side");
});

test("V11 names that a tagged union does not have are refused", () => {
  const context = new Heap().open("items");
  const shape: any = { kind: "circle", radius: 3 };
  expect(() => Item.alloc(context, { shape })).toThrow(
    expect.objectContaining({ code: "PERFLOC_TYPED_UNKNOWN_FIELD", field: "shape.radius" }),
  );
});

test("V11 messages show what was passed", () => {
  const context = new Heap().open("items");
  const All = struct("All", { born: date, shape: Shape, pos: Point });
  const messages: [object, string][] = [
    [{ born: new Date(Number.NaN) }, "not an invalid Date"],
    [{ born: { year: 1 } }, "not an object"],
    [{ pos: [1] }, "not an array of 1"],
    [{ shape: { kind: "tri" } }, 'not kind "tri"'],
  ];
  for (const [values, message] of messages) {
    expect(() => All.alloc(context, values)).toThrow(message);
    expect(() => All.alloc(context, values)).toThrow(InvalidValueError);
  }
});

test("V7 functions take the view of a struct", () => {
  const lengthOf = ({ x, y }: ViewOf<typeof Point>): number => Math.hypot(x, y);
  const heap = new Heap();
  const context = heap.open("points");
  const point = Point.cursor(heap, Point.alloc(context, { x: 3, y: 4 }));
  expectTypeOf(point).toEqualTypeOf<CursorOf<typeof Point>>();
  const points = Point.vector(context);
  points.push(point);
  expect([lengthOf(point), lengthOf(points.at(0))]).toEqual([5, 5]);
});

test("V37 views of structs with arrays are values, for TypeScript too", () => {
  const Matrix = struct("Matrix", { rows: array(f32, 2, 2), tags: array(u32, 3) });
  using heap = new Heap();
  const context = heap.open("matrices");
  const matrices = Matrix.vector(context);
  matrices.push({
    rows: [
      [1, 2],
      [3, 4],
    ],
    tags: [5, 6, 7],
  });
  matrices.push(matrices.at(0));
  const copy = Matrix.cursor(heap, Matrix.alloc(context, matrices.at(1)));
  copy.tags.set(0, 9);
  matrices.at(0).tags.$set(copy.tags);
  expect(matrices.toArray()).toEqual([
    {
      rows: [
        [1, 2],
        [3, 4],
      ],
      tags: [9, 6, 7],
    },
    {
      rows: [
        [1, 2],
        [3, 4],
      ],
      tags: [5, 6, 7],
    },
  ]);
});
