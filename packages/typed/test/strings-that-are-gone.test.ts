/*
 * A field that refers to a string which is gone, or that was overwritten, once read up to the end of the top chunk: the bytes of other
 * contexts among them.
 */
import {
  Heap,
  InvalidAddressError,
  Trimmer,
  UseAfterDropError,
  Utf8,
  struct,
  u32,
  utf8,
} from "@perfloc/typed";
import { describe, expect, test } from "vitest";

const Name = struct("Name", { text: utf8, id: u32 });

describe.each(["off", "check", "sample", "debug"] as const)("check level %s", (check) => {
  test("Y84 a string that went with a rollback is refused", () => {
    using heap = new Heap({ check });
    const context = heap.open("names");
    const address = Name.alloc(context, { text: "first" });
    const mark = context.checkpoint();
    Name.cursor(heap, address).text = "second";
    context.rollback(mark);
    const cursor = Name.cursor(heap, address);
    expect(() => cursor.text).toThrow(InvalidAddressError);
    expect(() => cursor.text).toThrow(/field text of struct Name/);
    cursor.text = "third";
    expect(cursor.text).toBe("third");
  });

  test("Y84 what is no string is not read", () => {
    using heap = new Heap({ check });
    const context = heap.open("names");
    const address = Name.alloc(context, { text: "first" });
    const long = context.alloc(64);
    context.bytes(long, 64).fill(65);
    const { u32: words, base } = heap.arena.chunkAt(address);
    for (const wrong of [long, long + 4, long + 1, 2 ** 31, 8]) {
      words[(address - base) / 4] = wrong;
      expect(() => Name.cursor(heap, address).text).toThrow(InvalidAddressError);
      expect(() => Name.toObject(heap, address)).toThrow(InvalidAddressError);
    }
  });
});

test("V24 a string of memory that was given back is refused by what happened", () => {
  const heap = new Heap();
  const context = heap.open("names");
  const cursor = Name.cursor(heap, Name.alloc(context, { text: "first" }));
  context.drop();
  new Trimmer(heap).trim({ force: true });
  expect(() => cursor.text).toThrow(UseAfterDropError);
  expect(() => cursor.text).toThrow(/given back to the OS/);
  heap.dispose();
});

test("Y80 what is no text equals no string", () => {
  using heap = new Heap();
  const strings = new Utf8(heap.open("strings"));
  const address = strings.alloc("a");
  for (const other of [undefined, null, 5, {}])
    expect(strings.equals(address, other as any)).toBe(false);
});
