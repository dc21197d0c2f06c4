/** Every kind of field, with values that it reads back as they were written. */
import {
  type FieldType,
  array,
  be,
  bits,
  bool,
  char,
  clamping,
  custom,
  date,
  enumOf,
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
  wrapping,
} from "@perfloc/typed";
import * as fc from "fast-check";

/** A type and an arbitrary of its values. */
export interface FieldKind {
  readonly type: FieldType;
  readonly value: fc.Arbitrary<unknown>;
}

const Inner = struct("Inner", { a: u8, b: f64, c: bits(u16, { low: 3, high: 9, on: 1 }) });
const innerValue = fc.record({
  a: fc.integer({ min: 0, max: 255 }),
  b: fc.double({ noNaN: true }),
  c: fc.record({
    low: fc.integer({ min: 0, max: 7 }),
    high: fc.integer({ min: 0, max: 511 }),
    on: fc.boolean(),
  }),
});
const half = fc.integer({ min: -1000, max: 1000 }).map((eighths) => eighths / 8);
const latin1 = fc.array(fc.integer({ min: 1, max: 255 }), { maxLength: 9 });
const wellFormed = fc
  .string({ unit: "grapheme", maxLength: 12 })
  .filter((value) => !value.includes("\0") && new TextEncoder().encode(value).length <= 12);

export const fieldKinds: Readonly<Record<string, FieldKind>> = {
  i8: { type: i8, value: fc.integer({ min: -128, max: 127 }) },
  u8: { type: u8, value: fc.integer({ min: 0, max: 255 }) },
  i16: { type: i16, value: fc.integer({ min: -32_768, max: 32_767 }) },
  u16: { type: u16, value: fc.integer({ min: 0, max: 65_535 }) },
  i32: { type: i32, value: fc.integer() },
  u32: { type: u32, value: fc.integer({ min: 0, max: 2 ** 32 - 1 }) },
  i64: { type: i64, value: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }) },
  u64: { type: u64, value: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }) },
  i53: { type: i53, value: fc.maxSafeInteger() },
  f16: { type: f16, value: half },
  f32: { type: f32, value: fc.float() },
  f64: { type: f64, value: fc.double() },
  bool: { type: bool, value: fc.boolean() },
  wrapping: { type: wrapping(i16), value: fc.integer({ min: -32_768, max: 32_767 }) },
  clamping: { type: clamping(u8), value: fc.integer({ min: 0, max: 255 }) },
  char: { type: char(9), value: latin1.map((codes) => String.fromCharCode(...codes)) },
  text: { type: text(12), value: wellFormed },
  date: { type: date, value: fc.date({ noInvalidDate: true }) },
  enumOf: {
    type: enumOf(i16, { none: 0, some: -3, all: 900 }),
    value: fc.constantFrom("none", "some", "all"),
  },
  bits: {
    type: bits(i32, { low: 5, wide: 25, on: 1 }),
    value: fc.record({
      low: fc.integer({ min: -16, max: 15 }),
      wide: fc.integer({ min: -(2 ** 24), max: 2 ** 24 - 1 }),
      on: fc.boolean(),
    }),
  },
  wideBits: {
    type: bits(u64, { a: 7, wide: 53 }),
    value: fc.record({
      a: fc.integer({ min: 0, max: 127 }),
      wide: fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
    }),
  },
  bigBits: {
    type: bits(i64, { a: 5, big: 59 }),
    value: fc.record({
      a: fc.integer({ min: -16, max: 15 }),
      big: fc.bigInt({ min: -(2n ** 58n), max: 2n ** 58n - 1n }),
    }),
  },
  beBits: {
    type: be(bits(u32, { a: 5, wide: 20, on: 1 })),
    value: fc.record({
      a: fc.integer({ min: 0, max: 31 }),
      wide: fc.integer({ min: 0, max: 2 ** 20 - 1 }),
      on: fc.boolean(),
    }),
  },
  array: {
    type: array(i16, 3),
    value: fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 3, maxLength: 3 }),
  },
  matrix: {
    type: array(f32, 2, 2),
    value: fc.tuple(fc.tuple(fc.float(), fc.float()), fc.tuple(fc.float(), fc.float())),
  },
  structs: { type: array(Inner, 2), value: fc.tuple(innerValue, innerValue) },
  struct: { type: Inner, value: innerValue },
  tagged: {
    type: tagged({ number: f64, inner: Inner, none: bool }),
    value: fc.oneof(
      fc.record({ kind: fc.constant("number"), value: fc.double() }),
      fc.record({ kind: fc.constant("inner"), value: innerValue }),
      fc.record({ kind: fc.constant("none"), value: fc.boolean() }),
    ),
  },
  union: { type: union({ only: u32 }), value: fc.record({ only: fc.nat() }) },
  ref: { type: ref(Inner), value: fc.integer({ min: 1, max: 2 ** 32 - 1 }) },
  nullable: { type: nullable(ref(() => Inner)), value: fc.integer({ min: 0, max: 2 ** 32 - 1 }) },
  selfRef: { type: selfRef, value: fc.integer({ min: 0, max: 2 ** 32 - 1 }) },
  be16: { type: be(u16), value: fc.integer({ min: 0, max: 65_535 }) },
  beStruct: {
    type: be(struct("Wire", { x: u32, y: i64 })),
    value: fc.record({ x: fc.nat(), y: fc.bigInt({ min: -9n, max: 2n ** 62n }) }),
  },
  custom: {
    type: custom(i16, { decode: (tenths) => tenths / 8, encode: (value: number) => value * 8 }),
    value: half,
  },
};

/** A struct of some kinds of fields, and values of all of them. */
export const structOfKinds: fc.Arbitrary<{
  readonly names: readonly string[];
  readonly options: { readonly packed: boolean; readonly abi: "c" | "i386" | "wasm32" };
}> = fc.record({
  names: fc.uniqueArray(fc.constantFrom(...Object.keys(fieldKinds)), {
    minLength: 1,
    maxLength: 6,
  }),
  options: fc.record({ packed: fc.boolean(), abi: fc.constantFrom("c", "i386", "wasm32") }),
});
