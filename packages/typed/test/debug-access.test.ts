/** On the level `debug` every access of a view asks whether what it looks at is still there. */
import {
  HashMap,
  Heap,
  InvalidAddressError,
  type MemoryContext,
  UseAfterDropError,
  UseAfterFreeError,
  Vec,
  array,
  equalViews,
  f32,
  f64,
  struct,
  u8,
  u32,
} from "@perfloc/typed";
import { describe, expect, test } from "vitest";

const Point = struct("Point", { x: f64, y: f64 });
const Body = struct("Body", { id: u32, at: Point, weights: array(f32, 3), path: array(Point, 2) });
const kinds = ["allocset", "bump"] as const;

/** Every way to read or write a body through a cursor. */
function usesOf(body: ReturnType<typeof Body.cursor>): (() => unknown)[] {
  return [
    () => body.id,
    () => (body.id = 1),
    () => body.at,
    () => body.at.x,
    () => (body.at.y = 2),
    () => {
      body.at.$set({ x: 1, y: 2 });
    },
    () => {
      body.weights.$set([1, 2, 3]);
    },
    () => body.weights.at(1),
    () => body.path.at(1).x,
    () => [...body.weights],
    () => JSON.stringify(body),
  ];
}

/** What ends the objects of a context. */
const ends: readonly [string, (context: MemoryContext) => void][] = [
  ["a reset", (context) => context.reset()],
  ["a drop", (context) => context.drop()],
  [
    "a reset, also when the memory serves again",
    (context) => {
      context.reset();
      for (let count = 0; count < 8; count++) Body.alloc(context);
    },
  ],
];

describe.each(kinds)("V35 in a %s on the level debug", (kind) => {
  test.each(ends)("V35 a cursor that is not moved throws after %s", (_, end) => {
    using heap = new Heap({ check: "debug" });
    const context = heap.open("bodies", { kind });
    const body = Body.cursor(heap, Body.alloc(context, { id: 7, at: { x: 1, y: 2 } }));
    const { at, path } = body;
    const second = path.at(1);
    expect([body.id, at.x, second.x, ...body.weights]).toEqual([7, 1, 0, 0, 0, 0]);
    end(context);
    for (const use of usesOf(body)) expect(use).toThrow(UseAfterDropError);
    for (const use of [() => at.x, () => (at.y = 1), () => path.at(0), () => second.y])
      expect(use).toThrow(expect.objectContaining({ code: "PERFLOC_CONTEXT_OBJECT_GONE" }));
    heap.verify();
  });

  test("V35 a cursor throws after the rollback that ended its object, and no other does", () => {
    using heap = new Heap({ check: "debug" });
    const context = heap.open("bodies", { kind });
    const older = Body.cursor(heap, Body.alloc(context, { id: 1 }));
    const mark = context.checkpoint();
    const younger = Body.cursor(heap, Body.alloc(context, { id: 2 }));
    expect(younger.id).toBe(2);
    context.rollback(mark);
    expect(() => younger.id).toThrow(UseAfterDropError);
    expect(older.id).toBe(1);
  });

  test("V35 so do elements of arrays that are kept, and statics", () => {
    using heap = new Heap({ check: "debug" });
    const context = heap.open("bodies", { kind });
    const bodies = Body.array(context, 3);
    const element = bodies.at(2);
    const inner = Body.cursor(heap, bodies.addressAt(1));
    element.id = 5;
    expect([...bodies].length).toBe(3);
    expect(Body.at(heap).id.get(bodies.addressAt(2))).toBe(5);
    const address = bodies.addressAt(2);
    context.reset();
    for (const use of [() => element.id, () => inner.id, () => Body.at(heap).id.get(address)])
      expect(use).toThrow(UseAfterDropError);
  });
});

describe("V35 on the level debug", () => {
  test("V35 a freed struct is told with the places where it was allocated and freed", () => {
    using heap = new Heap({ check: "debug" });
    const context = heap.open("bodies");
    const address = Body.alloc(context);
    const body = Body.cursor(heap, address);
    context.free(address);
    for (const use of usesOf(body)) expect(use).toThrow(UseAfterFreeError);
    expect(() => Body.cursor(heap, address)).toThrow(UseAfterFreeError);
    expect(() => body.id).toThrow(
      expect.objectContaining({ code: "PERFLOC_CONTEXT_USE_AFTER_FREE", address }),
    );
  });

  test("V35 a cursor moves to a live object again", () => {
    using heap = new Heap({ check: "debug" });
    const context = heap.open("bodies");
    const body = Body.cursor(heap, Body.alloc(context));
    context.reset();
    expect(() => body.id).toThrow(UseAfterDropError);
    expect(body.$to(Body.alloc(context, { id: 3 })).id).toBe(3);
    expect(body).toBe(body.$to(body.$address));
  });

  test("V35 views of collections that are kept throw when the collection is gone", () => {
    using heap = new Heap({ check: "debug" });
    const context = heap.open("collections");
    const points = new Vec(context, Point);
    const byId = new HashMap(context, u32, Point);
    points.push({ x: 1, y: 2 });
    byId.set(7, { x: 3, y: 4 });
    const [point, value] = [points.at(0), byId.get(7)!];
    expect([point.x, value.y]).toEqual([1, 4]);
    for (let count = 0; count < 100; count++) points.push({ x: count, y: 0 });
    expect(points.at(50).x).toBe(49);
    context.drop();
    for (const use of [() => point.x, () => value.y, () => (value.x = 1)])
      expect(use).toThrow(UseAfterDropError);
  });

  test("V16, V35 a cursor that is refused a freed struct points where it did", () => {
    using heap = new Heap({ check: "debug" });
    const context = heap.open("bodies");
    const [kept, freed] = [Body.alloc(context, { id: 1 }), Body.alloc(context, { id: 2 })];
    const body = Body.cursor(heap, kept);
    context.free(freed);
    expect(() => body.$to(freed)).toThrow(UseAfterFreeError);
    for (const address of [0, 7, 4096 + 4, 2 ** 31, "4112", Number.NaN])
      expect(() => body.$to(address as number)).toThrow(InvalidAddressError);
    expect([body.$address, body.id]).toEqual([kept, 1]);
    body.id = 5;
    heap.verify();
  });

  test("V35 a part that is kept is asked about where it was answered, not where its cursor is", () => {
    using heap = new Heap({ check: "debug" });
    const context = heap.open("bodies");
    const [first, second] = [Body.alloc(context), Body.alloc(context)];
    const body = Body.cursor(heap, first);
    const { at, path } = body;
    const step = path.at(1);
    body.$to(second);
    context.free(first);
    for (const use of [() => at.x, () => (at.y = 1), () => path.at(0), () => (step.x = 1)])
      expect(use).toThrow(UseAfterFreeError);
    expect(body.at).toBe(at);
    expect(at.x).toBe(0);
    expect(() => path.at(0)).toThrow(UseAfterFreeError);
    heap.verify();
  });

  test("V35 $set of cursors and parts is asked, too", () => {
    using heap = new Heap({ check: "debug" });
    const context = heap.open("bodies");
    const address = Body.alloc(context);
    const body = Body.cursor(heap, address);
    const { at, weights } = body;
    body.$set({ id: 3 });
    at.$set({ x: 4 });
    expect([body.id, at.x]).toEqual([3, 4]);
    context.free(address);
    for (const use of [
      () => body.$set({ id: 1 }),
      () => at.$set({ x: 1 }),
      () => weights.$set([1, 2, 3]),
    ])
      expect(use).toThrow(UseAfterFreeError);
    heap.verify();
  });

  test("V35, Y62 an element that is kept throws after the rollback that ended its collection", () => {
    using heap = new Heap({ check: "debug" });
    const context = heap.open("collections");
    const mark = context.checkpoint();
    const points = new Vec(context, Point);
    points.push({ x: 1 });
    const point = points.at(0);
    context.rollback(mark);
    expect(() => point.x).toThrow(UseAfterDropError);
    expect(() => (point.x = 1)).toThrow(UseAfterDropError);
  });

  test("V33, V35 guarded views print, compare and convert as others do", () => {
    using heap = new Heap({ check: "debug" });
    using plain = new Heap();
    expect.addEqualityTesters([equalViews]);
    const Small = struct("Small", { id: u8, path: array(Point, 1) });
    const init = { id: 1, path: [{ x: 1, y: 2 }] };
    const guarded = Small.cursor(heap, Small.alloc(heap.open("a"), init));
    const other = Small.cursor(plain, Small.alloc(plain.open("a"), init));
    expect(guarded).toEqual(other);
    expect(guarded).toEqual(init);
    expect(JSON.stringify(guarded)).toBe(JSON.stringify(other));
    expect([...guarded.path].map(({ x }) => x)).toEqual([1]);
  });
});

test.each(["check", "off", "sample"] as const)(
  "V35 cursors of the level %s are not guarded",
  (check) => {
    using heap = new Heap({ check });
    const context = heap.open("bodies");
    const body = Body.cursor(heap, Body.alloc(context, { id: 9 }));
    context.reset();
    expect(body.id).toBe(9);
  },
);
