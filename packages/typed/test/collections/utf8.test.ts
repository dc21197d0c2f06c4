import {
  Heap,
  InvalidAddressError,
  InvalidOptionError,
  InvalidStringError,
  InvalidValueError,
  UseAfterDropError,
  Utf8,
  struct,
  u32,
  utf8,
} from "@perfloc/typed";
import * as fc from "fast-check";
import { expect, test } from "vitest";

/** Well-formed strings, of ASCII and of everything. */
const texts = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({ unit: "binary", minLength: 100, maxLength: 300 }),
);

const encoder = new TextEncoder();

test("Y80 strings read back as they were stored, and have the bytes that TextEncoder makes", () => {
  const strings = new Utf8(new Heap().open("strings", { kind: "bump" }));
  fc.assert(
    fc.property(texts, (text) => {
      const address = strings.alloc(text);
      const bytes = encoder.encode(text);
      expect(strings.read(address)).toBe(text);
      expect(strings.byteLength(address)).toBe(bytes.length);
      expect(strings.context.bytes(address + 4, bytes.length)).toEqual(bytes);
    }),
    { numRuns: 2000 },
  );
  expect(strings.read(strings.alloc("\ufeffa"))).toBe("\ufeffa");
});

test("Y81 halves of surrogate pairs, and what is no string, are refused", () => {
  const strings = new Utf8(new Heap().open("strings"));
  for (const text of ["\ud800", "a\udc00b", "\udc00\ud800", 1 as unknown as string])
    expect(() => strings.alloc(text)).toThrow(InvalidStringError);
  expect(strings.context.stats().liveObjects).toBe(0);
});

/** The order of two runs of bytes: -1, 0 or 1. */
function compareBytes(one: Uint8Array, other: Uint8Array): number {
  const at = one.findIndex((byte, position) => byte !== other[position]);
  if (at < 0) return Math.sign(one.length - other.length);
  return at >= other.length || one[at]! > other[at]! ? 1 : -1;
}

test("Y82 equals and compare decode nothing, and say what the strings' bytes say", () => {
  const strings = new Utf8(new Heap().open("strings", { kind: "bump" }));
  const pairs = fc.oneof(
    fc.tuple(texts, texts),
    texts.map((text): [string, string] => [text, text]),
    fc.tuple(texts, texts).map(([text, more]): [string, string] => [text, text + more]),
  );
  fc.assert(
    fc.property(pairs, ([a, b]) => {
      const at = strings.alloc(a);
      expect(strings.equals(at, b)).toBe(a === b);
      const order = compareBytes(encoder.encode(a), encoder.encode(b));
      expect(Math.sign(strings.compare(at, strings.alloc(b)))).toBe(order);
    }),
    { numRuns: 2000 },
  );
});

test("Y83 an address that is no string of the context is refused, and a dropped context", () => {
  const heap = new Heap();
  const strings = new Utf8(heap.open("strings"));
  const other = heap.open("other").alloc(64);
  const address = strings.alloc("text");
  for (const wrong of [0, other, address + 1, 2 ** 31, 1.5, "8" as unknown as number])
    expect(() => strings.read(wrong)).toThrow(InvalidAddressError);
  strings.free(address);
  strings.context.drop();
  expect(() => strings.read(address)).toThrow(UseAfterDropError);
  expect(() => strings.alloc("text")).toThrow(UseAfterDropError);
  expect(() => new Utf8(strings.context)).toThrow(UseAfterDropError);
  // @ts-expect-error strings are stored in contexts
  expect(() => new Utf8(heap)).toThrow(InvalidOptionError);
});

test("Y84 a utf8 field refers to a string in the context that the struct lies in", () => {
  const Person = struct("Person", { age: u32, name: utf8 });
  const heap = new Heap();
  const people = heap.open("people");
  const person = Person.cursor(heap, Person.alloc(people, { age: 36, name: "Ada" }));
  expect([person.name, Person.size, person.age]).toEqual(["Ada", 8, 36]);
  person.name = "Grace Hopper ".repeat(1000);
  expect(person.name).toBe("Grace Hopper ".repeat(1000));
  expect(people.stats().liveObjects).toBe(3);
  person.name = "";
  expect(Person.toObject(heap, person.$address)).toEqual({ age: 36, name: "" });
  expect(Person.cursor(heap, Person.alloc(people)).name).toBe("");
  expect(() => (person.name = "\ud800")).toThrow(InvalidValueError);
});
