import { inspect } from "node:util";
import {
  Heap,
  InvalidAddressError,
  InvalidValueError,
  NullReferenceError,
  PAGE_BYTES,
  Trimmer,
  UseAfterDropError,
  array,
  bool,
  f32,
  f64,
  i16,
  i32,
  i64,
  i8,
  immediate,
  struct,
  u16,
  u32,
  u64,
  u8,
} from "@perfloc/typed";
import { badAddresses } from "@perfloc-tooling/testkit";
import { expect, test } from "vitest";

const All = struct("All", {
  i8,
  u8,
  i16,
  u16,
  i32,
  u32,
  i64,
  u64,
  f32,
  f64,
  bool,
});
const Point = struct("Point", { x: f64, y: f64 });

test("V8 without checks values are stored as typed arrays store them", () => {
  const heap = new Heap({ check: "off" });
  const all = All.cursor(heap, All.alloc(heap.open("values")));
  all.i8 = 200;
  all.u8 = 300;
  all.i16 = 40_000;
  all.u16 = -1;
  all.i32 = 2 ** 31;
  all.u32 = -1;
  all.i64 = 2n ** 63n;
  all.u64 = -1n;
  all.f32 = 0.1;
  all.f64 = 0.1;
  expect(inspect(all)).toContain("i8: -56");
  expect(All.toObject(heap, all.$address)).toEqual({
    i8: -56,
    u8: 44,
    i16: -25_536,
    u16: 65_535,
    i32: -(2 ** 31),
    u32: 2 ** 32 - 1,
    i64: -(2n ** 63n),
    u64: 2n ** 64n - 1n,
    f32: Math.fround(0.1),
    f64: 0.1,
    bool: false,
  });
  all.u8 = 3.9;
  all.i32 = Number.NaN;
  expect([all.u8, all.i32]).toEqual([3, 0]);
  expect(() => {
    all.i64 = 1 as unknown as bigint;
  }).toThrow(InvalidValueError);
});

test("V8 fields may be called as the types and arrays are", () => {
  const heap = new Heap();
  const context = heap.open("names");
  const Odd = struct("Odd", { f64, chunk: u8, toString: u8, address: u16, arena: i32 });
  const odd = Odd.cursor(heap, Odd.alloc(context, { f64: 2.5, chunk: 1, toString: 2, arena: -3 }));
  expect([odd.f64, odd.chunk, odd.toString, odd.address, odd.arena]).toEqual([2.5, 1, 2, 0, -3]);
});

test("V9 a bool is one byte, 0 or 1, and any other byte is true", () => {
  const heap = new Heap();
  const context = heap.open("bools");
  const Flags = struct("Flags", { a: bool, b: bool });
  const flags = Flags.cursor(heap, Flags.alloc(context, { b: true }));
  const bytes = context.bytes(flags.$address, 2);
  expect([...bytes]).toEqual([0, 1]);
  flags.a = true;
  flags.b = false;
  expect([...bytes]).toEqual([1, 0]);
  bytes[1] = 200;
  expect(flags.b).toBe(true);
});

test("V13 cursors are views: two at one address see the same values", () => {
  const heap = new Heap();
  const context = heap.open("views");
  const first = Point.cursor(context, Point.alloc(context));
  const second = Point.cursor(heap, first.$address);
  first.x = 1.5;
  second.y = -2;
  expect([second.x, first.y]).toEqual([1.5, -2]);
  const bytes = context.bytes(first.$address, Point.size);
  expect(new DataView(bytes.buffer, bytes.byteOffset).getFloat64(0, true)).toBe(1.5);
  expect("x" in first && !Object.hasOwn(first, "x")).toBe(true);
});

test("V14, V18 a cursor moves between contexts that share a top chunk, until one is dropped", () => {
  const heap = new Heap();
  const contexts = [heap.open("one"), heap.open("other")] as const;
  const addresses = contexts.map((context, index) => Point.alloc(context, { x: index }));
  const cursor = Point.cursor(heap);
  const at = Point.at(heap);
  for (const round of [0, 1, 2]) {
    for (const [index, address] of addresses.entries()) {
      expect(cursor.$to(address).x).toBe(index);
      expect(at.x.get(address)).toBe(index);
      at.y.set(address, round);
      expect(cursor.y).toBe(round);
    }
  }
  contexts[0].drop();
  for (const use of [() => cursor.$to(addresses[0]!), () => at.x.get(addresses[0]!)])
    expect(use).toThrow(UseAfterDropError);
  expect(cursor.$to(addresses[1]!).x).toBe(1);
});

test("V14 a cursor moves through all top chunks of the heap", () => {
  const heap = new Heap({ initialChunkBytes: 4096, maxChunkBytes: 16_384 });
  const context = heap.open("many");
  const addresses = Array.from({ length: 5000 }, (_, index) => Point.alloc(context, { x: index }));
  expect(heap.arena.chunks.length).toBeGreaterThan(4);
  const point = Point.cursor(heap);
  for (const stride of [1, 7, 1009]) {
    for (let step = 0; step < addresses.length; step++) {
      const index = (step * stride) % addresses.length;
      expect(point.$to(addresses[index]!)).toBe(point);
      expect(point.x).toBe(index);
      expect(point.$address).toBe(addresses[index]);
    }
  }
});

test("V15 a cursor that points nowhere refuses to read and write", () => {
  const heap = new Heap();
  const all = All.cursor(heap);
  expect(all.$address).toBe(0);
  for (const [name, value] of Object.entries({ i8: 1, u16: 1, i64: 1n, f64: 1, bool: true })) {
    const field = name as "u8";
    expect(() => all[field]).toThrow(NullReferenceError);
    expect(() => {
      all[field] = value as number;
    }).toThrow(NullReferenceError);
  }
  expect(inspect(all)).toBe("All (points nowhere)");
  all.$to(All.alloc(heap.open("somewhere"), { u8: 5 }));
  expect(all.u8).toBe(5);
});

test("V16 bad addresses are refused, and the cursor stays where it is", () => {
  const heap = new Heap();
  const context = heap.open("bad");
  const address = Point.alloc(context, { x: 3 });
  const chunk = heap.arena.chunkAt(address);
  const lastFit = chunk.base + chunk.byteLength - Point.size;
  const attempts = [
    ...badAddresses,
    8,
    PAGE_BYTES - 8,
    address + 4,
    address + 0.5,
    lastFit + 8,
    2 ** 31,
  ];
  for (const cursor of [Point.cursor(heap), Point.cursor(heap, address)]) {
    const before = cursor.$address;
    for (const attempt of attempts) {
      expect(() => cursor.$to(attempt)).toThrow(InvalidAddressError);
      expect(cursor.$address).toBe(before);
    }
    expect(() => cursor.$to(lastFit)).toThrow(UseAfterDropError);
    expect(cursor.$to(address).x).toBe(3);
  }
  expect(() => Point.cursor(heap, 0)).toThrow("address 0 (NULL) points nowhere");
  expect(() => Point.toObject(heap, address + 4)).toThrow("is no multiple of 8");
});

test("V17 a released chunk is told from a bad address", () => {
  const heap = new Heap();
  const context = heap.open("short-lived");
  const address = Point.alloc(context, { x: 1 });
  const point = Point.cursor(heap, address);
  context.drop();
  const trimmer = new Trimmer(heap, immediate());
  expect(trimmer.trim().releasedBytes).toBeGreaterThan(0);
  for (let attempt = 0; attempt < 2; attempt++) {
    expect(() => point.$to(address)).toThrow(UseAfterDropError);
    expect(() => point.$to(address)).toThrow(
      expect.objectContaining({ code: "PERFLOC_TYPED_CHUNK_RELEASED" }),
    );
  }
  expect(() => point.$to(2 ** 31)).toThrow(InvalidAddressError);

  const again = Point.alloc(heap.open("later"), { x: 2 });
  expect(again).toBe(address);
  expect(point.$to(again).x).toBe(2);
});

test("V17 on a disposed heap every chunk was released", () => {
  const heap = new Heap();
  const point = Point.cursor(heap, Point.alloc(heap.open("c")));
  const address = point.$address;
  heap.dispose();
  expect(() => point.$to(address)).toThrow(UseAfterDropError);
});

test("V16 structs at addresses above 2^31 work like others", () => {
  const heap = new Heap({ initialChunkBytes: 2 ** 30, maxChunkBytes: 2 ** 30 });
  for (const byteLength of [2 ** 29, 2 ** 30]) heap.arena.reserve(byteLength);
  const high = heap.open("high").alloc(2 ** 29);
  expect(high).toBeGreaterThanOrEqual(2 ** 31);
  const point = Point.cursor(heap, high);
  point.y = 7;
  expect(point.$to(high + 16).$address).toBe(high + 16);
  expect(point.$to(high).y).toBe(7);
  heap.dispose();
});

const Pair = struct("Pair", { left: Point, right: Point, tags: array(u8, 4) });

function read(pair: ReturnType<typeof Pair.cursor>): number[] {
  return [pair.$address, pair.right.y, pair.tags.at(3)];
}

test("V13, V14 cursors that are made in many top chunks read their own, and leave for others", () => {
  const heap = new Heap({ initialChunkBytes: 8192, maxChunkBytes: 8192 });
  const context = heap.open("many");
  const addresses = Array.from({ length: 1500 }, (_, index) =>
    Pair.alloc(context, { right: { y: index }, tags: [1, 2, 3, index & 255] }),
  );
  expect(heap.arena.chunks.length).toBeGreaterThan(3);
  for (const [index, address] of addresses.entries()) {
    const expected = [address, index, index & 255];
    const pair = Pair.cursor(index % 2 === 0 ? heap : context, address);
    expect(read(pair)).toEqual(expected);
    const other = (index * 7) % addresses.length;
    expect(read(pair.$to(addresses[other]!))).toEqual([addresses[other], other, other & 255]);
    expect(read(Pair.cursor(heap, address))).toEqual(expected);
  }
});

test("V13, V17 a cursor sees the memory of its own heap, also when the chunk has come back", () => {
  const heaps = [new Heap({ check: "off" }), new Heap(), new Heap()];
  for (const round of [0, 1, 2]) {
    for (const [index, heap] of heaps.entries()) {
      const context = heap.open("points");
      const address = Point.alloc(context, { x: index * 10 + round });
      expect(Point.cursor(heap, address).x).toBe(index * 10 + round);
      expect(Point.cursor(context, address).$address).toBe(address);
      context.drop();
      expect(() => Point.cursor(heap, address)).toThrow(UseAfterDropError);
      expect(() => Point.cursor(context, address)).toThrow(UseAfterDropError);
      expect(heap.arena.releaseChunk(0)).toBeGreaterThan(0);
      expect(() => Point.cursor(heap, address)).toThrow(InvalidAddressError);
    }
  }
});

test("V18 a context that was dropped makes no cursor, also at an address of another that lives", () => {
  const heap = new Heap();
  const [gone, alive] = [heap.open("gone"), heap.open("alive")];
  const address = Point.alloc(alive, { x: 1 });
  expect(Point.cursor(gone, address).x).toBe(1);
  gone.drop();
  expect(() => Point.cursor(gone, address)).toThrow(
    expect.objectContaining({ code: "PERFLOC_TYPED_CONTEXT_DROPPED" }),
  );
  expect(Point.cursor(alive, address).x).toBe(1);
});

test("V16 a cursor is made at no address where `$to` would refuse to go", () => {
  const heap = new Heap();
  const address = Point.alloc(heap.open("points"));
  expect(Point.cursor(heap, address).$address).toBe(address);
  const end = heap.arena.chunks[0]!.byteLength;
  const misplaced = [address + 4, address + 0.5, end, end - 8, PAGE_BYTES - 16];
  for (const bad of [...misplaced, -8, -1, Number.NaN, 2 ** 32, 2 ** 53])
    expect(() => Point.cursor(heap, bad)).toThrow(InvalidAddressError);
  expect(() => Point.cursor(heap, 0)).toThrow(NullReferenceError);
});

test("V16 what is no number is no address, also where a cursor was made before", () => {
  const Own = struct("Own", { x: u32 });
  const home = new Heap();
  const address = Own.alloc(home.open("own"), { x: 3 });
  const bad: unknown[] = [String(address), [address], BigInt(address)];
  for (const value of bad)
    expect(() => Own.cursor(home, value as number)).toThrow(InvalidAddressError);
  expect(Own.cursor(home, address).x).toBe(3);
  for (const value of bad)
    expect(() => Own.cursor(home, value as number)).toThrow(InvalidAddressError);
});

test("V15 parts of a cursor that points nowhere refuse, too, and see the memory once it points", () => {
  const heap = new Heap();
  const pair = Pair.cursor(heap);
  const { left, tags } = pair;
  for (const use of [() => left.x, () => tags.at(0), () => tags.set(0, 1), () => pair.right.y])
    expect(use).toThrow(NullReferenceError);
  pair.$to(Pair.alloc(heap.open("pairs"), { left: { x: 3 }, tags: [4, 0, 0, 0] }));
  expect([pair.left.x, pair.tags.at(0)]).toEqual([3, 4]);
});
