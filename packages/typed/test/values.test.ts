/** What fields refuse, what they do with what they cannot hold, and how views and structs are compared and shown. */
import { inspect } from "node:util";
import {
  Heap,
  IndexOutOfBoundsError,
  InvalidTypeError,
  InvalidValueError,
  NullReferenceError,
  StringTooLongError,
  type StructOptions,
  UnknownFieldError,
  aligned,
  array,
  be,
  bits,
  bool,
  char,
  clamping,
  custom,
  date,
  enumOf,
  equalViews,
  f16,
  f32,
  f64,
  i16,
  i32,
  i53,
  i64,
  i8,
  nullable,
  ref,
  selfRef,
  struct,
  tagged,
  text,
  u16,
  u32,
  u64,
  u8,
  union,
  vec,
  wrapping,
} from "@perfloc/typed";
import { expect, test } from "vitest";

const heap = new Heap();
const context = heap.open("values");

test("V27 checked heaps refuse integers out of range, and name the field", () => {
  const Numbers = struct("Numbers", {
    i8,
    u8,
    i16,
    u16,
    i32,
    u32,
    i64,
    u64,
    bool,
    i53,
    wire: be(u16),
  });
  const numbers: any = Numbers.cursor(heap, Numbers.alloc(context));
  const at: any = Numbers.at(heap);
  const refused = {
    i8: [128, -129, 0.5, NaN, "1"],
    u8: [256, -1, 0.5, null],
    i16: [32_768, -32_769],
    u16: [65_536, -1],
    i32: [2 ** 31, -(2 ** 31) - 1, Infinity],
    u32: [2 ** 32, -1, 1.5],
    i64: [2n ** 63n, 1, -(2n ** 63n) - 1n],
    u64: [2n ** 64n, -1n],
    bool: [1, 0, "true"],
    i53: [2 ** 53, 0.5, 1n],
    wire: [65_536, -1],
  };
  for (const [name, values] of Object.entries(refused)) {
    for (const value of values) {
      const attempts = [
        () => (numbers[name] = value),
        () => at[name].set(numbers.$address, value),
        () => Numbers.alloc(context, { [name]: value }),
        () => Numbers.fromObject(heap, numbers.$address, { [name]: value }),
      ];
      for (const attempt of attempts) {
        expect(attempt).toThrow(InvalidValueError);
        expect(attempt).toThrow(`field ${name} of struct Numbers`);
      }
    }
  }
  expect(Object.values(Numbers.toObject(heap, numbers.$address)).map(Number)).toEqual(
    Array(11).fill(0),
  );
});

test("V27 wrapping and clamping types store what they can", () => {
  const Numbers = struct("Numbers", { wrapped: wrapping(u8), clamped: clamping(i16) });
  const numbers = Numbers.cursor(heap, Numbers.alloc(context, { wrapped: 300, clamped: 1e9 }));
  expect([numbers.wrapped, numbers.clamped]).toEqual([44, 32_767]);
  numbers.wrapped = -1;
  numbers.clamped = -1e9;
  expect([numbers.wrapped, numbers.clamped]).toEqual([255, -32_768]);
});

test("V28 strings that do not fit are refused, never cut", () => {
  const Names = struct("Names", { text: text(4), char: char(4) });
  const names = Names.cursor(heap, Names.alloc(context, { text: "üü", char: "üüü" }));
  expect([names.text, names.char]).toEqual(["üü", "üüü"]);
  expect(() => (names.text = "üüü")).toThrow(StringTooLongError);
  expect(() => (names.text = "üüü")).toThrow(
    "field text of struct Names has 4 bytes, and the string 6",
  );
  for (const value of ["a\0", "\ud800", 1 as unknown as string])
    expect(() => (names.text = value)).toThrow(InvalidValueError);
  expect(() => (names.char = "€")).toThrow(InvalidValueError);
  names.text = "";
  expect([names.text, names.char]).toEqual(["", "üüü"]);
});

test("V29 bytes that stand for no value throw when they are read", () => {
  const Odd = struct("Odd", {
    kind: enumOf(u8, { a: 1, b: 2 }),
    when: date,
    big: i53,
    shape: tagged({ n: u8 }),
  });
  const odd = Odd.cursor(heap, Odd.alloc(context));
  // oxlint-disable-next-line unicorn/no-array-fill-with-reference-type -- a struct, no array
  Odd.fill(heap, odd.$address, 0x7f);
  for (const read of [
    () => odd.kind,
    () => odd.when,
    () => odd.big,
    () => odd.shape.kind,
    () => odd.shape.value,
  ])
    expect(read).toThrow(InvalidValueError);
  odd.kind = "b";
  expect(odd.kind).toBe("b");
  expect(() => (odd.kind = "c" as "a")).toThrow('takes one of a, b, not "c"');
});

test("V30 references", () => {
  const Owner = struct("Owner", { x: u8 });
  const Node = struct("Node", {
    next: selfRef,
    owner: ref(() => Owner),
    maybe: nullable(ref(struct("X", { x: u8 }))),
    value: u32,
  });
  const first = Node.alloc(context, { value: 1 });
  const owner = Owner.alloc(context);
  const second = Node.alloc(context, { value: 2, next: first, owner, maybe: 0 });
  const node = Node.cursor(heap, second);
  expect(node.$to(node.next).value).toBe(1);
  expect(() => node.$to(node.next)).toThrow(NullReferenceError);
  expect(() => (node.owner = 0)).toThrow(NullReferenceError);
  expect(() => (node.owner = -1)).toThrow(InvalidValueError);
  expect(node.value).toBe(1);
});

test("V2, V31 paths and indices that there are not", () => {
  const Inner = struct("Inner", { y: f32 });
  const Outer = struct("Outer", {
    path: array(Inner, 2),
    flags: bits(u8, { a: 1 }),
    u: union({ i: u32 }),
  });
  expect(Outer.offsetOf("path[1].y")).toBe(4);
  for (const path of ["path.y", "path[x]", "path[0].z", "flags.b", "", "path[0", "u.x", "path[0]y"])
    expect(() => Outer.offsetOf(path as "path")).toThrow(UnknownFieldError);
  expect(() => Outer.offsetOf("path[2].y")).toThrow(IndexOutOfBoundsError);
  const outer = Outer.cursor(heap, Outer.alloc(context));
  const items = Outer.array(context, 2);
  for (const index of [-1, 2, 0.5, NaN, "0" as unknown as number]) {
    for (const attempt of [
      () => outer.path.at(index),
      () => outer.path.set(index, {}),
      () => items.at(index),
      () => items.addressAt(index),
    ])
      expect(attempt).toThrow(IndexOutOfBoundsError);
  }
  for (const length of [-1, 0.5, NaN])
    expect(() => Outer.array(context, length)).toThrow(IndexOutOfBoundsError);
  expect([...Outer.array(context, 0)]).toEqual([]);
});

test("V5 types that cannot be made", () => {
  const makers = [
    () => array(u8, 0),
    () => array(u8, 1.5),
    () => array(null as unknown as typeof u8, 1),
    () => array(aligned(u8, 8), 2),
    () => bits(u8, { a: 9 }),
    () => bits(u8, { a: 0 }),
    () => bits(f32 as unknown as typeof u8, { a: 1 }),
    () => bits(u8, { _: 3 }),
    () => aligned(bits(u8, { a: 1 }), 64),
    () => bits(u64, { a: 65 }),
    () => bits(bool, { a: 2 }),
    () => char(0),
    () => text(2 ** 21),
    () => enumOf(u8, {}),
    () => enumOf(u8, { a: 1, b: 1 }),
    () => aligned(u8, 3),
    () => vec(f32, 5 as 4),
    () => wrapping(f32 as unknown as typeof u8),
    () => nullable(u32),
    () => ref(null as unknown as typeof u8),
    () => struct("S", { x: u8 }, { align: 3 }),
  ];
  for (const make of makers) {
    const attempt = (): unknown => {
      const type = make();
      const S = struct("S", { type: type as typeof u8 });
      return S.cursor(heap, S.alloc(context));
    };
    expect(attempt).toThrow(InvalidTypeError);
  }
  expect(() => enumOf(u8, { a: 300 })).toThrow(InvalidValueError);
  expect(() => struct("S", { x: u8 }, { abi: "msvc" as "c" })).toThrow('the abi "msvc" is unknown');
});

test("V32 padding does not count where structs are compared, and is copied", () => {
  const Padded = struct("Padded", {
    a: u8,
    b: f64,
    c: array(struct("In", { x: u8, y: u32 }), 2),
    f: bits(u8, { q: 3 }),
  });
  const [one, other] = [Padded.alloc(context), Padded.alloc(context)];
  // oxlint-disable-next-line unicorn/no-array-fill-with-reference-type -- a struct, no array
  Padded.fill(heap, other, 0xff);
  Padded.fromObject(heap, other, Padded.toObject(heap, one));
  expect(Padded.equals(heap, one, other)).toBe(true);
  Padded.cursor(heap, other).c.at(1).x = 1;
  expect(Padded.equals(heap, one, other)).toBe(false);
  Padded.copy(heap, one, other);
  expect(Padded.equals(heap, one, other)).toBe(true);
  expect([...context.bytes(other, Padded.size)]).toEqual([...context.bytes(one, Padded.size)]);
});

test("V33 views look like their values", () => {
  const Item = struct("Item", { id: i64, at: struct("At", { x: f16 }), tags: array(u8, 2) });
  const item = Item.cursor(heap, Item.alloc(context, { id: 5n, at: { x: 0.5 }, tags: [1, 2] }));
  expect(JSON.stringify(item)).toBe('{"id":"5","at":{"x":0.5},"tags":[1,2]}');
  expect(inspect(item)).toBe("{ id: 5n, at: { x: 0.5 }, tags: [ 1, 2 ] }");
  expect(inspect(item.tags)).toBe("[ 1, 2 ]");
  const tester = { equals: (a: unknown, b: unknown) => inspect(a) === inspect(b) };
  const copy = Item.cursor(heap, Item.alloc(context, Item.toObject(heap, item.$address)));
  expect(equalViews.call(tester, item, copy)).toBe(true);
  expect(equalViews.call(tester, item, { id: 5n, at: { x: 0.5 }, tags: [1, 2] })).toBe(true);
  copy.at.x = 2;
  expect(equalViews.call(tester, item, copy)).toBe(false);
  expect(equalViews.call(tester, 1, 1)).toBe(undefined);
});

test("V34 atomic access", () => {
  const Counters = struct("Counters", {
    small: u8,
    count: i32,
    big: u64,
    ratio: f32,
    wire: be(u16),
  });
  const counters = Counters.alloc(context);
  const at = Counters.at(heap);
  expect(at.count.atomic.add(counters, 5)).toBe(0);
  expect(at.count.atomic.compareExchange(counters, 5, -1)).toBe(5);
  expect(at.count.atomic.exchange(counters, 3)).toBe(-1);
  expect(at.count.atomic.sub(counters, 1)).toBe(3);
  expect(at.big.atomic.or(counters, 6n)).toBe(0n);
  expect(at.big.atomic.and(counters, 3n)).toBe(6n);
  expect(at.big.atomic.load(counters)).toBe(2n);
  expect(at.small.atomic.store(counters, 7)).toBe(7);
  expect(at.small.atomic.xor(counters, 1)).toBe(7);
  expect(Counters.toObject(heap, counters)).toMatchObject({ small: 6, count: 2, big: 2n });
  expect(() => (at.ratio as unknown as typeof at.count).atomic).toThrow(InvalidTypeError);
  expect(() => at.wire.atomic).toThrow(InvalidTypeError);
});

function hashOf(fields: Parameters<typeof struct>[1], options: StructOptions = {}): string {
  return struct("S", fields, options).layoutHash;
}

test("V24 layoutHash tells layouts apart", () => {
  const hashes = [
    hashOf({ a: u8, b: u32 }),
    hashOf({ a: u8, c: u32 }),
    hashOf({ a: u8, b: i32 }),
    hashOf({ a: u8, b: u32 }, { packed: true }),
    hashOf({ b: u32, a: u8 }),
    hashOf({ a: bits(u8, { x: 1 }), b: u32 }),
    hashOf({ a: bits(u8, { x: 2 }), b: u32 }),
    hashOf({ a: enumOf(u8, { x: 2 }), b: u32 }),
    hashOf({ a: enumOf(u8, { x: 3 }), b: u32 }),
    hashOf({ a: custom(u8, { decode: Number, encode: (value: number) => value }), b: u32 }),
  ];
  expect(new Set(hashes).size).toBe(hashes.length);
  expect(hashOf({ a: u8, b: u32 })).toBe(hashes[0]);
  expect(hashes[0]).toMatch(/^[0-9a-f]{16}$/);
});

test("V1 layouts of GPUs", () => {
  const fields = {
    a: vec(f32, 3),
    b: f32,
    c: array(f32, 2),
    d: struct("D", { x: f32 }),
    e: vec(f32, 2),
  };
  const offsets = (abi: "std140" | "std430" | "wgsl"): number[] => {
    const S = struct("S", fields, { abi });
    return [
      S.size,
      S.align,
      ...(["a", "b", "c", "d", "e"] as const).map((name) => S.offsetOf(name)),
    ];
  };
  expect(offsets("std140")).toEqual([80, 16, 0, 12, 16, 48, 64]);
  expect(offsets("std430")).toEqual([48, 16, 0, 12, 16, 24, 32]);
  expect(offsets("wgsl")).toEqual(offsets("std430"));
  const S = struct("S", fields, { abi: "std140" });
  const s = S.cursor(heap, S.alloc(context, { c: [1, 2], a: [3, 4, 5], e: [6, 7] }));
  expect(S.toObject(heap, s.$address)).toEqual({
    a: [3, 4, 5],
    b: 0,
    c: [1, 2],
    d: { x: 0 },
    e: [6, 7],
  });
  expect(() => S.toC()).toThrow("C has no layout like that of std140");
});
