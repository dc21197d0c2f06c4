import { Buffer } from "node:buffer";
import { runInNewContext } from "node:vm";
import {
  InvalidOptionError,
  InvalidSizeError,
  InvalidStructError,
  array,
  be,
  bits,
  f64,
  i64,
  struct,
  text,
  u16,
  u32,
  u8,
  utf8,
} from "@perfloc/typed";
import { describe, expect, test } from "vitest";

const Inner = struct("Inner", { a: u16, b: be(u32) });
const Packet = struct("Packet", {
  kind: u8,
  size: be(u16),
  flags: bits(u8, { urgent: 1, level: 3 }),
  time: f64,
  serial: i64,
  inner: Inner,
  list: array(u16, 3),
  name: text(6),
});

const values = {
  kind: 7,
  size: 0x1234,
  flags: { urgent: true, level: 5 },
  time: 0.25,
  serial: -5n,
  inner: { a: 3, b: 0x01020304 },
  list: [1, 2, 3],
  name: "grün",
};

/** Buffers of 200 bytes, with what is before them in their ArrayBuffer. */
const buffers = {
  ArrayBuffer: () => new ArrayBuffer(200),
  SharedArrayBuffer: () => new SharedArrayBuffer(200),
  Uint8Array: () => new Uint8Array(new ArrayBuffer(300), 40, 200),
  "Uint8Array at an odd place": () => new Uint8Array(new ArrayBuffer(300), 41, 200),
  DataView: () => new DataView(new ArrayBuffer(300), 4, 200),
  Float64Array: () => new Float64Array(25),
  Buffer: () => Buffer.alloc(200),
  "Buffer of the pool": () => Buffer.from("x".repeat(200)).fill(0),
  "ArrayBuffer of another realm": () => runInNewContext("new ArrayBuffer(200)") as ArrayBuffer,
};

// A page that is not cross-origin isolated has no such buffers.
const hasShared = typeof SharedArrayBuffer === "function";
const kinds = Object.entries(buffers).filter(([name]) => hasShared || name !== "SharedArrayBuffer");

describe.each(kinds)("over a %s", (_name, make) => {
  test.each([0, 1, 2, 4, 8, 13])("V41 a struct is read and written at byte %i", (byteOffset) => {
    const buffer = make();
    const packet = Packet.over(buffer, byteOffset);
    packet.$set(values);
    expect(JSON.parse(JSON.stringify(packet))).toEqual({ ...values, serial: "-5" });
    const { buffer: all, byteOffset: start } = ArrayBuffer.isView(buffer)
      ? buffer
      : { buffer, byteOffset: 0 };
    const bytes = new DataView(all, start + byteOffset, Packet.size);
    expect(bytes.getUint8(0)).toBe(7);
    expect(bytes.getUint16(Packet.offsetOf("size"))).toBe(0x1234);
    expect(bytes.getFloat64(Packet.offsetOf("time"), true)).toBe(0.25);
    expect(bytes.getBigInt64(Packet.offsetOf("serial"), true)).toBe(-5n);
    expect(bytes.getUint32(Packet.offsetOf("inner.b"))).toBe(0x01020304);
    packet.inner.b = 9;
    packet.list.set(1, 500);
    packet.flags.level = 2;
    expect(bytes.getUint32(Packet.offsetOf("inner.b"))).toBe(9);
    expect(bytes.getUint16(Packet.offsetOf("list") + 2, true)).toBe(500);
    expect(packet.flags).toMatchObject({ urgent: true, level: 2 });
    expect(packet.$address).toBe(start + byteOffset);
  });
});

test("V41 a view moves along a buffer, as far as structs fit", () => {
  const Point = struct("Point", { x: u16, y: u16 });
  const bytes = new Uint8Array(new ArrayBuffer(64), 2, 18);
  bytes.forEach((_, index) => (bytes[index] = index));
  const point = Point.over(bytes);
  for (let at = 0; at <= 14; at += 2)
    expect(point.$moveTo(at)).toMatchObject({
      x: at | ((at + 1) << 8),
      y: at + 2 + ((at + 3) << 8),
    });
  expect(() => point.$moveTo(16)).toThrow(InvalidSizeError);
  expect(() => point.$moveTo(-2)).toThrow(InvalidSizeError);
  expect(() => point.$moveTo(3)).toThrow(/moves by multiples of 2/);
  expect(point.$address).toBe(16);
});

test.each([-1, 0.5, 5, NaN, "1", 2 ** 32])(
  "V41 byte %s is refused where the struct ends at 4",
  (byteOffset) => {
    const Word = struct("Word", { x: u32 });
    expect(() => Word.over(new ArrayBuffer(8), byteOffset as number)).toThrow(InvalidSizeError);
  },
);

test.each([undefined, null, 5, {}, [], "bytes", Object.create(ArrayBuffer.prototype) as object])(
  "V41 %o is no buffer",
  (value) => {
    const Word = struct("Word", { x: u32 });
    expect(() => Word.over(value as ArrayBuffer)).toThrow(InvalidOptionError);
  },
);

test("V41 what is too short, detached or needs a heap is refused", () => {
  const Word = struct("Word", { x: u32 });
  expect(() => Word.over(new ArrayBuffer(3))).toThrow(/has 4 bytes, and the buffer 3/);
  const buffer = new ArrayBuffer(8);
  structuredClone(buffer, { transfer: [buffer] });
  expect(() => Word.over(buffer)).toThrow(/has 4 bytes, and the buffer 0/);
  const Line = struct("Line", { text: utf8 });
  expect(() => Line.over(new ArrayBuffer(8))).toThrow(InvalidStructError);
});

test("V41 values are checked as in a heap", () => {
  const Byte = struct("Byte", { x: u8 });
  const byte = Byte.over(new ArrayBuffer(1));
  expect(() => (byte.x = 256)).toThrow(/takes an integer from 0 to 255/);
  expect(() => byte.$set({ x: -1 })).toThrow(/takes an integer from 0 to 255/);
  expect(() => byte.$set({ y: 1 } as never)).toThrow(/has no field "y"/);
});
