import {
  BufferOverrunError,
  HashMap,
  Heap,
  LimitExceededError,
  OutOfMemoryError,
  UseAfterFreeError,
  Vec,
  f64,
  struct,
  u32,
  utf8,
} from "@perfloc/typed";
import { FailingSource } from "@perfloc-tooling/testkit";
import { expect, test } from "vitest";

const Wide = struct("Wide", { id: u32 }, { align: 16 });

const OPTIONS = { initialChunkBytes: 16 * 1024, maxChunkBytes: 64 * 1024 };

test.each([2, 3, 4, 5, 6, 7, 8])(
  "Y69 memory that runs out while a collection grows leaves it as it was (request %s)",
  (failAt) => {
    const source = new FailingSource(failAt, true);
    const heap = new Heap({ ...OPTIONS, source });
    const context = heap.open("frame");
    const vec = new Vec(context, f64);
    const map = new HashMap(context, u32, f64);
    const texts = new HashMap(context, utf8, u32);
    const counts = { vec: 0, map: 0, texts: 0 };
    const changes = {
      vec: () => vec.push(counts.vec),
      map: () => map.set(counts.map, counts.map),
      texts: () => texts.set(`${counts.texts}`, counts.texts),
    };
    // Each goes on until it fails for itself: a small one may still find room when a large one does not.
    for (const name of ["texts", "map", "vec"] as const) {
      expect(() => {
        for (;;) {
          changes[name]();
          counts[name]++;
        }
      }).toThrow(OutOfMemoryError);
      expect(changes[name]).toThrow(OutOfMemoryError);
    }
    expect([vec.length, map.size, texts.size]).toEqual([counts.vec, counts.map, counts.texts]);
    expect(vec.toArray()).toEqual([...Array(counts.vec).keys()]);
    for (let n = 0; n < counts.map; n++) expect(map.get(n)).toBe(n);
    for (let n = 0; n < counts.texts; n++) expect(texts.get(`${n}`)).toBe(n);
    expect(counts.texts).toBeGreaterThan(0);
    heap.verify();
    heap[Symbol.dispose]();
    expect(source.live.size).toBe(0);
  },
);

test("Y69 a collection that cannot be made leaves no context behind", () => {
  const heap = new Heap();
  const context = heap.open("frame");
  const attempts = [
    () => new Vec(context, f64, { capacity: 2 ** 40 }),
    () => new HashMap(context, u32, f64, { entries: 2 ** 28 }),
    () => new HashMap(context, f64 as unknown as typeof u32, f64),
    () => new HashMap(context, u32, 5 as unknown as typeof u32),
    () => new Vec(context, f64, null as unknown as { capacity: number }),
  ];
  for (const attempt of attempts) {
    expect(attempt).toThrow(Error);
    expect(heap.stats().contexts).toBe(1);
  }
  context.setLimit(0);
  expect(() => new Vec(context, f64, { capacity: 100 })).toThrow(LimitExceededError);
  expect(heap.stats()).toMatchObject({ contexts: 1, usedBytes: 0 });
});

test("Y69 so does a limit", () => {
  const context = new Heap().open("frame");
  const vec = new Vec(context, u32);
  const map = new HashMap(context, u32, u32);
  for (let n = 0; n < 1000; n++) {
    vec.push(n);
    map.set(n, n);
  }
  context.setLimit(0);
  expect(() => vec.reserve(100_000)).toThrow(LimitExceededError);
  expect(() => map.reserve(100_000)).toThrow(LimitExceededError);
  expect([vec.at(999), map.get(999)]).toEqual([999, 999]);
  context.setLimit(Infinity);
  vec.reserve(100_000);
  map.reserve(100_000);
  expect([vec.at(999), map.get(999), vec.length, map.size]).toEqual([999, 999, 1000, 1000]);
});

test("Y69 damage that growing finds leaves a collection as it was, and nothing behind", () => {
  using heap = new Heap({ check: "debug" });
  const context = heap.open("frame");
  const vec = new Vec(context, Wide, { capacity: 4 });
  for (let id = 0; id < 4; id++) vec.push({ id });
  const address = vec.at(0).$address;
  const { u8, base } = heap.arena.chunkAt(address);
  const behind = address - base + 4 * Wide.size;
  const canary = u8[behind]!;
  u8[behind] = canary ^ 1;
  expect(() => vec.push({ id: 4 })).toThrow(BufferOverrunError);
  expect([vec.length, vec.capacity, vec.context.stats().liveObjects]).toEqual([4, 4, 1]);
  u8[behind] = canary;
  vec.push({ id: 4 });
  expect(vec.toArray().map(({ id }) => id)).toEqual([0, 1, 2, 3, 4]);
  heap.verify();
});

test("Y69 damage elsewhere that growing finds leaves a map as it was, and nothing behind", () => {
  using heap = new Heap({ check: "debug", quarantineBytes: 4096 });
  const map = new HashMap(heap.open("frame"), u32, u32);
  for (let key = 0; key < 6; key++) map.set(key, key);
  const other = heap.open("other");
  const address = other.alloc(4000);
  other.free(address);
  const { u8, base } = heap.arena.chunkAt(address);
  u8[address - base] = 1;
  const keys = map.keys();
  expect(keys.next().done).toBe(false);
  const { liveObjects } = map.context.stats();
  expect(() => map.set(6, 6)).toThrow(UseAfterFreeError);
  expect([map.size, map.has(6), map.context.stats().liveObjects]).toEqual([6, false, liveObjects]);
  expect([...map.toMap().values()].toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5]);
  expect(keys.next().done).toBe(false);
  for (let key = 6; key < 100; key++) map.set(key, key);
  expect([map.size, map.get(5), map.get(99)]).toEqual([100, 5, 99]);
});
