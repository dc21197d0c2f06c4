/** Collections of each kind of element and entry, and what ends their iterations. */
import {
  HashMap,
  Heap,
  UseAfterDropError,
  Vec,
  array,
  bool,
  f64,
  struct,
  u32,
  u64,
  u8,
  utf8,
} from "@perfloc/typed";
import { expect, test } from "vitest";

const Point = struct("Point", { x: f64, y: f64 });
const Line = struct("Line", { ends: array(f64, 2) }, { align: 32 });

/** A view as a plain value. */
function plain(found: any): unknown {
  return found?.toJSON?.() ?? found;
}

test("Y63, Y77 maps of each kind of key and value iterate over what they hold", () => {
  const heap = new Heap();
  const context = heap.open("maps");
  const maps = [
    { map: new HashMap(context, u32, f64), key: 0, value: 0.5 },
    { map: new HashMap(context, u32, bool), key: 7, value: true },
    { map: new HashMap(context, u64, u8), key: 0n, value: 200 },
    { map: new HashMap(context, utf8, u64), key: "", value: 9n },
    { map: new HashMap(context, utf8, Point), key: "é", value: { x: 1, y: 2 } },
    { map: new HashMap(context, u32, Line), key: 4_294_967_295, value: { ends: [3, 4] } },
  ];
  for (const { map: typed, key, value } of maps) {
    const map = typed as HashMap<any, any>;
    expect([...map]).toEqual([]);
    map.set(key, value);
    expect(map.toMap()).toEqual(new Map([[key, value]]));
    expect([...map.keys()]).toEqual([key]);
    expect(Array.from(map.values(), plain)).toEqual([value]);
    const entries: unknown[] = [];
    for (const entry of map) entries.push([entry.key, plain(entry.value)]);
    expect(entries).toEqual([[key, value]]);
    const iterations = [map.keys(), map.values(), map.entries()];
    map.drop();
    for (const iteration of iterations) expect(() => iteration.next()).toThrow(UseAfterDropError);
    expect(() => map.keys()).toThrow(UseAfterDropError);
  }
});

test("Y61, Y67 an iteration over a Vec of any kind ends with an error when the Vec was dropped", () => {
  const heap = new Heap();
  const context = heap.open("vecs");
  for (const type of [f64, u64, bool, Point, Line]) {
    const vec = new Vec<any>(context, type);
    for (let step = 0; step < 3; step++) vec.append();
    const iteration = vec[Symbol.iterator]();
    expect(iteration.next().done).toBe(false);
    vec[Symbol.dispose]();
    expect(() => iteration.next()).toThrow(UseAfterDropError);
    expect(() => vec[Symbol.iterator]()).toThrow(UseAfterDropError);
    expect(() => vec.drop()).toThrow(UseAfterDropError);
    vec[Symbol.dispose]();
    expect(vec.isDropped).toBe(true);
  }
});

test("Y66 elements keep an alignment beyond 8 and their values when they move", () => {
  const heap = new Heap({ initialChunkBytes: 4096 });
  const lines = new Vec(heap.open("lines"), Line);
  for (let index = 0; index < 3000; index++) {
    lines.push({ ends: [index, -index] });
    expect(lines.at(index).$address % 32).toBe(0);
  }
  for (const [index, line] of lines.toArray().entries()) expect(line.ends).toEqual([index, -index]);
});

test("Y62 a collection of a context with a mark goes with the rollback, and says so in each call", () => {
  const heap = new Heap();
  const context = heap.open("marked", { kind: "bump" });
  const mark = context.checkpoint();
  const vec = new Vec(context, f64, { capacity: 4 });
  vec.push(1);
  expect(vec.isDropped).toBe(false);
  context.rollback(mark);
  expect(vec.isDropped).toBe(true);
  for (const use of [() => vec.push(1), () => vec.length, () => vec.toArray(), () => vec.pop()])
    expect(use).toThrow(UseAfterDropError);
});
