import {
  type Address,
  type Cursor,
  type FieldValue,
  Heap,
  type StructInput,
  type StructObject,
  bool,
  f32,
  i64,
  struct,
  u64,
  u8,
} from "@perfloc/typed";
import { expect, expectTypeOf, test } from "vitest";

const heap = new Heap();
const context = heap.open("types");
const Sample = struct("Sample", { small: u8, ratio: f32, wide: u64, signed: i64, on: bool });
type Fields = {
  small: typeof u8;
  ratio: typeof f32;
  wide: typeof u64;
  signed: typeof i64;
  on: typeof bool;
};

test("V7 cursors have the fields, with their JavaScript types", () => {
  const sample = Sample.cursor(heap, Sample.alloc(context));
  expectTypeOf(sample.small).toEqualTypeOf<number>();
  expectTypeOf(sample.ratio).toEqualTypeOf<number>();
  expectTypeOf(sample.wide).toEqualTypeOf<bigint>();
  expectTypeOf(sample.signed).toEqualTypeOf<bigint>();
  expectTypeOf(sample.on).toEqualTypeOf<boolean>();
  expectTypeOf(sample.$address).toEqualTypeOf<Address>();
  expectTypeOf(sample).toExtend<Cursor<Fields>>();
  expectTypeOf<FieldValue<typeof i64>>().toEqualTypeOf<bigint>();
  const address = Sample.alloc(context);
  expectTypeOf(sample.$to(address).on).toEqualTypeOf<boolean>();
  expect(typeof sample.$to(address).wide).toBe("bigint");
});

test("V7 objects have the same types, and init takes part of them", () => {
  type Plain = { small: number; ratio: number; wide: bigint; signed: bigint; on: boolean };
  const address = Sample.alloc(context, { wide: 1n });
  expectTypeOf(Sample.toObject(heap, address)).toEqualTypeOf<StructObject<Fields>>();
  expectTypeOf<StructObject<Fields>>().toEqualTypeOf<Plain>();
  expectTypeOf<(typeof Sample)["alloc"]>()
    .parameter(1)
    .toEqualTypeOf<StructInput<Fields> | undefined>();
  expectTypeOf<(typeof Sample)["offsetOf"]>().parameter(0).toEqualTypeOf<keyof Plain>();
  expect(Sample.toObject(heap, address).wide).toBe(1n);
});

test("V7 mistakes do not compile", () => {
  const sample = Sample.cursor(heap, Sample.alloc(context));
  const mistakes = [
    // @ts-expect-error a bool field takes no number
    () => (sample.on = 1),
    // @ts-expect-error an i64 field takes no number
    () => (sample.signed = 1),
    // @ts-expect-error no such field
    () => sample.nothing,
    // @ts-expect-error an address is not assigned, but given to $to
    () => (sample.$address = 8),
    // @ts-expect-error no such field
    () => Sample.alloc(context, { nothing: 1 }),
    // @ts-expect-error a u8 field takes no string
    () => Sample.alloc(context, { small: "1" }),
    // @ts-expect-error no such field
    () => Sample.offsetOf("nothing"),
    // @ts-expect-error no type of a field
    () => struct("Wrong", { x: "f32" }),
    // @ts-expect-error structs are allocated in contexts
    () => Sample.alloc(heap),
  ];
  expect(mistakes).toHaveLength(9);
});
