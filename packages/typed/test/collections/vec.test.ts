import {
  HashMap,
  Heap,
  IndexOutOfBoundsError,
  InvalidOptionError,
  InvalidValueError,
  Vec,
  aligned,
  bool,
  date,
  f32,
  f64,
  i64,
  struct,
  u16,
  u32,
  u8,
  utf8,
} from "@perfloc/typed";
import { expect, test } from "vitest";

const Point = struct("Point", { x: f64, y: f64 });

test("Y60 a collection has a context of its own, which reserves nothing before the first element", () => {
  const frame = new Heap().open("frame", { kind: "bump" });
  const numbers = new Vec(frame, f64);
  expect(numbers.context.parent).toBe(frame);
  expect(numbers.context.name).toBe("Vec of f64");
  expect(numbers.context.stats().usedBytes).toBe(0);
  numbers.push(1);
  expect(numbers.context.stats().usedBytes).toBe(4096);
});

test("Y60 a collection is made in a context only", () => {
  const heap = new Heap();
  // @ts-expect-error collections are made in contexts
  expect(() => new Vec(heap, f64)).toThrow(InvalidOptionError);
  const context = heap.open("gone");
  context.drop();
  expect(() => new Vec(context, f64)).toThrow(
    expect.objectContaining({ code: "PERFLOC_TYPED_CONTEXT_DROPPED" }),
  );
});

test("Y64 push, pop, at, set, truncate and clear do what arrays do", () => {
  const numbers = new Vec(new Heap().open("numbers"), u16);
  expect(numbers.pop()).toBeUndefined();
  for (let index = 0; index < 1000; index++) expect(numbers.push(index)).toBe(index + 1);
  numbers.set(3, 65_535);
  expect([numbers.at(3), numbers.at(999), numbers.length]).toEqual([65_535, 999, 1000]);
  expect(numbers.pop()).toBe(999);
  numbers.truncate(2);
  expect(numbers.toArray()).toEqual([0, 1]);
  expect(JSON.stringify(numbers)).toBe("[0,1]");
  numbers.clear();
  expect(numbers.length).toBe(0);
  expect(() => numbers.at(0)).toThrow(IndexOutOfBoundsError);
});

test("Y65 an index that no element has throws IndexOutOfBoundsError", () => {
  const numbers = new Vec(new Heap().open("numbers"), u8);
  numbers.push(1);
  for (const index of [1, -1, 0.5, Number.NaN, 2 ** 32, "0" as unknown as number]) {
    expect(() => numbers.at(index)).toThrow(IndexOutOfBoundsError);
    expect(() => numbers.set(index, 1)).toThrow(IndexOutOfBoundsError);
  }
  for (const length of [2, -1, 0.5, Number.NaN])
    expect(() => numbers.truncate(length)).toThrow(IndexOutOfBoundsError);
  expect(numbers.toArray()).toEqual([1]);
});

test("Y63 a value that the type does not take is refused, and the collection is as it was", () => {
  const numbers = new Vec(new Heap().open("numbers"), u8);
  numbers.push(7);
  for (const value of [256, -1, 1.5, Number.NaN, "1" as unknown as number]) {
    expect(() => numbers.push(value)).toThrow(InvalidValueError);
    expect(() => numbers.set(0, value)).toThrow(InvalidValueError);
  }
  const points = new Vec(new Heap().open("points"), Point);
  expect(() => points.push({ x: "1" as unknown as number })).toThrow(InvalidValueError);
  expect([numbers.toArray(), points.length]).toEqual([[7], 0]);
});

test("Y63 a heap that does not check stores the low bits", () => {
  const numbers = new Vec(new Heap({ check: "off" }).open("numbers"), u8);
  numbers.push(300);
  expect(numbers.at(0)).toBe(44);
});

test.each(["check", "off"] as const)(
  "Y63 what is no number, or no bigint, is refused on the level %s by arrays and maps of scalars",
  (check) => {
    const context = new Heap({ check }).open("frame");
    const refused: [typeof f64 | typeof f32 | typeof u32 | typeof i64, unknown[]][] = [
      [f64, ["abc", "5", 1n, null, true, undefined, {}]],
      [f32, ["abc", "5", 1n]],
      [u32, ["abc", "5", 1n]],
      [i64, [5, "abc", "5", 0.5, undefined]],
    ];
    for (const [type, values] of refused) {
      const vec: Vec<any> = new Vec(context, type);
      const map: HashMap<any, any> = new HashMap(context, u32, type);
      const first = type === i64 ? 7n : 7;
      vec.push(first);
      map.set(1, first);
      for (const value of values) {
        expect(() => vec.push(value)).toThrow(InvalidValueError);
        expect(() => vec.set(0, value)).toThrow(InvalidValueError);
        expect(() => map.set(1, value)).toThrow(InvalidValueError);
        expect(() => map.set(2, value)).toThrow(InvalidValueError);
      }
      expect([vec.toArray(), [...map.toMap()]]).toEqual([[first], [[1, first]]]);
    }
    const rounded = new Vec(context, f32);
    for (const value of [0.1, Number.NaN, -0]) rounded.push(value);
    expect(rounded.toArray()).toEqual([Math.fround(0.1), Number.NaN, -0]);
  },
);

test("Y63 bigints keep their low bits in a heap that does not check", () => {
  const vec = new Vec(new Heap({ check: "off" }).open("frame"), i64);
  vec.push(2n ** 64n + 5n);
  vec.set(0, 2n ** 64n + 6n);
  expect(vec.toArray()).toEqual([6n]);
});

test("Y63 elements of every kind of type", () => {
  const context = new Heap().open("all");
  const flags = new Vec(context, bool);
  flags.push(true);
  flags.push(false);
  const big = new Vec(context, i64);
  big.push(-(2n ** 63n));
  const rounded = new Vec(context, f32);
  rounded.push(0.1);
  const days = new Vec(context, date);
  days.push(new Date(5));
  const names = new Vec(context, utf8);
  names.push("Grüße");
  expect([flags.toArray(), big.at(0), rounded.at(0), days.at(0), names.at(0)]).toEqual([
    [true, false],
    -(2n ** 63n),
    Math.fround(0.1),
    new Date(5),
    "Grüße",
  ]);
});

test("Y63 a struct is answered as a view, the same each time, which follows the array when it grows", () => {
  const points = new Vec(new Heap().open("points"), Point);
  points.push({ x: 1, y: 2 });
  const view = points.at(0);
  for (let index = 1; index < 5000; index++) points.push({ x: index });
  expect(points.at(4999)).toBe(view);
  expect([view.x, view.y]).toEqual([4999, 0]);
  points.at(0).y += 40;
  expect(points.toArray()[0]).toEqual({ x: 1, y: 42 });
});

test("Y63 fields that are left out are zero, also where another element lay before", () => {
  const points = new Vec(new Heap().open("points"), Point);
  points.push({ x: 1, y: 2 });
  expect(points.pop()).toEqual({ x: 1, y: 2 });
  points.push({ x: 3 });
  const added = points.append();
  expect([added.x, added.y]).toEqual([0, 0]);
  expect(points.toArray()).toEqual([
    { x: 3, y: 0 },
    { x: 0, y: 0 },
  ]);
});

test("Y66 the room doubles, and reserve makes room at once", () => {
  const numbers = new Vec(new Heap().open("numbers"), f64);
  const rooms = new Set<number>();
  for (let index = 0; index < 100; index++) {
    numbers.push(index);
    rooms.add(numbers.capacity);
  }
  expect([...rooms]).toEqual([8, 16, 32, 64, 128]);
  numbers.reserve(1000);
  numbers.reserve(10);
  expect(numbers.capacity).toBe(1000);
  expect(numbers.at(99)).toBe(99);
  expect(new Vec(numbers.context, f64, { capacity: 50 }).capacity).toBe(50);
});

test("Y66 elements of larger alignment keep it when they move", () => {
  const Line = struct("Line", { value: aligned(u32, 64) });
  const context = new Heap().open("lines");
  const lines = new Vec(context, Line);
  for (let index = 0; index < 200; index++) {
    lines.push({ value: index });
    expect(lines.at(index).$address % 64).toBe(0);
  }
  expect(lines.toArray().map(({ value }) => value)).toEqual([...Array(200).keys()]);
});

test("Y67 an iteration sees each element once, also those that are pushed meanwhile", () => {
  const numbers = new Vec(new Heap().open("numbers"), u32);
  for (const value of [1, 2, 3]) numbers.push(value);
  let sum = 0;
  for (const value of numbers) {
    sum += value;
    if (value === 3) numbers.push(10);
  }
  expect(sum).toBe(16);
  expect([...new Vec(numbers.context, u32)]).toEqual([]);
});
