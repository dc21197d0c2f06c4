/*
 * An object that is asked for its number can do anything, also make the array grow: the number was then stored where the array had been.
 */
import {
  BufferOverrunError,
  Heap,
  HashMap,
  InvalidValueError,
  Vec,
  struct,
  u32,
  u8,
  utf8,
} from "@perfloc/typed";
import { describe, expect, test } from "vitest";

describe.each(["off", "check", "debug"] as const)("check level %s", (check) => {
  test("Y63 a value that pushes is refused before it is asked", () => {
    using heap = new Heap({ check });
    const vec = new Vec(heap.open("numbers"), u32, { capacity: 4 });
    vec.push(1);
    let asked = 0;
    const value: any = {
      valueOf() {
        asked++;
        for (let index = 0; index < 100; index++) vec.push(index);
        return 7;
      },
    };
    expect(() => vec.push(value)).toThrow(InvalidValueError);
    expect(() => vec.set(0, value)).toThrow(InvalidValueError);
    expect([asked, ...vec]).toEqual([0, 1]);
    heap.verify();
  });

  test("V11 Y63 what an object inherits is no value of it", () => {
    class Half {
      y = 9;
      get x(): number {
        return 300;
      }
    }
    const Bytes = struct("Bytes", { y: u8, x: u8 });
    using heap = new Heap({ check });
    const context = heap.open("bytes");
    const half: any = new Half();
    const address = Bytes.alloc(context, { x: 1, y: 2 });
    Bytes.fromObject(context, address, half);
    expect(Bytes.toObject(context, address)).toEqual({ y: 9, x: 1 });
    const vec = new Vec(context, Bytes);
    vec.push(half);
    expect(vec.toArray()).toEqual([{ y: 9, x: 0 }]);
    const Odd = struct("Odd", { toString: u32, a: u8 });
    expect(Odd.toObject(context, Odd.alloc(context, { a: 1 } as any))).toEqual({
      toString: 0,
      a: 1,
    });
    heap.verify();
  });
});

test("V11 nor is it where a struct has strings", () => {
  class Named {
    name = "own";
    get id(): number {
      return 300;
    }
  }
  const untyped: any = struct;
  const Entry = untyped("Entry", { name: utf8, id: u8, toString: u32 });
  using heap = new Heap();
  const context = heap.open("entries");
  const entry: any = new Named();
  const address = Entry.alloc(context, entry);
  expect(Entry.toObject(context, address)).toEqual({ name: "own", id: 0, toString: 0 });
  const vec = new Vec(context, Entry);
  vec.push(entry);
  expect(vec.toArray()).toEqual([{ name: "own", id: 0, toString: 0 }]);
});

test("Y69 clear is done all the same when a key was overrun, and tells it once", () => {
  const heap = new Heap({ check: "debug", quarantineBytes: 64 });
  const context = heap.open("keys");
  const map = new HashMap(context, utf8, u32);
  for (const key of ["aa", "bb", "cc", "dd"]) map.set(key, 1);
  const written = heap.report().sites;
  expect(written.length).toBeGreaterThan(0);
  const { u8: bytes, base } = heap.arena.chunkAt(heap.arena.chunks[0]!.base + 8192);
  const at = bytes.findIndex((byte, index) => byte === 0x62 && bytes[index + 1] === 0x62);
  expect(at).toBeGreaterThan(0);
  bytes[at + 2] = 1;
  expect(base).toBe(0);
  expect(() => map.clear()).toThrow(BufferOverrunError);
  expect([...map.keys()]).toEqual([]);
  map.clear();
  map.set("ee", 2);
  expect([map.size, map.get("ee")]).toEqual([1, 2]);
  heap.verify();
  heap.dispose();
});
