import {
  Heap,
  InvalidOptionError,
  InvalidValueError,
  type MemoryContext,
  UnknownFieldError,
  UseAfterDropError,
  bool,
  f32,
  f64,
  i64,
  struct,
  u16,
  u8,
} from "@perfloc/typed";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { structFields, valueOf } from "./support/random-structs.js";

const Sample = struct("Sample", { tag: u8, weight: f64, big: i64, on: bool, count: u16 });

/** A bump context whose next bytes are all 255. */
function dirtyContext(heap: Heap): MemoryContext {
  const context = heap.open("dirty", { kind: "bump" });
  context.bytes(context.alloc(3000), 3000).fill(255);
  context.reset();
  return context;
}

test("V10 a new struct is aligned and zero, padding included", () => {
  const heap = new Heap();
  const context = dirtyContext(heap);
  context.alloc(3);
  const address = Sample.alloc(context);
  expect(address % Sample.align).toBe(0);
  expect(context.bytes(address, Sample.size)).toEqual(new Uint8Array(Sample.size));
  expect(Sample.toObject(heap, address)).toEqual({
    tag: 0,
    weight: 0,
    big: 0n,
    on: false,
    count: 0,
  });
});

test("V11 init sets the fields that it has", () => {
  const heap = new Heap();
  const context = dirtyContext(heap);
  const address = Sample.alloc(context, { weight: 1.5, on: true });
  expect(Sample.toObject(context, address)).toEqual({
    tag: 0,
    weight: 1.5,
    big: 0n,
    on: true,
    count: 0,
  });
  const sparse = { tag: 7, weight: undefined } as { tag: number };
  expect(Sample.toObject(heap, Sample.alloc(context, sparse))).toMatchObject({ tag: 7, weight: 0 });
  expect(Sample.toObject(heap, Sample.alloc(context, {}))).toMatchObject({ tag: 0 });
});

test("V11 a bad init is refused before anything is allocated", () => {
  const heap = new Heap();
  const context = heap.open("empty");
  const refusals: [unknown, new (...values: never[]) => Error][] = [
    [{ tag: 1, nothing: 1 }, UnknownFieldError],
    [{ $address: 8 }, UnknownFieldError],
    [{ tag: 1, weight: "1" }, InvalidValueError],
    [{ big: 1 }, InvalidValueError],
    [{ tag: 1n }, InvalidValueError],
    [{ on: 1 }, InvalidValueError],
    [{ tag: null }, InvalidValueError],
  ];
  for (const [init, error] of refusals) {
    expect(() => Sample.alloc(context, init as { tag: number })).toThrow(error);
  }
  expect(heap.stats()).toMatchObject({ heldBytes: 0, liveBytes: 0 });
  expect(() => Sample.alloc(context, { big: 1 as unknown as bigint })).toThrow(
    "field big of struct Sample (i64) takes a bigint from -9223372036854775808 to 9223372036854775807, not 1",
  );
});

test("V11, V12: what is stored is read back, and no other byte changes", () => {
  const cases = structFields.chain((fields) =>
    fc.record({
      fields: fc.constant(fields),
      values: fc.record(
        Object.fromEntries(Object.entries(fields).map(([name, type]) => [name, valueOf(type)])),
      ),
    }),
  );
  fc.assert(
    fc.property(cases, ({ fields, values }) => {
      const heap = new Heap();
      const context = heap.open("values");
      const Random = struct("Random", fields);
      const before = context.allocZeroed(64);
      const address = Random.alloc(context, values);
      const after = context.allocZeroed(64);
      expect(Random.toObject(heap, address)).toEqual(values);
      expect(Object.keys(Random.toObject(heap, address))).toEqual(Object.keys(fields));
      const bytes = context.bytes(address, Random.size);
      for (const [name, { byteLength }] of Object.entries(fields)) {
        bytes.fill(0, Random.offsetOf(name), Random.offsetOf(name) + byteLength);
      }
      expect(bytes.every((byte) => byte === 0)).toBe(true);
      for (const neighbour of [before, after]) {
        expect(context.bytes(neighbour, 64).every((byte) => byte === 0)).toBe(true);
      }
      heap.verify();
    }),
  );
});

test("V12 a cursor becomes a plain object in JSON", () => {
  const Point = struct("Point", { x: f32, y: f32, on: bool });
  const heap = new Heap();
  const context = heap.open("json");
  const point = Point.cursor(heap, Point.alloc(context, { x: 1, on: true }));
  expect(JSON.stringify(point)).toBe('{"x":1,"y":0,"on":true}');
});

test("V18 a dropped context, and what is no place, are refused", () => {
  const heap = new Heap();
  const context = heap.open("dropped");
  const address = Sample.alloc(context);
  context.drop();
  expect(() => Sample.cursor(context)).toThrow(UseAfterDropError);
  expect(() => Sample.toObject(context, address)).toThrow(
    expect.objectContaining({ code: "PERFLOC_TYPED_CONTEXT_DROPPED" }),
  );
  expect(() => Sample.alloc(context)).toThrow(UseAfterDropError);
  const places: unknown[] = [undefined, null, {}, heap.arena, 5];
  for (const place of places) {
    expect(() => Sample.cursor(place as Heap)).toThrow(InvalidOptionError);
  }
  expect(() => Sample.alloc(heap as unknown as MemoryContext)).toThrow(InvalidOptionError);
  const cursor: unknown = Sample.cursor(heap);
  expect(() => Sample.toObject(cursor as Heap, address)).toThrow(
    expect.objectContaining({ hint: expect.stringContaining("toObject(heap, cursor.$address)") }),
  );
});
