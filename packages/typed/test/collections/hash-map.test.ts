import {
  HashMap,
  Heap,
  InvalidKeyError,
  InvalidOptionError,
  InvalidValueError,
  MapChangedError,
  f64,
  i53,
  struct,
  u32,
  u64,
  u8,
  utf8,
} from "@perfloc/typed";
import { expect, test } from "vitest";

const Account = struct("Account", { balance: f64, visits: u32 });

test("Y70 keys at the ends of their types", () => {
  const context = new Heap().open("ends");
  const words = new HashMap(context, u32, f64);
  for (const key of [0, 1, 2 ** 31, 2 ** 32 - 1]) words.set(key, key / 2);
  expect(words.toMap()).toEqual(new Map([0, 1, 2 ** 31, 2 ** 32 - 1].map((key) => [key, key / 2])));
  const wide = new HashMap(context, u64, f64);
  for (const key of [0n, 1n, 2n ** 32n, 2n ** 64n - 1n]) wide.set(key, Number(key % 7n));
  expect(wide.toMap().get(2n ** 64n - 1n)).toBe(Number((2n ** 64n - 1n) % 7n));
  expect(new Set(wide.keys())).toEqual(new Set([0n, 1n, 2n ** 64n - 1n, 2n ** 32n]));
  const safe = new HashMap(context, i53, f64);
  const ends = [0, -1, 1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, -(2 ** 32), 2 ** 32];
  for (const key of ends) safe.set(key, key);
  for (const key of ends) expect(safe.get(key)).toBe(key);
  expect(safe.size).toBe(ends.length);
  const texts = new HashMap(context, utf8, f64);
  const strings = ["", "a", "aa", "\0", "ä", "€", "😀", "x".repeat(5000), "ä".repeat(5000)];
  for (const [index, key] of strings.entries()) texts.set(key, index);
  for (const [index, key] of strings.entries()) expect(texts.get(key)).toBe(index);
  expect(new Set(texts.keys())).toEqual(new Set(strings));
});

test("Y70 -0 is the key 0, as in a Map", () => {
  const context = new Heap().open("zero");
  for (const type of [u32, i53]) {
    const map = new HashMap(context, type, u32);
    map.set(-0, 5);
    expect([map.get(0), [...map.keys()]]).toEqual([5, [0]]);
  }
});

test("Y71 what is no key of the type is not there, and cannot be set", () => {
  const context = new Heap().open("keys");
  const noKeys: readonly unknown[] = [
    -1,
    1.5,
    Number.NaN,
    2 ** 32,
    2 ** 53,
    "1",
    undefined,
    null,
    {},
  ];
  const words = new HashMap(context, u32, u32);
  words.set(1, 1);
  for (const key of noKeys) {
    expect(() => words.set(key as number, 1)).toThrow(InvalidKeyError);
    expect([words.has(key as number), words.get(key as number)]).toEqual([false, undefined]);
    expect(words.delete(key as number)).toBe(false);
  }
  const safe = new HashMap(context, i53, u32);
  for (const key of [1.5, 2 ** 53, Number.NaN, 1n as unknown as number])
    expect(() => safe.set(key, 1)).toThrow(InvalidKeyError);
  const wide = new HashMap(context, u64, u32);
  for (const key of [-1n, 2n ** 64n, 1 as unknown as bigint]) {
    expect(wide.has(key)).toBe(false);
    expect(() => wide.set(key, 1)).toThrow(InvalidKeyError);
  }
  const texts = new HashMap(context, utf8, u32);
  for (const key of ["\ud800", 1 as unknown as string]) {
    expect(texts.has(key)).toBe(false);
    expect(() => texts.set(key, 1)).toThrow(InvalidKeyError);
  }
  expect([words.size, safe.size, wide.size, texts.size]).toEqual([1, 0, 0, 0]);
});

test("Y71 keys are u32, i53, u64 or utf8", () => {
  const context = new Heap().open("types");
  expect(() => new HashMap(context, u8, u32)).toThrow(InvalidOptionError);
  expect(() => new HashMap(context, undefined as never, u32)).toThrow(InvalidOptionError);
  expect(() => new HashMap(context, u32, "u32" as never)).toThrow(InvalidOptionError);
});

test("Y63 a value that is refused leaves the map as it was", () => {
  const map = new HashMap(new Heap().open("map"), u32, u8);
  map.set(1, 1);
  expect(() => map.set(1, 256)).toThrow(InvalidValueError);
  expect(() => map.set(0, 256)).toThrow(InvalidValueError);
  expect(() => map.set(2, -1)).toThrow(InvalidValueError);
  expect(map.toMap()).toEqual(new Map([[1, 1]]));
  const accounts = new HashMap(new Heap().open("map"), u32, Account);
  expect(() => accounts.set(1, { visits: -1 })).toThrow(InvalidValueError);
  expect(accounts.size).toBe(0);
});

test("Y72 struct values are one view, which is moved; obtain adds a zeroed one", () => {
  const accounts = new HashMap(new Heap().open("accounts"), u32, Account);
  for (let key = 0; key < 3000; key++) accounts.set(key, { balance: key });
  const first = accounts.get(1)!;
  expect(accounts.get(2)).toBe(first);
  expect(first.balance).toBe(2);
  accounts.obtain(2).visits++;
  accounts.obtain(9999).visits++;
  expect([accounts.toMap().get(2), accounts.toMap().get(9999)]).toEqual([
    { balance: 2, visits: 1 },
    { balance: 0, visits: 1 },
  ]);
  accounts.delete(9999);
  expect(accounts.obtain(9999).visits).toBe(0);
});

test("Y73 an iteration ends with MapChangedError once a key was added or deleted", () => {
  const map = new HashMap(new Heap().open("map"), u32, u32);
  for (let key = 0; key < 10; key++) map.set(key, key);
  const add = (): void => {
    for (const { key } of map) map.set(key + 100, 0);
  };
  const remove = (): void => {
    for (const key of map.keys()) map.delete(key);
  };
  expect(add).toThrow(MapChangedError);
  expect(remove).toThrow(MapChangedError);
  map.set(5, 5);
  for (const { key, value } of map) map.set(key, value + 1);
  expect(map.get(5)).toBe(6);
  expect([...map.values()].length).toBe(map.size);
});

test("Y74 deletes leave nothing behind: a map of a thousand keys that is used for long does not grow", () => {
  const context = new Heap().open("churn");
  for (const [type, keyOf] of [
    [u32, (n: number) => n],
    [utf8, (n: number) => `key ${n}`],
  ] as const) {
    const map = new HashMap(context, type as typeof u32, u32);
    for (let n = 0; n < 1000; n++) map.set(keyOf(n) as number, n);
    const { usedBytes } = map.context.stats();
    for (let n = 0; n < 100_000; n++) {
      expect(map.delete(keyOf(n) as number)).toBe(true);
      map.set(keyOf(n + 1000) as number, n + 1000);
    }
    expect(map.size).toBe(1000);
    // Strings that got a little longer need other size classes.
    expect(map.context.stats().usedBytes).toBeLessThanOrEqual(usedBytes * 3);
  }
});

test("Y74 clear keeps the table, and frees strings", () => {
  const map = new HashMap(new Heap().open("map"), utf8, u32);
  for (let round = 0; round < 3; round++) {
    for (let n = 0; n < 500; n++) map.set(`key ${n}`, n);
    map.clear();
    expect([map.size, map.has("key 1"), [...map]]).toEqual([0, false, []]);
  }
  expect(map.context.stats().liveObjects).toBe(1);
});

test("Y75 with room for all entries the table is made once", () => {
  const map = new HashMap(new Heap().open("map"), u32, u32, { entries: 1000 });
  const { usedBytes } = map.context.stats();
  for (let key = 0; key < 1000; key++) map.set(key, key);
  expect(map.context.stats().usedBytes).toBe(usedBytes);
  map.reserve(100_000);
  expect(map.context.stats().usedBytes).toBeGreaterThan(usedBytes);
  expect(map.get(999)).toBe(999);
});
