/* Values and options that fields, Atomics and structs once took, or refused by an error of the engine. */
import {
  Heap,
  InvalidOptionError,
  InvalidStructError,
  InvalidValueError,
  UnknownFieldError,
  f32,
  f64,
  i64,
  struct,
  u32,
  u8,
} from "@perfloc/typed";
import { describe, expect, test } from "vitest";

function unchecked(value: unknown): any {
  return value;
}

const Inner = struct("Inner", { x: f64, y: f64 });
const Item = struct("Item", { d: f64, f: f32, n: u32, big: i64, inner: Inner });

describe.each(["check", "debug"] as const)("check level %s", (check) => {
  test("V27 a property takes what $set takes", () => {
    using heap = new Heap({ check });
    const cursor = Item.cursor(heap, Item.alloc(heap.open("items"), { d: 1, f: 2 }));
    for (const value of ["x", "16", undefined, null, {}, 5n]) {
      expect(() => {
        cursor.d = unchecked(value);
      }).toThrow(InvalidValueError);
      expect(() => {
        cursor.f = unchecked(value);
      }).toThrow(InvalidValueError);
    }
    expect([cursor.d, cursor.f]).toEqual([1, 2]);
    cursor.d = Number.NaN;
    expect(cursor.d).toBeNaN();
  });

  test("V37 a view that is set to itself is told, for nothing would be copied", () => {
    using heap = new Heap({ check });
    const context = heap.open("items");
    const items = Item.array(context, 2);
    items.at(0).n = 1;
    items.at(1).n = 2;
    expect(() => items.at(0).$set(items.at(1))).toThrow(/set to itself/);
    expect(() => {
      unchecked(items.at(0)).inner = items.at(1).inner;
    }).toThrow(InvalidValueError);
    const other = Item.cursor(context, items.addressAt(1));
    items.at(0).$set(other);
    expect(items.at(0).n).toBe(2);
  });
});

test("V34 Atomics takes integers alone", () => {
  using heap = new Heap();
  const address = Item.alloc(heap.open("items"));
  const { n, big } = Item.at(heap);
  for (const value of [1.5, "7", Number.NaN, Infinity, {}, undefined, 5n])
    expect(() => n.atomic.add(address, unchecked(value))).toThrow(InvalidValueError);
  for (const value of [1, "7", undefined])
    expect(() => big.atomic.store(address, unchecked(value))).toThrow(InvalidValueError);
  n.atomic.add(address, -1);
  expect([n.atomic.load(address), big.atomic.load(address)]).toEqual([2 ** 32 - 1, 0n]);
});

test("V1 options that a struct does not have are refused", () => {
  for (const options of [null, 5, "x", { pack: true }, { packed: "no" }])
    expect(() => struct("S", { a: u8 }, unchecked(options))).toThrow(InvalidOptionError);
  expect(() => struct("S", { a: u8 }, unchecked({ abi: 5n }))).toThrow(InvalidStructError);
  expect(struct("S", { a: u8 }, { packed: undefined, abi: undefined }).size).toBe(1);
});

test("V8 what is no name is no field", () => {
  expect(() => Item.offsetOf(unchecked(5n))).toThrow(UnknownFieldError);
});

test("V32 fill takes a byte", () => {
  using heap = new Heap();
  const address = Item.alloc(heap.open("items"));
  for (const byte of [300, -1, Number.NaN, 1.5, "x"])
    expect(() => Item.fill(heap, address, unchecked(byte))).toThrow(InvalidValueError);
});
