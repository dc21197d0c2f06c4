/** What the level debug tells of typed objects: the places of the program, and how they ended. */
import { Arena, HashMap, Heap, UseAfterFreeError, Vec, f64, struct, u32 } from "@perfloc/typed";
import { expect, test } from "vitest";

const Point = struct("Point", { x: f64, y: f64 });

test("V35 the place of a collection's memory is the program's", () => {
  using heap = new Heap({ check: "debug" });
  const numbers = new Vec(heap.open("vec"), u32);
  for (let count = 0; count < 100; count++) numbers.push(count);
  const totals = new HashMap(heap.open("map"), u32, f64);
  for (let count = 0; count < 100; count++) totals.set(count, 1);
  Point.alloc(heap.open("struct"));
  const { sites } = heap.report();
  expect(new Set(sites.map(({ context }) => context))).toEqual(
    new Set(["Vec of u32", "HashMap of u32 to f64", "struct"]),
  );
  for (const { allocatedAt } of sites) expect(allocatedAt[0]).toContain("guarded-places.test");
});

test.each([0, undefined])(
  "V35 a view of a freed object tells of the free, quarantine or not (%s bytes)",
  (quarantineBytes) => {
    using heap = new Heap({ check: "debug", quarantineBytes });
    const context = heap.open("a");
    const address = Point.alloc(context);
    const point = Point.cursor(heap, address);
    context.free(address);
    expect(() => point.x).toThrow(UseAfterFreeError);
  },
);

test("V35 so does one that was made by another heap of the arena", () => {
  const arena = new Arena();
  const [one, other] = [new Heap({ arena, check: "debug" }), new Heap({ arena, check: "debug" })];
  const context = other.open("b");
  const address = Point.alloc(context);
  const point = Point.cursor(one, address);
  context.free(address);
  expect(() => point.x).toThrow(UseAfterFreeError);
  one.dispose();
  other.dispose();
  arena.dispose();
});
