/** `push` of several values at once: all of them, or none. */
import {
  Heap,
  InvalidValueError,
  type MemoryContext,
  OutOfMemoryError,
  Vec,
  bool,
  custom,
  f64,
  i64,
  struct,
  u32,
  u8,
  utf8,
} from "@perfloc/typed";
import { expect, test } from "vitest";

const levels = ["check", "debug", "sample"] as const;
const Point = struct("Point", { x: f64, id: u32 });
const Named = struct("Named", { id: u32, name: utf8 });
/** A type of the program: no text is made for it. */
const Doubled = struct("Doubled", {
  value: custom(u8, { decode: (half) => half * 2, encode: (value: number) => value / 2 }),
});

test.each(levels)("V86 several values are appended in their order, level %s", (check) => {
  const context = new Heap({ check }).open("several");
  const numbers = new Vec(context, f64);
  expect(numbers.push(1, 2, 3)).toBe(3);
  expect(numbers.push(...Array.from({ length: 1000 }, (_, index) => index))).toBe(1003);
  expect(numbers.toArray().slice(0, 5)).toEqual([1, 2, 3, 0, 1]);
  const bigs = new Vec(context, i64);
  bigs.push(1n, -2n);
  const flags = new Vec(context, bool);
  flags.push(true, false, true);
  const points = Point.vector(context);
  expect(points.push({ x: 1 }, { id: 2 })).toBe(2);
  const names = Named.vector(context);
  names.push({ id: 1, name: "a" }, { id: 2, name: "b" });
  const doubled = Doubled.vector(context);
  doubled.push({ value: 2 }, { value: 4 });
  expect([points.push(), numbers.push(...new Array<number>())]).toEqual([2, 1003]);
  expect([bigs.toArray(), flags.toArray(), points.toArray()]).toEqual([
    [1n, -2n],
    [true, false, true],
    [
      { x: 1, id: 0 },
      { x: 0, id: 2 },
    ],
  ]);
  expect(names.toArray().map(({ name }) => name)).toEqual(["a", "b"]);
  expect(doubled.toArray()).toEqual([{ value: 2 }, { value: 4 }]);
});

test.each(levels)("V86 none is appended when one is refused, level %s", (check) => {
  const context = new Heap({ check }).open("several");
  const numbers = new Vec(context, u8);
  const points = Point.vector(context);
  const doubled = Doubled.vector(context);
  numbers.push(7);
  points.push({ id: 7 });
  doubled.push({ value: 8 });
  const attempts = [
    () => numbers.push(1, 2, 300),
    () => numbers.push(300, 1),
    () => points.push({ id: 1 }, { id: -1 }),
    () => points.push({ id: 1 }, { x: "1" as unknown as number }, { id: 2 }),
    () => doubled.push({ value: 2 }, { value: 3000 }),
  ];
  for (const attempt of attempts) expect(attempt).toThrow(InvalidValueError);
  expect([numbers.toArray(), points.toArray(), doubled.toArray()]).toEqual([
    [7],
    [{ x: 0, id: 7 }],
    [{ value: 8 }],
  ]);
});

test.each(levels)(
  "V37, V86 views count as their values, and one view twice is refused, level %s",
  (check) => {
    const heap = new Heap({ check });
    const context = heap.open("several");
    const points = Point.vector(context);
    points.push({ id: 1 }, { id: 2 });
    const cursor = Point.cursor(heap, Point.alloc(context, { id: 3 }));
    points.push(points.at(1), cursor, { id: 4 });
    expect(points.toArray().map(({ id }) => id)).toEqual([1, 2, 2, 3, 4]);
    expect(() => points.push(points.at(0), points.at(1))).toThrow("was passed the same view twice");
    expect(points.length).toBe(5);
  },
);

test.each(["allocset", "bump"] as const)(
  "V86 none is appended, and no string is left, when one finds no room, in a %s context",
  (kind) => {
    const heap = new Heap({ maxBytes: 65_536 });
    const names = Named.vector(heap.open("several", { kind }));
    names.push({ id: 1, name: "first" });
    const before = liveBytes(names.context);
    const long = { id: 2, name: "x".repeat(100_000) };
    expect(() => names.push({ id: 2, name: "short" }, long)).toThrow(OutOfMemoryError);
    expect(names.toArray()).toEqual([{ id: 1, name: "first" }]);
    expect(liveBytes(names.context)).toBe(before);
    heap.verify();
  },
);

function liveBytes(context: MemoryContext): number {
  return context.stats().liveBytes;
}
