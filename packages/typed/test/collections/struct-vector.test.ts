import { Heap, Vec, f64, struct } from "@perfloc/typed";
import { expect, test } from "vitest";

test("Y63 Y64 struct.vector(context) is a Vec of that struct", () => {
  using heap = new Heap();
  const Point = struct("Point", { x: f64, y: f64 });
  const points = Point.vector(heap.open("points"));
  expect(points).toBeInstanceOf(Vec);
  for (let n = 0; n < 1000; n++) points.push({ x: n, y: -n });
  expect(points.length).toBe(1000);
  const { x, y } = points.at(999);
  expect([x, y]).toEqual([999, -999]);
});
