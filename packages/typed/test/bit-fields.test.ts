/** Bit fields of 64 bits, in big-endian order, and what they are to TypeScript. */
import {
  Heap,
  InvalidTypeError,
  InvalidValueError,
  type ViewOf,
  aligned,
  array,
  be,
  bits,
  bool,
  clamping,
  i64,
  le,
  struct,
  u16,
  u32,
  u64,
  u8,
  wrapping,
} from "@perfloc/typed";
import { expect, expectTypeOf, test } from "vitest";

test("V60 a bit field is a boolean, a number or a bigint by its width, in TypeScript and at run time", () => {
  const Wide = struct("Wide", {
    u: bits(u64, { on: 1, low: 2, most: 53, _: 0, least: 54 }),
    i: bits(i64, { all: 64 }),
    b: bits(bool, { set: 1 }),
  });
  type Wide = ViewOf<typeof Wide>;
  expectTypeOf<Wide["u"]["on"]>().toEqualTypeOf<boolean>();
  expectTypeOf<Wide["u"]["low"]>().toEqualTypeOf<number>();
  expectTypeOf<Wide["u"]["most"]>().toEqualTypeOf<number>();
  expectTypeOf<Wide["u"]["least"]>().toEqualTypeOf<bigint>();
  expectTypeOf<Wide["i"]["all"]>().toEqualTypeOf<bigint>();
  expectTypeOf<Wide["b"]["set"]>().toEqualTypeOf<boolean>();
  using heap = new Heap();
  const wide = Wide.cursor(heap, Wide.alloc(heap.open("wide"), { i: { all: -1n } }));
  expect(Wide.toObject(heap, wide.$address)).toEqual({
    u: { on: false, low: 0, most: 0, least: 0n },
    i: { all: -1n },
    b: { set: false },
  });
  // @ts-expect-error 54 bits are a bigint
  expect(() => (wide.u.least = 1)).toThrow("takes a bigint from 0 to 18014398509481983, not 1");
  // @ts-expect-error 53 bits are a number
  expect(() => (wide.u.most = 1n)).toThrow(InvalidValueError);
  const width: number = 3;
  const Unknown = struct("Unknown", { f: bits(u8, { x: width }) });
  expectTypeOf<ViewOf<typeof Unknown>["f"]["x"]>().toEqualTypeOf<boolean | number | bigint>();
  expect(Unknown.size).toBe(1);
});

test("V60 bigints in bit fields wrap and clamp as their base type does", () => {
  const Both = struct("Both", {
    w: bits(wrapping(i64), { a: 60 }),
    c: bits(clamping(i64), { a: 60 }),
  });
  using heap = new Heap();
  const address = Both.alloc(heap.open("both"), { w: { a: 2n ** 59n }, c: { a: 2n ** 80n } });
  expect(Both.toObject(heap, address)).toEqual({
    w: { a: -(2n ** 59n) },
    c: { a: 2n ** 59n - 1n },
  });
});

/** RFC 791: a header as it is drawn there, each word from its highest bit on. */
const Ipv4 = struct(
  "Ipv4",
  {
    first: be(bits(u8, { version: 4, headerWords: 4 })),
    service: u8,
    totalLength: be(u16),
    id: be(u16),
    fragment: be(bits(u16, { reserved: 1, dontFragment: 1, moreFragments: 1, offset: 13 })),
  },
  { packed: true },
);

test("V61 a packet is read and written as its RFC draws it, at any byte", () => {
  const packet = Uint8Array.of(0, 0x45, 0, 0x05, 0xdc, 0x12, 0x34, 0x40, 0x00);
  const header = Ipv4.over(packet, 1);
  expect(header.first.version).toBe(4);
  expect(header.first.headerWords).toBe(5);
  expect(header.totalLength).toBe(1500);
  expect(header.fragment.dontFragment).toBe(true);
  expect(header.fragment.offset).toBe(0);
  header.fragment.$set({ dontFragment: false, moreFragments: true, offset: 0x1abc });
  expect([...packet.subarray(7)]).toEqual([0x3a, 0xbc]);
  expectTypeOf<ViewOf<typeof Ipv4>["fragment"]["offset"]>().toEqualTypeOf<number>();
});

test("V61 groups in a big-endian struct continue in the same unit, and those in be() or le() do not", () => {
  const Fields = struct("Fields", { a: bits(u16, { x: 4 }), b: bits(u16, { y: 12 }) });
  const Apart = struct("Apart", { a: be(bits(u16, { x: 4 })), b: be(bits(u16, { y: 12 })) });
  const Mixed = struct("Mixed", { a: bits(u16, { x: 4 }), b: le(bits(u16, { y: 12 })) });
  const Outer = struct("Outer", {
    big: be(Fields),
    apart: Apart,
    mixed: be(Mixed),
    list: be(array(Fields, 2)),
  });
  expect([Fields.size, Apart.size, Mixed.size]).toEqual([2, 4, 4]);
  using heap = new Heap();
  const context = heap.open("fields");
  const values = { a: { x: 0xf }, b: { y: 0xabc } };
  const whole = { big: values, apart: values, mixed: values, list: [values, values] };
  const address = Outer.alloc(context, whole);
  const big = [0xfa, 0xbc];
  const apart = [0xf0, 0, 0xab, 0xc0];
  const mixed = [0xf0, 0, 0xbc, 0x0a];
  expect([...context.bytes(address, Outer.size)]).toEqual([
    ...big,
    ...apart,
    ...mixed,
    ...big,
    ...big,
  ]);
  expect(Outer.toObject(heap, address)).toEqual(whole);
  expect(Outer.equals(heap, address, Outer.alloc(context, whole))).toBe(true);
  const columns: any = Outer.columns(context, 2);
  columns.big.set(1, values);
  expect(columns.big.toArray()).toEqual([{ a: { x: 0 }, b: { y: 0 } }, values]);
});

function hashOf(type: typeof u8): string {
  return struct("S", { f: type }).layoutHash;
}

test("V61 a struct whose bit fields are in another order is another one to its hash, and shows it in C", () => {
  const group: any = bits(u16, { x: 4, y: 12 });
  expect(new Set([hashOf(group), hashOf(be(group)), hashOf(le(group))]).size).toBe(3);
  expect(Ipv4.toC()).toContain(
    'struct { uint8_t version : 4; uint8_t headerWords : 4; } __attribute__((scalar_storage_order("big-endian"))) first;',
  );
});

test("V62 aligned() refuses a group of bit fields at once, and a group in a struct may be aligned", () => {
  const group = bits(u32, { a: 3 });
  expect(() => aligned(group, 64)).toThrow(InvalidTypeError);
  expect(() => aligned(group, 64)).toThrow("its type is a group of bit fields");
  const Group = struct("Group", { f: group });
  expect(struct("S", { x: u8, g: aligned(Group, 64) }).offsetOf("g")).toBe(64);
  expect(struct("S", { x: u8, g: aligned(be(group), 64) }).offsetOf("g")).toBe(64);
  for (const widths of [{ a: 65 }, { a: 0 }, { a: 1.5 }, { _: 65, a: 1 }])
    expect(() => bits(u64, widths)).toThrow(InvalidTypeError);
});

test("V60 toC says of each big-endian number that it is one", () => {
  const Header = struct("Header", { kind: u8, length: be(u16), plain: u16 }, { packed: true });
  expect(Header.toC()).toContain("uint16_t length /* big-endian */;");
  expect(Header.toC()).toContain("uint16_t plain;");
});
