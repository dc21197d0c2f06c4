import {
  type Address,
  type Cursor,
  type CursorOf,
  type FieldValue,
  Heap,
  type Ref,
  type StructInput,
  type StructObject,
  Vec,
  type ViewOf,
  array,
  bool,
  f32,
  f64,
  i64,
  nullable,
  ref,
  selfRef,
  struct,
  tagged,
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

const Operation = struct("Operation", {
  sign: u8,
  get left() {
    return ref(Expression);
  },
  get right() {
    return ref(Expression);
  },
});
const Expression = struct("Expression", {
  node: tagged({ number: f64, operation: Operation }),
  get next() {
    return nullable(ref(Expression));
  },
  get uses() {
    return array(ref(Operation), 3);
  },
  older: selfRef,
  sample: nullable(ref(Sample)),
});

test("V80, V82 references have the type of what they refer to, and are addresses", () => {
  const address = Expression.alloc(context);
  expectTypeOf(address).toEqualTypeOf<Ref<typeof Expression>>();
  expectTypeOf(address).toExtend<Address>();
  const plain: Address = address;
  const operation = Operation.alloc(context, { left: address, right: plain });
  const cursor: CursorOf<typeof Expression> = Expression.cursor(heap, address);
  expectTypeOf(cursor.next).toEqualTypeOf<Ref<typeof Expression>>();
  expectTypeOf(cursor.sample).toEqualTypeOf<Ref<typeof Sample>>();
  expectTypeOf(cursor.older).toEqualTypeOf<Address>();
  expectTypeOf(cursor.uses.at(0)).toEqualTypeOf<Ref<typeof Operation>>();
  cursor.next = 0;
  cursor.next = address;
  cursor.next = plain;
  cursor.older = address;
  cursor.uses.set(0, operation);
  cursor.sample = Sample.alloc(context);
  expectTypeOf(cursor.$to(cursor.next).next).toEqualTypeOf<Ref<typeof Expression>>();
  expectTypeOf(Operation.toObject(heap, operation).left).toEqualTypeOf<Ref<typeof Expression>>();
  expectTypeOf(Expression.array(context, 1).addressAt(0)).toEqualTypeOf<Ref<typeof Expression>>();
  const expressions = new Vec(context, Expression);
  expressions.push({ next: address });
  expectTypeOf(expressions.at(0)).toExtend<ViewOf<typeof Expression>>();
  expectTypeOf(cursor.$follow("next")).toEqualTypeOf<boolean>();
  expectTypeOf(cursor.$follow("older")).toEqualTypeOf<boolean>();
  expectTypeOf(cursor.$follow("next", cursor)).toEqualTypeOf<boolean>();
  expectTypeOf(Operation.cursor(heap, operation).$follow("left", cursor)).toEqualTypeOf<boolean>();
  expect(cursor.$address).toBe(address);
});

test("V80, V82 mistakes with references do not compile", () => {
  const operation = Operation.alloc(context);
  const sample = Sample.alloc(context);
  const cursor = Expression.cursor(heap);
  const operations = Operation.cursor(heap);
  const mistakes = [
    // @ts-expect-error the address of another struct
    () => (cursor.next = sample),
    // @ts-expect-error the same in a literal
    () => Operation.alloc(context, { left: sample }),
    // @ts-expect-error the same in an array
    () => cursor.uses.set(0, sample),
    // @ts-expect-error the same by address
    () => Operation.at(heap).left.set(operation, sample),
    // @ts-expect-error a cursor of another struct
    () => cursor.$to(operation),
    // @ts-expect-error a reference to another struct needs a cursor of that struct
    () => operations.$follow("left"),
    // @ts-expect-error a cursor of the wrong struct
    () => operations.$follow("left", operations),
    // @ts-expect-error no reference
    () => operations.$follow("sign"),
    // @ts-expect-error a part of a struct is not moved
    () => cursor.node.$follow("next"),
    () =>
      struct("Wrong", {
        // @ts-expect-error no type of a field, beside a getter
        x: "f32",
        get next() {
          return ref(Expression);
        },
      }),
    // @ts-expect-error no type to refer to
    () => ref(5),
    // @ts-expect-error constructors of JavaScript are no types
    () => struct("Wrong", { x: Number }),
    (): void => {
      // @ts-expect-error an address of another struct, without a field
      const address: Ref<typeof Sample> = operation;
      expect(address).toBe(operation);
    },
  ];
  expect(mistakes).toHaveLength(13);
});
