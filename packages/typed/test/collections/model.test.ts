/** Random operations on collections, against JavaScript's Map and arrays. */
import {
  type FieldType,
  HashMap,
  Heap,
  type MemoryContext,
  Vec,
  f64,
  i53,
  struct,
  u32,
  u64,
  u8,
  utf8,
} from "@perfloc/typed";
import * as fc from "fast-check";
import { expect, test } from "vitest";

/** Runs of a property, and the operations of each at the most: together more than 200,000 operations are made. */
const RUNS = 250;
const OPERATIONS = 1000;

const Pair = struct("Pair", { left: f64, right: u8 });

const kinds = ["bump", "allocset"] as const;

/** What `count` operations do, from a few numbers each. */
const programs = fc.record({
  kind: fc.constantFrom(...kinds),
  keySpan: fc.constantFrom(4, 40, 4000),
  operations: fc.array(fc.tuple(fc.nat({ max: 99 }), fc.nat(), fc.nat({ max: 255 })), {
    minLength: OPERATIONS / 2,
    maxLength: OPERATIONS,
    size: "max",
  }),
});

/** Keys that meet at the ends of their types, and in the same homes. */
const keysOf: readonly (readonly [FieldType, (n: number) => unknown])[] = [
  [u32, (n) => (n % 3 === 0 ? 2 ** 32 - 1 - n : n % 3 === 1 ? n : Math.imul(n, 2 ** 20) >>> 0)],
  [i53, (n) => (n % 2 === 0 ? n * 2 ** 32 : -n)],
  [u64, (n) => (n % 2 === 0 ? BigInt(n) << 50n : 2n ** 64n - BigInt(n))],
  [utf8, (n) => (n % 2 === 0 ? `key ${n}` : "ä€😀".repeat(n % 50) + n)],
];

function checkMap(
  context: MemoryContext,
  map: HashMap<any, any>,
  model: Map<unknown, number>,
): void {
  expect(map.size).toBe(model.size);
  expect(map.toMap()).toEqual(model);
  const seen = new Map<unknown, unknown>();
  for (const { key, value } of map) seen.set(key, value);
  expect(seen).toEqual(model);
  expect(context.isDropped).toBe(false);
}

test.each(keysOf)("Y76 a map with keys of type $name does what a Map does", (type, keyOf) => {
  let operationCount = 0;
  fc.assert(
    fc.property(programs, ({ kind, keySpan, operations }) => {
      const heap = new Heap();
      const context = heap.open("model", { kind });
      const map = new HashMap<FieldType, typeof u32>(context, type, u32);
      const model = new Map<unknown, number>();
      for (const [choice, number, value] of operations) {
        const key = keyOf(number % keySpan);
        operationCount++;
        if (choice < 50) {
          map.set(key, value);
          model.set(key, value);
        } else if (choice < 80) {
          if (map.delete(key) !== model.delete(key)) throw new Error(`delete of ${String(key)}`);
        } else if (choice < 99) {
          if (map.get(key) !== model.get(key)) throw new Error(`get of ${String(key)}`);
          if (map.has(key) !== model.has(key)) throw new Error(`has of ${String(key)}`);
        } else if (value < 20) {
          map.clear();
          model.clear();
        } else map.reserve(value);
      }
      checkMap(context, map, model);
      heap.verify();
    }),
    { numRuns: RUNS },
  );
  expect(operationCount).toBeGreaterThan(RUNS * (OPERATIONS / 2));
});

test("Y68 an array does what JavaScript's does", () => {
  let operationCount = 0;
  fc.assert(
    fc.property(programs, ({ kind, operations }) => {
      const heap = new Heap();
      const context = heap.open("model", { kind });
      const numbers = new Vec(context, f64);
      const pairs = new Vec(context, Pair);
      const model: number[] = [];
      for (const [choice, number, value] of operations) {
        const index = model.length === 0 ? 0 : number % model.length;
        operationCount++;
        if (choice < 60) {
          model.push(number);
          numbers.push(number);
          pairs.push({ left: number, right: value });
        } else if (choice < 75) {
          if (model.length !== numbers.length) throw new Error("length");
          const last = model.pop();
          if (numbers.pop() !== last || pairs.pop()?.left !== last) throw new Error("pop");
        } else if (choice < 98) {
          if (model.length === 0) continue;
          if (numbers.at(index) !== model[index] || pairs.at(index).left !== model[index])
            throw new Error(`at ${index}`);
          model[index] = value;
          numbers.set(index, value);
          pairs.at(index).left = value;
        } else if (choice === 98) {
          model.length = index;
          numbers.truncate(index);
          pairs.truncate(index);
        } else numbers.reserve(model.length + value);
      }
      expect(numbers.toArray()).toEqual(model);
      expect([...numbers]).toEqual(model);
      expect(Array.from(pairs, ({ left }) => left)).toEqual(model);
      heap.verify();
    }),
    { numRuns: RUNS },
  );
  expect(operationCount).toBeGreaterThan(RUNS * (OPERATIONS / 2));
});
