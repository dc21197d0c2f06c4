/*
 * Capacities that are no whole numbers, or too large for 32 bits: a collection once believed in room that it did not have, and wrote
 * over what lay behind it.
 */
import {
  Heap,
  HashMap,
  InvalidKeyError,
  InvalidOptionError,
  InvalidSizeError,
  Vec,
  f64,
  i53,
  struct,
  u32,
  utf8,
} from "@perfloc/typed";
import { describe, expect, test } from "vitest";

const Pair = struct("Pair", { name: utf8, value: f64 });
const wrongCounts = [1.5, Number.NaN, -1, Infinity, 2 ** 31, 2 ** 32 + 16, "16", 5n, {}, null];

function unchecked(value: unknown): any {
  return value;
}

describe.each(wrongCounts)("%s elements", (count) => {
  test("Y69 are refused by a Vec, which stays as it was", () => {
    using heap = new Heap();
    const context = heap.open("counts");
    const options = unchecked({ capacity: count });
    expect(() => new Vec(context, Pair, options)).toThrow(InvalidSizeError);
    expect(context.stats().children).toHaveLength(0);
    const pairs = new Vec(context, Pair);
    pairs.push({ name: "first", value: 1 });
    expect(() => pairs.reserve(unchecked(count))).toThrow(InvalidSizeError);
    for (let value = 2; value < 20; value++) pairs.push({ name: `name ${value}`, value });
    expect(pairs.at(0).name).toBe("first");
    heap.verify();
  });

  test("Y69 are refused by a HashMap, which stays as it was", () => {
    using heap = new Heap();
    const context = heap.open("counts");
    const options = unchecked({ entries: count });
    expect(() => new HashMap(context, u32, Pair, options)).toThrow(InvalidSizeError);
    const map = new HashMap(context, u32, u32);
    map.set(5, 6);
    expect(() => map.reserve(unchecked(count))).toThrow(InvalidSizeError);
    expect([map.get(5), map.size]).toEqual([6, 1]);
    heap.verify();
  });
});

test.each([4e8, 2 ** 29, 2 ** 30])(
  "Y69 room for %d entries is refused, and nothing is touched",
  (entries) => {
    using heap = new Heap();
    const map = new HashMap(heap.open("map"), u32, u32);
    map.set(5, 6);
    const other = heap.open("other");
    const address = other.alloc(64);
    other.bytes(address, 64).fill(9);
    expect(() => map.reserve(entries)).toThrow(InvalidSizeError);
    expect(() => new HashMap(other, i53, f64, { entries })).toThrow(InvalidSizeError);
    expect(map.get(5)).toBe(6);
    expect(other.bytes(address, 64).every((byte) => byte === 9)).toBe(true);
    heap.verify();
  },
);

test("Y69 options that are no object are refused", () => {
  using heap = new Heap();
  const context = heap.open("options");
  for (const options of [null, 5, "x", true]) {
    expect(() => new Vec(context, u32, unchecked(options))).toThrow(InvalidOptionError);
    expect(() => new HashMap(context, u32, u32, unchecked(options))).toThrow(InvalidOptionError);
  }
  expect(context.stats().children).toHaveLength(0);
});

test("Y69 -0 elements are 0", () => {
  using heap = new Heap();
  const vec = new Vec(heap.open("zero"), u32, { capacity: -0 });
  vec.push(1);
  vec.truncate(-0);
  expect(vec.length).toBe(0);
});

test("Y71 what is no number is no key of 32 bits", () => {
  using heap = new Heap();
  const map = new HashMap(heap.open("map"), u32, u32);
  map.set(0, 1).set(7, 2);
  for (const key of [5n, 7n, Symbol("7"), "7", null, {}]) {
    expect(map.has(unchecked(key))).toBe(false);
    expect(map.get(unchecked(key))).toBeUndefined();
    expect(map.delete(unchecked(key))).toBe(false);
    expect(() => map.set(unchecked(key), 1)).toThrow(InvalidKeyError);
  }
  expect(map.size).toBe(2);
});

test("Y69 misspelt options are refused, and nothing is left behind", () => {
  using heap = new Heap();
  const context = heap.open("options");
  expect(() => new Vec(context, u32, unchecked({ cap: 5 }))).toThrow(/the only option is capacity/);
  expect(() => new HashMap(context, u32, u32, unchecked({ capacity: 5 }))).toThrow(
    /the only option is entries/,
  );
  expect(context.stats().children).toEqual([]);
});
