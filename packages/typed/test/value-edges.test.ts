/** Values at the edges of what types hold, and types within types. */
import {
  Heap,
  IndexOutOfBoundsError,
  InvalidTypeError,
  InvalidValueError,
  aligned,
  array,
  be,
  bits,
  char,
  clamping,
  custom,
  date,
  enumOf,
  f16,
  f32,
  f64,
  i16,
  i64,
  le,
  struct,
  tagged,
  text,
  u16,
  u32,
  u8,
  union,
  wrapping,
} from "@perfloc/typed";
import fc from "fast-check";
import { expect, test } from "vitest";

const Halves = struct("Halves", { bits: u16, other: u16 });
const HalfValue = struct("HalfValue", { bits: f16, other: u16 });

test("V20 every number of f16 reads back the same, and others become the nearest, halves the even one", () => {
  const heap = new Heap();
  const address = Halves.alloc(heap.open("halves"));
  const raw = Halves.cursor(heap, address);
  const half = HalfValue.cursor(heap, address);
  const finite: number[] = [];
  for (let pattern = 0; pattern < 0x10000; pattern++) {
    raw.bits = pattern;
    const value = half.bits;
    half.bits = value;
    if (Number.isNaN(value)) expect(raw.bits).toBe(0x7e00);
    else expect(raw.bits).toBe(pattern);
    if (pattern < 0x7c00) finite.push(value);
  }
  expect(finite).toEqual(finite.toSorted((a, b) => a - b));
  for (let index = 0; index + 1 < finite.length; index += 7) {
    const [low, high] = [finite[index]!, finite[index + 1]!];
    const middle = (low + high) / 2;
    const cases = [
      [middle, index % 2 === 0 ? index : index + 1],
      [low + (high - low) / 4, index],
      [high - (high - low) / 4, index + 1],
    ] as const;
    for (const [value, pattern] of cases) {
      half.bits = -value;
      expect(raw.bits).toBe(pattern | 0x8000);
    }
  }
  for (const [value, pattern] of [
    [65_519, 0x7bff],
    [65_520, 0x7c00],
    [-Infinity, 0xfc00],
    [2 ** -26, 0],
  ] as const) {
    half.bits = value;
    expect(raw.bits).toBe(pattern);
  }
  expect(raw.other).toBe(0);
});

const Circle = struct("Circle", { radius: f64, centre: array(f32, 2) });
const Drawing = struct("Drawing", {
  id: u8,
  shape: tagged({ empty: u8, circle: Circle, path: array(u16, 3), size: be(u32) }),
});

test("V11, V12, V29, V32 a tagged union is one of its variants, with values and views", () => {
  const heap = new Heap();
  const context = heap.open("drawings");
  const [one, other] = [Drawing.alloc(context), Drawing.alloc(context)];
  const drawing = Drawing.cursor(heap, one);
  expect(Drawing.toObject(heap, one)).toEqual({ id: 0, shape: { kind: "empty", value: 0 } });
  const shapes = [
    { kind: "circle", value: { radius: 2, centre: [1, -1] } },
    { kind: "path", value: [1, 2, 3] },
    { kind: "size", value: 0x01020304 },
    { kind: "empty", value: 7 },
  ] as const;
  for (const shape of shapes) {
    drawing.shape.$set(shape);
    expect(drawing.shape.kind).toBe(shape.kind);
    expect(Drawing.toObject(heap, one).shape).toEqual(shape);
    expect(JSON.parse(JSON.stringify(drawing.shape))).toEqual(shape);
    expect(Drawing.equals(heap, one, other)).toBe(false);
    Drawing.fromObject(heap, other, { shape });
    expect(Drawing.equals(heap, one, other)).toBe(true);
  }
  drawing.shape.$set({ kind: "circle" });
  const { shape } = drawing;
  if (shape.kind !== "circle") throw new Error("unreachable");
  shape.value.centre.set(1, 4);
  expect(JSON.parse(JSON.stringify(shape.value))).toEqual({ radius: 0, centre: [0, 4] });
  drawing.shape.$set({ kind: "path", value: [9, 9, 9] });
  drawing.shape.$set({ kind: "circle" });
  expect(shape.value.radius).toBe(0);
  context.bytes(one, Drawing.size)[Drawing.offsetOf("shape")] = 200;
  expect(() => drawing.shape.kind).toThrow("holds the tag 200");
  for (const wrong of [7, null, { kind: "none" }, { value: 1 }, { kind: "circle", value: 3 }])
    expect(() => drawing.shape.$set(wrong as never)).toThrow(InvalidValueError);
  const many = Object.fromEntries(Array.from({ length: 257 }, (_, index) => [`v${index}`, u8]));
  expect(() => tagged(many)).toThrow(InvalidTypeError);
});

const Word = struct("Word", {
  word: union({ whole: u32, halves: array(u16, 2), flags: bits(u32, { low: 4, sign: 1 }) }),
  row: array(union({ byte: u8, pair: struct("Pair", { a: u8, b: u8 }) }), 2),
});

test("V20, V25, V31 unions and arrays are parts like others", () => {
  const heap = new Heap();
  const word = Word.cursor(heap, Word.alloc(heap.open("words")));
  word.word.whole = 0xfffe0013;
  expect([...word.word.halves]).toEqual([0x13, 0xfffe]);
  expect(JSON.parse(JSON.stringify(word.word.flags))).toEqual({ low: 3, sign: true });
  word.row.at(1).pair.b = 5;
  expect(word.row.toArray()[1]).toEqual({ byte: 0, pair: { a: 0, b: 5 } });
  word.word.halves.fill(3);
  expect(word.word.whole).toBe(0x00030003);
  word.word.halves.$set(Uint16Array.of(1, 2) as unknown as number[]);
  expect(JSON.stringify(word.word.halves)).toBe("[1,2]");
  for (const wrong of [[1], "12", [1, 2, 3], { length: 2 }])
    expect(() => word.word.halves.$set(wrong as never)).toThrow(InvalidValueError);
  expect(() => word.word.halves.fill(-1)).toThrow("halves[]");
  expect(() => word.word.halves.$set([1, 70_000])).toThrow("word.halves[1]");
  const at = Word.at(heap);
  for (const index of [-1, 2, 0.5])
    for (const use of [() => word.row.at(index), () => at.row.element(index)])
      expect(use).toThrow(IndexOutOfBoundsError);
  expect(at.row.element(1).get(word.$address)).toEqual({ byte: 0, pair: { a: 0, b: 5 } });
  expect(Word.toC()).toContain("union { uint8_t byte; struct Pair pair; } row[2];");
  expect(Word.toC()).toContain("uint32_t whole; uint16_t halves[2];");
});

test("V25 toC() declares what custom types are stored as", () => {
  const Pair = struct("Pair", { a: u8, b: u8 });
  const sum = custom(Pair, { decode: ({ a, b }) => a + b, encode: (a: number) => ({ a, b: 0 }) });
  const declared = struct("Sums", { first: sum }).toC();
  expect(declared.indexOf("struct Pair {")).toBeGreaterThan(0);
  expect(declared.indexOf("struct Pair {")).toBeLessThan(declared.indexOf("struct Pair first;"));
});

test("V24 the layout hash tells types apart that are as long", () => {
  const types = [
    { f: u16 },
    { f: i16 },
    { f: be(u16) },
    { f: f16 },
    { f: array(u8, 2) },
    { f: text(2) },
    { f: bits(u16, { a: 3 }) },
    { f: bits(u16, { a: 4 }) },
    { f: union({ a: u16 }) },
    { f: union({ a: i16 }) },
    { f: tagged({ a: u8 }) },
    { f: tagged({ b: u8 }) },
    { f: enumOf(u16, { a: 1 }) },
    { f: aligned(u16, 4) },
  ];
  const hashes = types.map((fields) => struct("Same", fields).layoutHash);
  expect(new Set(hashes).size).toBe(types.length);
  expect(struct("Same", { f: le(be(u16)) }).size).toBe(2);
});

test("V65 malformed UTF-8 in a text field reads as U+FFFD, once for each part of a character", () => {
  const heap = new Heap();
  const context = heap.open("texts");
  const Named = struct("Named", { name: text(8) });
  const named = Named.cursor(heap, Named.alloc(context));
  const bytes = context.bytes(named.$address, 8);
  const bad = "\u{fffd}";
  const cases: [number[], string][] = [
    [[0xc3, 0xa9, 0x41], "éA"],
    [[0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x98, 0x80], "€😀"],
    [[0xc0, 0x80], bad + bad],
    [[0xe0, 0x80, 0x80], bad.repeat(3)],
    [[0xed, 0xa0, 0x80], bad.repeat(3)],
    [[0xf5, 0x80, 0x80, 0x80], bad.repeat(4)],
    [[0xf4, 0x90, 0x80, 0x80], bad.repeat(4)],
    [[0xe2, 0x41], `${bad}A`],
    [[0x41, 0, 0, 0, 0, 0, 0, 0xf0], `A`],
    [[0x41, 0x41, 0x41, 0x41, 0x41, 0x41, 0xe2, 0x82], `AAAAAA${bad}`],
    [[0xf0, 0x9f, 0x98, 0x41, 0xf0, 0x9f, 0xe2, 0x82], `${bad}A${bad}${bad}`],
    [[0xef, 0xbb, 0xbf, 0x41], "\u{feff}A"],
  ];
  for (const [given, expected] of cases) {
    bytes.fill(0);
    bytes.set(given);
    expect(named.name).toBe(expected);
  }
  for (const wrong of ["\u{d800}", "a\u{dc00}", "\u{d83d}x", "a\0"])
    expect(() => (named.name = wrong)).toThrow(InvalidValueError);
  named.name = "aé€";
  expect(named.name).toBe("aé€");
});

test("V29 numbers that are no date, and values that no date or enum takes, are refused", () => {
  const heap = new Heap();
  const Event = struct("Event", { at: date, kind: enumOf(i64, { on: 1, off: -1 }) });
  const Raw = struct("Raw", { at: i64, kind: i64 });
  const address = Event.alloc(heap.open("events"), { at: new Date(5), kind: "off" });
  const [event, raw] = [Event.cursor(heap, address), Raw.cursor(heap, address)];
  expect([raw.at, raw.kind]).toEqual([5n, -1n]);
  expect([event.at.getTime(), event.kind]).toEqual([5, "off"]);
  raw.at = 2n ** 62n;
  raw.kind = 2n;
  expect(() => event.at).toThrow("no date");
  expect(() => event.kind).toThrow(InvalidValueError);
  for (const wrong of [new Date(Number.NaN), 5, "2020"])
    expect(() => (event.at = wrong as Date)).toThrow(InvalidValueError);
  expect(() => (event.kind = "none" as "on")).toThrow(InvalidValueError);
  expect(() => enumOf(f32 as never, { a: 1 })).toThrow(InvalidTypeError);
  for (const wrong of [0.5, Number.NaN, Infinity, 2 ** 53, "1"])
    expect(() => enumOf(i64, { a: wrong as number })).toThrow(InvalidTypeError);
  expect(() => enumOf(i64, null as never)).toThrow(InvalidTypeError);
  for (const numbers of [{}, { a: 1, b: 1 }])
    expect(() => enumOf(u8, numbers)).toThrow(InvalidTypeError);
  for (const numbers of [{ a: 256 }, { a: 0.5 }, { a: -1 }])
    for (const base of [u8, wrapping(u8), clamping(u8)])
      expect(() => enumOf(base, numbers)).toThrow(InvalidValueError);
});

test("V65 a text field reads what a TextDecoder reads, wherever a character is cut", () => {
  using heap = new Heap();
  const context = heap.open("texts");
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const Named = struct("Named", { name: text(8), code: char(8) });
  const named = Named.cursor(heap, Named.alloc(context));
  const bytes = context.bytes(named.$address, 16);
  const expected = (start: number): Uint8Array => {
    const zero = bytes.indexOf(0, start);
    return bytes.subarray(start, zero < 0 || zero > start + 8 ? start + 8 : zero);
  };
  const edges = [0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc1, 0xc2, 0xdf, 0xe0, 0xed];
  const byte = fc.oneof(fc.constantFrom(...edges, 0xef, 0xbb, 0xf0, 0xf4, 0xf5, 0), fc.nat(255));
  const eightBytes = fc.array(byte, { minLength: 8, maxLength: 8 });
  const cut = fc
    .string({ unit: "grapheme", minLength: 4, maxLength: 8 })
    .map((value) => Array.from(Buffer.from(`${value}12345678`).subarray(0, 8)));
  fc.assert(
    fc.property(fc.oneof(eightBytes, cut), (given) => {
      bytes.set([...given, ...given]);
      expect(named.name).toBe(decoder.decode(expected(0)));
      expect(named.code).toBe(Buffer.from(expected(8)).toString("latin1"));
    }),
    { numRuns: 2000 },
  );
});
