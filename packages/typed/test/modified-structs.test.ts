/** Structs in another byte order or alignment are structs: with views, arrays, columns, collections, and views of buffers. */
import {
  type CursorOf,
  HashMap,
  Heap,
  type StructInput,
  UnknownFieldError,
  Vec,
  type ViewOf,
  aligned,
  array,
  be,
  f64,
  le,
  ref,
  struct,
  u16,
  u32,
  u8,
} from "@perfloc/typed";
import { expect, expectTypeOf, test } from "vitest";

const fields = {
  kind: u8,
  length: u16,
  ports: struct("Ports", { source: u16, all: array(u16, 2) }),
  own: le(u16),
  mass: f64,
};
const Header = struct("Header", fields, { packed: true });
const Wire = be(Header);
const Little = le(Wire);
const Line = aligned(Wire, 64);
const values = {
  kind: 1,
  length: 0x203,
  ports: { source: 0x405, all: [0x607, 0x809] },
  own: 0xb0a,
  mass: 1,
};
const wireBytes = [1, 2, 3, 4, 5, 6, 7, 8, 9, 0x0a, 0x0b, 0x3f, 0xf0, 0, 0, 0, 0, 0, 0];

test("V83 structs of another byte order read and write buffers, and the innermost order counts", () => {
  for (const type of [Wire, Little, Line]) {
    const bytes = new Uint8Array(80);
    const view = type.over(bytes, 3);
    view.$set(values);
    expect([...bytes.subarray(3, 22)]).toEqual(wireBytes);
    expect([view.length, view.ports.source, view.ports.all.at(1), view.own, view.mass]).toEqual([
      0x203, 0x405, 0x809, 0xb0a, 1,
    ]);
    expect(Header.over(bytes, 3).length).toBe(0x302);
  }
});

test("V83 they have objects, cursors, statics, arrays, columns and collections", () => {
  const heap = new Heap();
  const context = heap.open("wire");
  const address = Wire.alloc(context, values);
  expect([...context.bytes(address, 19)]).toEqual(wireBytes);
  expect(Wire.toObject(heap, address)).toEqual(values);
  const cursor: CursorOf<typeof Header> = Wire.cursor(heap, address);
  cursor.length = 7;
  expect(Wire.at(heap).length.get(address)).toBe(7);
  expect(Header.toObject(heap, address).length).toBe(0x700);
  expect(Wire.offsetOf("ports.all[1]")).toBe(7);
  const items = Wire.array(context, 2);
  items.at(1).$set({ ports: { source: 1 } });
  expect([...context.bytes(items.addressAt(1), 5)]).toEqual([0, 0, 0, 0, 1]);
  const columns = Wire.columns(context, 2);
  columns.ports.source[1] = 3;
  expect(columns.length).toBeInstanceOf(Uint16Array);
  expect(columns.ports.source).toEqual(Uint16Array.of(0, 3));
  const vec = new Vec(context, Wire);
  vec.push(values);
  vec.append().length = 9;
  expect(vec.toArray().map(({ length }) => length)).toEqual([0x203, 9]);
  const map = new HashMap(context, u32, Wire);
  map.set(1, values);
  expect(map.get(1)?.ports.source).toBe(0x405);
  expect(() => Wire.alloc(context, { nothing: 1 } as StructInput<typeof fields>)).toThrow(
    UnknownFieldError,
  );
});

test("V83 within structs they lie as before, and by themselves each is aligned", () => {
  const Outer = struct("Outer", { tag: u8, line: Line, lines: array(Wire, 2), end: be(u16) });
  expect([Outer.offsetOf("line"), Outer.offsetOf("lines"), Outer.offsetOf("end")]).toEqual([
    64, 83, 122,
  ]);
  expect([Line.size, Line.align, Wire.size, Wire.align]).toEqual([64, 64, 19, 1]);
  const heap = new Heap();
  const context = heap.open("lines");
  const outer = Outer.cursor(heap, Outer.alloc(context, { tag: 1, line: values }));
  outer.lines.at(1).length = 0x203;
  outer.end = 0x405;
  expect(Outer.toObject(heap, outer.$address)).toEqual({
    tag: 1,
    line: values,
    lines: [
      { kind: 0, length: 0, ports: { source: 0, all: [0, 0] }, own: 0, mass: 0 },
      { kind: 0, length: 0x203, ports: { source: 0, all: [0, 0] }, own: 0, mass: 0 },
    ],
    end: 0x405,
  });
  expect([...context.bytes(outer.$address + 64, 19)]).toEqual(wireBytes);
  const lines = new Vec(context, Line);
  for (let length = 0; length < 5; length++) lines.push({ length });
  expect(lines.toArray().map(({ length }) => length)).toEqual([0, 1, 2, 3, 4]);
  const addresses = [...lines].map(({ $address }) => $address % 64);
  expect([...addresses, Line.array(context, 3).addressAt(2) % 64]).toEqual([0, 0, 0, 0, 0, 0]);
});

test("V83 columns of fields of another alignment and byte order are seen by their elements", () => {
  const heap = new Heap();
  const Item = struct("Item", { wire: be(u16), line: aligned(u32, 64), part: Wire });
  const columns = Item.columns(heap.open("items"), 3);
  columns.wire.set(1, 2);
  columns.line.fill(4);
  columns.part.set(1, { length: 7 });
  expectTypeOf(columns.wire.at(1)).toEqualTypeOf<number>();
  expectTypeOf(columns.part.at(1).length).toEqualTypeOf<number>();
  expect([columns.wire.toArray(), columns.line.toArray(), columns.part.at(1).length]).toEqual([
    [0, 2, 0],
    [4, 4, 4],
    7,
  ]);
});

test("V24, V25, V83 they differ in their hash, and are declared by their struct", () => {
  const hashes = [Header, Wire, Little, Line].map(({ layoutHash }) => layoutHash);
  expect(new Set(hashes).size).toBe(4);
  expect(be(Header).layoutHash).toBe(Wire.layoutHash);
  expect(Wire.toC()).toBe(Header.toC());
  expect(
    struct("Two", { wire: Wire, header: Header })
      .toC()
      .match(/struct Header \{/g),
  ).toHaveLength(1);
});

test("V82, V83 a struct whose getters have no type yet can be modified", () => {
  const Node = struct("Node", {
    id: u16,
    get next() {
      return ref(Last);
    },
  });
  const Swapped = be(Node);
  expect(() => Swapped.size).toThrow(
    expect.objectContaining({ code: "PERFLOC_TYPED_TYPE_NOT_MADE" }),
  );
  const Last = struct("Last", { id: u8 });
  const heap = new Heap();
  const context = heap.open("nodes");
  const last = Last.alloc(context, { id: 7 });
  const node = Swapped.cursor(heap, Swapped.alloc(context, { id: 1, next: last }));
  const cursor = Last.cursor(heap);
  expect([node.$follow("next", cursor), cursor.id, Swapped.size]).toEqual([true, 7, 8]);
});

test("V7, V83 they have the type of the struct that they are made from", () => {
  expectTypeOf(Wire).toExtend<typeof Header>();
  expectTypeOf(Line).toExtend<typeof Header>();
  expectTypeOf<ViewOf<typeof Wire>["ports"]["source"]>().toEqualTypeOf<number>();
  expectTypeOf(Wire.over(new Uint8Array(19)).ports.all.at(0)).toEqualTypeOf<number>();
  expectTypeOf(Line.array(new Heap().open("types"), 1).at(0).length).toEqualTypeOf<number>();
  const mistakes = [
    // @ts-expect-error no such part
    () => Wire.offsetOf("ports.target"),
    // @ts-expect-error a number, not a string
    () => Wire.over(new Uint8Array(19)).$set({ length: "1" }),
  ];
  expect(mistakes).toHaveLength(2);
});
