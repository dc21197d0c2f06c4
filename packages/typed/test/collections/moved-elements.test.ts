/* On `debug` the view of an element that was kept while its collection grew read what lay at the old place, without a word. */
import { Heap, HashMap, UseAfterDropError, struct, u32, utf8 } from "@perfloc/typed";
import { expect, test } from "vitest";

const Entry = struct("Entry", { a: u32, name: utf8 });

test("V35 an element that was kept while its array grew is refused on debug", () => {
  using heap = new Heap({ check: "debug" });
  const vec = Entry.vector(heap.open("grows"));
  vec.push({ a: 1, name: "one" });
  const kept = vec.at(0);
  expect(kept.a).toBe(1);
  for (let a = 2; a < 10; a++) vec.push({ a });
  expect(() => kept.a).toThrow(UseAfterDropError);
  expect(() => {
    kept.a = 99;
  }).toThrow(/moved when it grew/);
  expect([vec.at(0).a, vec.at(8).a, vec.at(0).name]).toEqual([1, 9, "one"]);
  heap.verify();
});

test("V35 so is a value of a map", () => {
  using heap = new Heap({ check: "debug" });
  const map = new HashMap(heap.open("grows"), u32, Entry);
  map.set(1, { a: 1 });
  const kept = map.get(1)!;
  for (let key = 2; key < 100; key++) map.set(key, { a: key });
  expect(() => kept.a).toThrow(UseAfterDropError);
  expect(map.get(1)!.a).toBe(1);
});
