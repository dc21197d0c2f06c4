/* Faults that users of comparable libraries reported, each with its kind: all widths, all layouts, all ways to write. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import {
  HashMap,
  Heap,
  type Struct,
  Vec,
  array,
  bits,
  clamping,
  custom,
  date,
  i16,
  i32,
  i64,
  i8,
  struct,
  u16,
  u32,
  u64,
  u8,
  wrapping,
} from "@perfloc/typed";
import { describe, expect, test } from "vitest";

const signedTypes = { i8, i16, i32, i64 };
const unsignedTypes = { u8, u16, u32, u64 };

/** Every value of a short field, and those at the edges of a long one. */
function valuesOfField(width: number, isSigned: boolean): (number | bigint)[] {
  const least = isSigned ? -(2n ** BigInt(width - 1)) : 0n;
  const most = least + 2n ** BigInt(width) - 1n;
  const values =
    width <= 5
      ? Array.from({ length: 2 ** width }, (_, index) => least + BigInt(index))
      : [least, least + 1n, -1n, 0n, 1n, most >> 31n, most - 1n, most];
  return values
    .filter((value) => value >= least)
    .map((value) => (width > 53 ? value : Number(value)));
}

describe.each([
  ...Object.entries(signedTypes).map(([name, type]) => ({ name, type, isSigned: true })),
  ...Object.entries(unsignedTypes).map(([name, type]) => ({ name, type, isSigned: false })),
])("bit fields of $name", ({ type, isSigned }) => {
  const widest = type.byteLength * 8;
  const widths = Array.from({ length: widest - 1 }, (_, index) => index + 2);

  test.each(widths)("V20, V60 hold every value of %i bits, behind any bit", (width) => {
    using heap = new Heap();
    const context = heap.open("a");
    for (const [before, packed] of [
      [1, false],
      [3, true],
      [7, true],
    ] as const) {
      if (before > widest) continue;
      const Flags: Struct<any> = struct(
        "Flags",
        { g: bits(type, { before, b: width }) },
        { packed },
      );
      const flags: any = Flags.cursor(context, Flags.alloc(context));
      for (const value of valuesOfField(width, isSigned)) {
        flags.g.b = value;
        expect(flags.g.b).toBe(value);
        const read = Flags.toObject(context, flags.$address);
        const again = Flags.alloc(context, read);
        expect(Flags.toObject(context, again)).toEqual(read);
        context.free(again);
      }
    }
  });

  test.each(widths.filter((width) => width <= 32))(
    "V27 of %i bits wrap or clamp, whichever way they are written, at every level",
    (width) => {
      const least = isSigned ? -(2 ** (width - 1)) : 0;
      const most = least + 2 ** width - 1;
      const Flags = struct("Flags", {
        w: bits(wrapping(type), { a: width }),
        c: bits(clamping(type), { a: width }),
      });
      for (const check of ["off", "check", "debug"] as const) {
        using heap = new Heap({ check });
        const context = heap.open("a");
        for (const value of [least - 1, most + 1, most + 2, least - 2 ** width, 1e12, -1e12]) {
          const low = value - Math.floor((value - least) / 2 ** width) * 2 ** width;
          const near = Math.min(Math.max(value, least), most);
          const given = { w: { a: value }, c: { a: value } };
          const right = { w: { a: low }, c: { a: near } };
          const flags = Flags.cursor(context, Flags.alloc(context));
          flags.w.a = value;
          flags.c.a = value;
          expect(Flags.toObject(context, flags.$address)).toEqual(right);
          flags.$set({ w: { a: 0 }, c: { a: 0 } });
          flags.$set(given);
          expect(Flags.toObject(context, flags.$address)).toEqual(right);
          expect(Flags.toObject(context, Flags.alloc(context, given))).toEqual(right);
          const records = new Vec(context, Flags);
          records.push(given);
          expect(records.toArray()).toEqual([right]);
        }
      }
    },
  );
});

describe("dates", () => {
  test("V29 of other realms are stored, and what a program made of their methods is not asked", () => {
    using heap = new Heap();
    const context = heap.open("a");
    const Event = struct("Event", { when: date });
    const foreign = runInNewContext("new Date(5)") as Date;
    const overridden = Object.assign(new Date(6), { getTime: () => "boo" });
    for (const [value, time] of [
      [foreign, 5],
      [overridden, 6],
    ] as const) {
      const address = Event.alloc(context, { when: value });
      expect(Event.toObject(context, address).when.getTime()).toBe(time);
      Event.cursor(context, address).when = value;
      expect(Event.toObject(context, address).when.getTime()).toBe(time);
    }
    const invalid = runInNewContext("new Date(NaN)") as Date;
    const imitation = Object.create(Date.prototype) as Date;
    for (const value of [invalid, imitation])
      expect(() => Event.alloc(context, { when: value })).toThrow(/takes a valid Date/);
  });
});

/** A type whose encode runs `act` for the value 1000, once. */
function acting(act: () => void): ReturnType<typeof custom<number, number>> {
  let hasActed = false;
  return custom<number, number>(u32, {
    decode: (stored) => stored,
    encode(value) {
      if (value === 1000 && !hasActed) {
        hasActed = true;
        act();
      }
      return value;
    },
  });
}

describe.each(["off", "check", "debug"] as const)(
  "a codec of the program's that comes back, on %s",
  (check) => {
    test("V40 pushes to the array that is pushed to: the outer element comes last", () => {
      using heap = new Heap({ check });
      const context = heap.open("a");
      const type = acting(() => {
        for (let i = 0; i < 50; i++) values.push(i);
      });
      const values: Vec<typeof type> = new Vec(context, type);
      values.push(1);
      values.push(1000);
      expect(values.length).toBe(52);
      expect(values.toArray().at(-1)).toBe(1000);
      heap.verify();
    });

    test("V40 changes the map that is written to", () => {
      using heap = new Heap({ check });
      const context = heap.open("a");
      const type = acting(() => {
        for (let i = 0; i < 50; i++) map.set(i, i);
        map.delete(3);
      });
      const map: HashMap<typeof u32, typeof type> = new HashMap(context, u32, type);
      map.set(3, 1000);
      expect(map.get(3)).toBe(1000);
      expect(map.size).toBe(50);
      heap.verify();
    });

    test("V40 drops the context: the push is refused, and another object has its bytes", () => {
      using heap = new Heap({ check, onLeak: () => undefined });
      const context = heap.open("a");
      let bytes: Uint8Array | undefined;
      const type = acting(() => {
        context.drop();
        const other = heap.open("other");
        bytes = other.bytes(other.alloc(2000), 2000).fill(7);
      });
      const Pair = struct("Pair", { a: u32, b: type });
      const pairs = Pair.vector(context);
      pairs.push({ a: 1, b: 1 });
      expect(() => pairs.push({ a: 0x41414141, b: 1000 })).toThrow(/was dropped/);
      expect(bytes!.every((byte) => byte === 7)).toBe(true);
    });

    test("V40 moves the cursor that is written through: what is stored goes where it then points", () => {
      using heap = new Heap({ check });
      const context = heap.open("a");
      const type = acting(() => void cursor.$to(second));
      const One = struct("One", { x: type, list: array(type, 2) });
      const [first, second] = [One.alloc(context), One.alloc(context)] as const;
      const cursor = One.cursor(context, first);
      cursor.x = 1000;
      expect(One.toObject(context, first).x).toBe(0);
      expect(One.toObject(context, second).x).toBe(1000);
    });
  },
);

test("V36 struct types that nobody refers to any more are collected", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  using heap = new Heap();
  const context = heap.open("a");
  const types: WeakRef<object>[] = [];
  const use = (): void => {
    const Row = struct("Row", { id: u32, rest: array(u8, 3) });
    const address = Row.alloc(context, { id: 1 });
    Row.cursor(heap, address).id = 5;
    context.free(address);
    types.push(new WeakRef(Row));
  };
  for (let i = 0; i < 50; i++) use();
  const areGone = async (): Promise<boolean> => {
    await new Promise((done) => setTimeout(done, 1));
    collect();
    return types.filter((type) => type.deref() !== undefined).length <= 1;
  };
  let isDone = false;
  // oxlint-disable-next-line no-await-in-loop -- one after the other is what it is for
  while (!isDone) isDone = await areGone();
  expect(isDone).toBe(true);
});
