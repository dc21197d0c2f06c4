/*
 * The functions that are made for a struct do what the general way does, for every value. An object without a prototype is always left to the
 * general way, so that both can be compared.
 */
import {
  Heap,
  IndexOutOfBoundsError,
  InvalidAddressError,
  InvalidOptionError,
  InvalidValueError,
  NullReferenceError,
  PerflocError,
  array,
  be,
  bits,
  bool,
  clamping,
  date,
  enumOf,
  f32,
  f64,
  i16,
  i32,
  i64,
  i8,
  ref,
  selfRef,
  struct,
  text,
  u16,
  u32,
  u64,
  u8,
  utf8,
  Vec,
  wrapping,
} from "@perfloc/typed";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

const types = {
  i8,
  u8,
  bool,
  i16,
  u16,
  i32,
  u32,
  f32,
  i64,
  u64,
  f64,
  "wrapping(u8)": wrapping(u8),
  "clamping(i16)": clamping(i16),
  "clamping(u64)": clamping(u64),
  "wrapping(i64)": wrapping(i64),
  "be(u16)": be(u16),
  "be(f64)": be(f64),
  "be(i64)": be(i64),
  "text(5)": text(5),
  "array(u16, 3)": array(u16, 3),
  "array(u8, 20)": array(u8, 20),
  bits: bits(u16, { low: 3, flag: 1, high: 9 }),
  enum: enumOf(u8, { red: 1, blue: 2 }),
  "enum(i16)": enumOf(i16, { red: -5, blue: 300 }),
  "be(enum)": be(enumOf(u32, { red: 1, blue: 2 ** 32 - 1 })),
  date,
  nested: struct("Inner", { a: u8, b: f64, c: array(i8, 2) }),
  packed: struct("Packed", { a: u8, b: f64 }, { packed: true }),
  selfRef,
  ref: ref(u8),
  "be(ref)": be(ref(u8)),
} as const;

const anyNumber = fc.oneof(
  fc.constantFrom(
    0,
    -0,
    1,
    -1,
    1.5,
    NaN,
    Infinity,
    127,
    128,
    255,
    256,
    -129,
    65_535,
    65_536,
    2 ** 31,
    2 ** 32,
    2 ** 53,
  ),
  fc.integer(),
  fc.double(),
);
const anyBigInt = fc.oneof(
  fc.constantFrom(0n, -1n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n, 2n ** 64n),
  fc.bigInt(-(2n ** 65n), 2n ** 65n),
);
const anyText = fc.oneof(
  fc.string({ maxLength: 7 }),
  fc.constantFrom("", "é", "\0", "grün", "\ud800", "12345", "123456", "красный"),
);
const anyPart = fc.oneof(
  anyNumber,
  anyBigInt,
  anyText,
  fc.boolean(),
  fc.constantFrom(undefined, null, "red", "blue", new Date(1e12), {}, []),
  fc.array(anyNumber, { maxLength: 4 }),
  fc.record(
    { a: anyNumber, b: anyNumber, c: fc.array(anyNumber, { maxLength: 3 }) },
    { requiredKeys: [] },
  ),
  fc.record({ low: anyNumber, flag: fc.boolean(), high: anyNumber }, { requiredKeys: [] }),
);

/** Values that a type most often takes, and any others. */
function valuesOf(name: keyof typeof types): fc.Arbitrary<unknown> {
  const good: Partial<Record<keyof typeof types, fc.Arbitrary<unknown>>> = {
    "array(u16, 3)": fc.array(fc.nat(70_000), { minLength: 3, maxLength: 3 }),
    "array(u8, 20)": fc.array(fc.nat(255), { minLength: 20, maxLength: 20 }),
    bits: fc.record(
      { low: fc.nat(7), flag: fc.boolean(), high: fc.nat(511) },
      { requiredKeys: [] },
    ),
    nested: fc.record(
      { a: fc.nat(255), b: fc.double(), c: fc.array(fc.nat(127), { minLength: 2, maxLength: 2 }) },
      { requiredKeys: [] },
    ),
    packed: fc.record({ a: fc.nat(255), b: fc.double() }, { requiredKeys: [] }),
    date: fc.date(),
    enum: fc.constantFrom("red", "blue"),
    "enum(i16)": fc.constantFrom("red", "blue"),
    "be(enum)": fc.constantFrom("red", "blue"),
  };
  return fc.oneof({ weight: 4, arbitrary: good[name] ?? anyPart }, anyPart);
}

/** The same values in an object that no function is made for, and so are all within it. */
function forTheGeneralWay(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value) || value instanceof Date)
    return value;
  const entries = Object.entries(value).map(([name, part]) => [name, forTheGeneralWay(part)]);
  return Object.assign(Object.create(null) as object, Object.fromEntries(entries));
}

interface Outcome {
  readonly bytes?: readonly number[];
  readonly error?: string;
}

function outcomeOf(store: () => readonly number[]): Outcome {
  try {
    return { bytes: store() };
  } catch (error) {
    if (!(error instanceof PerflocError)) throw error;
    return { error: `${error.code}: ${error.message}` };
  }
}

const names = Object.keys(types) as (keyof typeof types)[];

describe.each(["check", "debug", "off"] as const)("records of values, on %s", (check) => {
  test("V39 are stored as the general way stores them, or refused as it refuses them", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.constantFrom(...names), { minLength: 1, maxLength: 5 }),
        fc.boolean(),
        fc.infiniteStream(fc.nat(9)),
        fc.infiniteStream(fc.tuple(...names.map(valuesOf))),
        (chosen, packed, coins, values) => {
          using heap = new Heap({ check });
          const context = heap.open("a");
          const fields = Object.fromEntries(
            chosen.map((name, index) => [`f${index}`, types[name]]),
          );
          const Record = struct("Record", fields, { packed });
          const bytesAt = (address: number): readonly number[] => {
            const { base, u8: bytes } = heap.arena.chunkAt(address);
            return [...bytes.subarray(address - base, address - base + Record.size)];
          };
          for (let round = 0; round < 3; round++) {
            const drawn = values.next().value;
            const literal: Record<string, unknown> = {};
            for (const [index, name] of chosen.entries())
              if (coins.next().value > 0) literal[`f${index}`] = drawn[names.indexOf(name)];
            if (coins.next().value === 0) literal["other"] = 1;
            const general = forTheGeneralWay(literal) as object;
            const records = new Vec(context, Record);
            const stored = (value: object): Outcome[] => {
              const cursor = Record.cursor(context, Record.alloc(context));
              Record.fill(context, cursor.$address, 0xa5);
              return [
                outcomeOf(() => bytesAt(Record.alloc(context, value))),
                outcomeOf(() => {
                  const { length } = records;
                  records.push(value);
                  expect(records.length).toBe(length + 1);
                  return bytesAt(records.at(length).$address);
                }),
                outcomeOf(() => {
                  cursor.$set(value);
                  return bytesAt(cursor.$address);
                }),
              ];
            };
            expect(stored(literal)).toEqual(stored(general));
          }
          heap.verify();
        },
      ),
      { numRuns: 150 },
    );
  });
});

test("V39 records are read as they were stored", () => {
  using heap = new Heap();
  const context = heap.open("a");
  const All = struct("All", {
    a: u8,
    t: text(6),
    n: types.nested,
    l: array(f32, 2),
    b: bool,
    i: i64,
    e: types.enum,
  });
  const values = {
    a: 1,
    t: "grün",
    n: { a: 2, b: 0.5, c: [-1, 1] },
    l: [0.5, 0.25],
    b: true,
    i: -(2n ** 60n),
    e: "blue",
  } as const;
  const address = All.alloc(context, values);
  expect(All.toObject(context, address)).toEqual(values);
  expect(Object.keys(All.toObject(context, address))).toEqual(Object.keys(values));
});

test("V39 names of fields that mean something in the text are names like others", () => {
  using heap = new Heap();
  const context = heap.open("a");
  const hostile = [
    "value",
    "memory",
    "at",
    "context",
    "isWhole",
    "v0",
    "n0",
    "plain",
    "name",
    "class",
    "eval",
    "arguments",
    "await",
    "static",
    "ℵ",
    "toString",
    "hasOwnProperty",
    "valueOf",
    "length",
  ];
  const fields = Object.fromEntries(hostile.map((name) => [name, u8]));
  const Hostile = struct("Hostile", fields);
  const values = Object.fromEntries(hostile.map((name, index) => [name, index + 1]));
  const address = Hostile.alloc(context, values);
  expect(Hostile.toObject(context, address)).toEqual(values);
  // Inherited by every object, and so no value of any.
  expect(Hostile.toObject(context, Hostile.alloc(context, {}))).toEqual(
    Object.fromEntries(hostile.map((name) => [name, 0])),
  );
});

test("V39 names of enumerations that mean something in the text are names like others", () => {
  using heap = new Heap();
  const context = heap.open("a");
  const hostile = [
    '"',
    "\\",
    '" || true || "',
    "@fail;",
    "\\u0040",
    "\u2028",
    "\n",
    "value",
    "__proto__",
  ];
  const numbers = Object.fromEntries(hostile.map((name, index) => [name, index - 3]));
  // `__proto__` in a literal would be no name.
  Object.defineProperty(numbers, "__proto__", { value: 5, enumerable: true });
  const Hostile = struct("Hostile", { kind: enumOf(i16, numbers), next: u8 });
  for (const kind of hostile) {
    const address = Hostile.alloc(context, { kind, next: 7 });
    expect(Hostile.toObject(context, address)).toEqual({ kind, next: 7 });
    expect(() => Hostile.alloc(context, { kind: `${kind}?` })).toThrow(/one of/u);
  }
});

test("V39 an enumeration of more names than are compared is stored all the same", () => {
  using heap = new Heap();
  const numbers = Object.fromEntries(
    Array.from({ length: 300 }, (_, index) => [`n${index}`, index]),
  );
  const Many = struct("Many", { kind: enumOf(u16, numbers) });
  for (const kind of ["n0", "n16", "n255", "n256", "n299"]) {
    const address = Many.alloc(heap.open("a"), { kind });
    expect(Many.toObject(heap, address)).toEqual({ kind });
  }
});

test("V39 a field that the prototype of all objects got is no value", () => {
  using heap = new Heap();
  const context = heap.open("a");
  const Point = struct("Point", { x: u8, polluted: u8 });
  // oxlint-disable-next-line no-extend-native -- that is what is tested
  Object.defineProperty(Object.prototype, "polluted", {
    value: 7,
    configurable: true,
    writable: true,
  });
  try {
    expect(Point.toObject(context, Point.alloc(context, { x: 1 }))).toEqual({ x: 1, polluted: 0 });
  } finally {
    Reflect.deleteProperty(Object.prototype, "polluted");
  }
});

test("V39 a getter that changes what is written to runs before the place is looked up", () => {
  using heap = new Heap();
  const context = heap.open("a");
  const Point = struct("Point", { x: u8, y: u8 });
  const points = new Vec(context, Point);
  points.push({ x: 1, y: 1 });
  const pushing = {
    x: 2,
    get y() {
      for (let i = 0; i < 100; i++) points.push({ x: 3, y: 3 });
      return 2;
    },
  };
  points.push(pushing);
  expect(points.length % 100).toBe(2);
  expect(points.toArray().at(-1)).toEqual({ x: 2, y: 2 });
  const dropping = {
    x: 2,
    get y() {
      if (!context.isDropped) context.drop();
      return 2;
    },
  };
  expect(() => Point.alloc(context, dropping)).toThrow(/was dropped/);
  expect(() => points.push(pushing)).toThrow(/was dropped/);
  heap.verify();
});

test("V39 the text can be read; structs with strings outside have that of their views alone", () => {
  const Point = struct("Point", { x: f64, id: u32 });
  expect(Point.source()).toContain('value["x"]');
  expect(Point.source()).toContain("get() { return this.$f64[(this.$offset >>> 3)]; }");
  const Line = struct("Line", { id: u32, text: utf8 });
  expect(Line.source()).not.toContain("alloc(");
  expect(Line.source()).toContain("this.$u32");
});

test("V39 a stack that overflows while a function is made does not end the making of functions", () => {
  using heap = new Heap();
  const context = heap.open("a");
  const points = Array.from({ length: 300 }, () => struct("Point", { x: f64, id: u32 }));
  const left = [...points];
  function deeper(): void {
    try {
      deeper();
    } finally {
      const type = left.pop();
      type?.alloc(context, { x: 1, id: 2 });
    }
  }
  let thrown: unknown;
  try {
    deeper();
  } catch (error) {
    // The engine's RangeError, or what Error.prepareStackTrace of the test runner throws when the stack ends within it.
    thrown = error;
  }
  expect(thrown).not.toBeInstanceOf(PerflocError);
  expect(thrown).toBeDefined();
  for (const type of points)
    expect(type.toObject(context, type.alloc(context, { x: 1, id: 2 }))).toEqual({ x: 1, id: 2 });
  heap.verify();
});

test("V39 bit fields of literals are written one by one, and what is refused names its place", () => {
  using heap = new Heap({ check: "check" });
  const context = heap.open("a");
  const Flags = struct("Flags", { n: u16, flags: bits(u8, { on: 1, level: 3 }), rest: u8 });
  expect(Flags.source()).not.toContain("codec");
  const dirty = Flags.alloc(context, { n: 0xffff, flags: { on: true, level: 7 }, rest: 0xff });
  context.free(dirty);
  const again = Flags.alloc(context, { flags: { level: 5 } });
  expect(again).toBe(dirty);
  expect(Flags.toObject(heap, again)).toEqual({ n: 0, flags: { on: false, level: 5 }, rest: 0 });
  Flags.cursor(heap, again).$set({ flags: { on: true } });
  expect(Flags.toObject(heap, again).flags).toEqual({ on: true, level: 5 });
  // oxlint-disable-next-line typescript/no-unsafe-argument -- what no program in TypeScript passes
  expect(() => Flags.alloc(context, 5 as any)).toThrow(/^struct Flags takes an object/);
  expect(() => Flags.alloc(context, { flags: { level: 8 } })).toThrow(
    /^field flags\.level of struct Flags \(u8 : 3\) takes/,
  );
});

function getterOf(cursor: object): unknown {
  return Reflect.getOwnPropertyDescriptor(Reflect.getPrototypeOf(cursor)!, "x")?.["get"];
}

test("V50 each struct has functions of its own, which do the same", () => {
  using heap = new Heap();
  const context = heap.open("a");
  const pointTypes = Array.from({ length: 6 }, () => struct("Point", { x: f64, id: u32 }));
  const getters = pointTypes.map((type) => getterOf(type.cursor(heap)));
  const isMade = String(getters[0]).includes("this.$f64[(this.$offset >>> 3)]");
  if (isMade) expect(new Set(getters).size).toBe(6);
  for (const type of pointTypes) {
    const three = type.array(context, 3);
    for (const point of three) point.x = point.$address;
    for (let index = 0; index < 3; index++) three.at(index).id = index;
    const addresses = [0, 1, 2].map((index) => three.addressAt(index));
    expect(three.toArray()).toEqual(addresses.map((x, id) => ({ x, id })));
    const at = type.at(heap);
    expect(addresses.map((address) => at.x.get(address))).toEqual(addresses);
    at.id.set(addresses[1]!, 7);
    expect(type.cursor(heap, addresses[1]).id).toBe(7);
    expect(() => at.id.set(addresses[1]!, -1)).toThrow(InvalidValueError);
    expect(() => three.at(3)).toThrow(IndexOutOfBoundsError);
    expect(type.equals(heap, addresses[0]!, addresses[1]!)).toBe(false);
    type.copy(heap, addresses[0]!, addresses[1]!);
    expect(type.equals(heap, addresses[0]!, addresses[1]!)).toBe(true);
    const points = new Vec(context, type);
    for (let index = 0; index < 3; index++) points.push({ x: index, id: index });
    expect([...points].map((point) => point.id)).toEqual([2, 2, 2]);
    let sum = 0;
    for (const point of points) sum += point.x;
    expect([sum, points.at(1).x]).toEqual([3, 1]);
    expect(() => points.at(3)).toThrow(IndexOutOfBoundsError);
    expect(() => type.cursor(heap, 0)).toThrow(NullReferenceError);
    // oxlint-disable-next-line typescript/no-unsafe-argument -- what no program in TypeScript passes
    expect(() => type.cursor(heap, "8" as any)).toThrow(InvalidAddressError);
    // oxlint-disable-next-line typescript/no-unsafe-argument -- the same
    expect(() => type.cursor({} as any, addresses[0])).toThrow(InvalidOptionError);
  }
});

test("V50 fields can be called as what every object inherits", () => {
  using heap = new Heap();
  const context = heap.open("a");
  const Odd = struct("Odd", { toString: text(8), valueOf: f64, hasOwnProperty: date });
  const values = { toString: "hi", valueOf: 1.5, hasOwnProperty: new Date(7) };
  const address = Odd.alloc(context, values);
  const odd = Odd.cursor(heap, address);
  expect([odd.toString, odd.valueOf, odd.hasOwnProperty]).toEqual(["hi", 1.5, new Date(7)]);
  odd.toString = "ho";
  expect(Odd.at(heap).toString.get(address)).toBe("ho");
  Odd.at(heap).valueOf.set(address, 2.5);
  expect(odd.valueOf).toBe(2.5);
  expect(Odd.over(new ArrayBuffer(Odd.size)).toString).toBe("");
});

test("V40 what the program changes while its values are read changes nothing half done", () => {
  using heap = new Heap();
  const context = heap.open("a");
  const Inner = struct("Inner", { when: date });
  const Outer = struct("Outer", { inner: Inner, rest: u8 });
  const when = new Date(5);
  const values = {
    inner: { when },
    get rest() {
      when.setTime(Number.NaN);
      return 1;
    },
  };
  expect(() => Outer.alloc(context, values)).toThrow(/^field inner\.when of struct Outer/);
  expect(context.stats().liveObjects).toBe(0);
});

test("V18 a context of another copy of the package is no context, with values and without", () => {
  const Point = struct("Point", { x: f64, id: u32 });
  const other = { isDropped: false, alloc: () => 64, arena: {}, state: {}, brand: {} };
  for (const context of [other, null, undefined, 5, new Proxy({}, {})]) {
    // oxlint-disable-next-line typescript/no-unsafe-argument -- what no program in TypeScript passes
    expect(() => Point.alloc(context as any, { x: 1, id: 2 })).toThrow(InvalidOptionError);
    // oxlint-disable-next-line typescript/no-unsafe-argument -- the same
    expect(() => Point.alloc(context as any)).toThrow(InvalidOptionError);
  }
});

test("V39 a struct that was frozen allocates all the same", () => {
  using heap = new Heap();
  const context = heap.open("a");
  const Point = Object.freeze(struct("Point", { x: f64, id: u32 }));
  const at = Point.at(heap);
  expect(at.id.get(Point.alloc(context))).toBe(0);
});
