/**
 * One rule for values: the table of SPEC.md, compared with every way to write, for each type, at each check level.
 *
 * A cell has what is read back. `–` stands for a refusal; `– 44` for one that the check level `off` leaves out, where 44 is read back then.
 */
import { readFileSync } from "node:fs";
import {
  type CheckLevel,
  type FieldType,
  Heap,
  InvalidValueError,
  PerflocError,
  array,
  be,
  bits,
  bool,
  char,
  clamping,
  custom,
  date,
  enumOf,
  f16,
  f32,
  f64,
  i16,
  i32,
  i53,
  i64,
  i8,
  nullable,
  ref,
  struct,
  tagged,
  text,
  u16,
  u32,
  u64,
  u8,
  union,
  utf8,
  wrapping,
} from "@perfloc/typed";
import { describe, expect, test } from "vitest";
import { type Structs, structsAround, waysToWrite } from "./support/ways-to-write.js";

const Target = struct("Target", { x: u8 });

/** Stores twice what it is given, and reads half of that. Others than numbers are left to its base. */
const doubled = custom<number, number>(i16, {
  decode: (stored) => stored / 2,
  encode: (value) => (typeof value === "number" ? value * 2 : value),
});

const types: Readonly<Record<string, FieldType>> = {
  i8,
  u8,
  i16,
  u16,
  i32,
  u32,
  i64,
  u64,
  i53,
  f16,
  f32,
  f64,
  bool,
  "be(u16)": be(u16),
  "be(f64)": be(f64),
  "wrapping(i8)": wrapping(i8),
  "wrapping(u32)": wrapping(u32),
  "wrapping(u64)": wrapping(u64),
  "clamping(u8)": clamping(u8),
  "clamping(i32)": clamping(i32),
  "clamping(i64)": clamping(i64),
  "bool : 1": bits(bool, { x: 1 }),
  "i64 : 1": bits(i64, { _: 3, x: 1 }),
  "u8 : 3": bits(u8, { before: 2, x: 3, after: 3 }),
  "i8 : 3": bits(i8, { before: 2, x: 3, after: 3 }),
  "u32 : 32": bits(u32, { x: 32 }),
  "i64 : 40": bits(i64, { before: 20, x: 40, after: 4 }),
  "i64 : 53": bits(i64, { before: 7, x: 53, after: 4 }),
  "u64 : 54": bits(u64, { before: 7, x: 54, after: 3 }),
  "i64 : 64": bits(i64, { x: 64 }),
  "be(u16 : 13)": be(bits(u16, { before: 3, x: 13 })),
  "wrapping(u8) : 3": bits(wrapping(u8), { before: 2, x: 3, after: 3 }),
  "wrapping(i64) : 60": bits(wrapping(i64), { before: 3, x: 60 }),
  "clamping(i8) : 3": bits(clamping(i8), { before: 2, x: 3, after: 3 }),
  "clamping(u64) : 40": bits(clamping(u64), { before: 20, x: 40, after: 4 }),
  "clamping(u64) : 60": bits(clamping(u64), { before: 3, x: 60 }),
  "text(9)": text(9),
  "char(9)": char(9),
  utf8,
  "enumOf(u8, { 8: 1 })": enumOf(u8, { zero: 0, "8": 1, "9": 2 }),
  date,
  "ref(Target)": ref(Target),
  "nullable(ref(Target))": nullable(ref(Target)),
  "custom(i16), doubled": doubled,
};

/** A value that a type takes. */
function oldValueOf(name: string, type: FieldType): unknown {
  if (name.startsWith("text") || name.startsWith("char") || name === "utf8") return "old";
  if (name.startsWith("enumOf")) return "9";
  if (type === date) return new Date(3);
  const width = Number(/: (\d+)/.exec(name)?.[1] ?? Number.NaN);
  if (width === 1 || type === bool) return false;
  const isBig = /\b[iu]64\b/.test(name) && !(width <= 53);
  return isBig ? 3n : 3;
}

const moment = new Date(7);

const values: Readonly<Record<string, unknown>> = {
  NaN: Number.NaN,
  "-0": -0,
  "2.5": 2.5,
  "2.75": 2.75,
  "-1": -1,
  "300": 300,
  "2^31": 2 ** 31,
  "2^53 + 2": 2 ** 53 + 2,
  Infinity,
  "-Infinity": -Infinity,
  "5n": 5n,
  "-1n": -1n,
  "2^64 + 5n": 2n ** 64n + 5n,
  true: true,
  '"8"': "8",
  null: null,
  undefined,
  "{}": {},
  "date:7": moment,
};

const REFUSED = "–";

/** As the table shows what is read back. */
function shown(value: unknown): string {
  if (typeof value === "bigint") return `${value}n`;
  if (value instanceof Date) return `date:${value.getTime()}`;
  if (typeof value === "string") return JSON.stringify(value);
  return Object.is(value, -0) ? "-0" : String(value);
}

function cellsOf(line: string): string[] {
  const cells = line.split("|").slice(1, -1);
  return cells.map((cell) => cell.trim().replaceAll("`", ""));
}

/** The cells of the table of SPEC.md by type and value. */
function tableOf(spec: string): Map<string, Map<string, string>> {
  const lines = spec.split("\n");
  const head = lines.findIndex((line) => line.startsWith("| type and value"));
  const rows = lines.slice(head + 2);
  const end = rows.findIndex((line) => !line.startsWith("|"));
  const names = cellsOf(lines[head]!).slice(1);
  return new Map(
    rows.slice(0, end).map((line) => {
      const [type, ...cells] = cellsOf(line);
      return [type!, new Map(names.map((name, index) => [name, cells[index]!]))];
    }),
  );
}

const table = tableOf(readFileSync(new URL("../SPEC.md", import.meta.url), "utf8"));

test("V63 the table of SPEC.md has these types and values", () => {
  expect([...table.keys()]).toEqual(Object.keys(types));
  for (const row of table.values()) expect([...row.keys()]).toEqual(Object.keys(values));
});

const structsByType = new Map<string, Structs>();

/** What a way does with a value: what is read back, or a refusal, after which nothing has changed. */
function outcomeOf(write: () => void, read: () => unknown, old: unknown): string {
  try {
    write();
  } catch (error) {
    const isOurs = error instanceof PerflocError && error.code.startsWith("PERFLOC_TYPED_");
    if (!isOurs) return `threw ${String(error)}`;
    return shown(read()) === shown(old) ? REFUSED : `refused, and changed to ${shown(read())}`;
  }
  return shown(read());
}

const levels: readonly CheckLevel[] = ["off", "check", "sample", "debug"];

describe.each(levels)("check level %s", (check) => {
  test.each(Object.entries(types))("V63, V64 %s, whichever way it is written", (name, type) => {
    using heap = new Heap({ check });
    const context = heap.open("values");
    const old = oldValueOf(name, type);
    const written = { type, old, ...(name.includes(" : ") && { member: "x" }) };
    const structs = structsByType.get(name) ?? structsAround(written);
    structsByType.set(name, structs);
    const ways = waysToWrite(written, structs, heap, context, type === utf8);
    expect(ways.length).toBeGreaterThan(60);
    const wrong: string[] = [];
    for (const [valueName, value] of Object.entries(values)) {
      const [checked, off] = table.get(name)!.get(valueName)!.split(" ");
      for (const { name: way, write, read, isRecord, isAlwaysChecked } of ways) {
        const before = read();
        const isLeftOut = isRecord && value === undefined;
        const expected = check === "off" && !isAlwaysChecked ? (off ?? checked!) : checked!;
        const outcome = outcomeOf(() => write(value), read, before);
        if (!isLeftOut && outcome !== expected)
          wrong.push(`${way} ${valueName}: ${outcome}, expected ${expected}`);
        if (isLeftOut && outcome === REFUSED) wrong.push(`${way}: refused what was left out`);
        write(old);
        expect(shown(read())).toBe(shown(old));
      }
    }
    expect(wrong).toEqual([]);
    heap.verify();
  });
});

test("V63 a column of scalars is a typed array, with its conversions and low bits", () => {
  using heap = new Heap();
  const Row = struct("Row", { plain: u8, clamped: clamping(u8), wide: be(u16) });
  const columns = Row.columns(heap.open("columns"), 2);
  columns.plain[0] = 300;
  columns.clamped[0] = 300;
  expect([columns.plain[0], columns.clamped[0]]).toEqual([44, 44]);
  expect(columns.plain).toBeInstanceOf(Uint8Array);
});

test("V40, V63 what a program makes of a value runs once, whichever way it is written", () => {
  let encoded = 0;
  const counted = custom<number, number>(u32, {
    decode: (stored) => stored,
    encode: (value) => ((encoded += value === 7 ? 1 : 0), value),
  });
  const type = custom<number, number>(counted, {
    decode: (stored) => stored,
    encode: (value) => value,
  });
  using heap = new Heap();
  const written = { type, old: 3 };
  const ways = waysToWrite(written, structsAround(written), heap, heap.open("values"), false);
  const wrong = ways.flatMap(({ name, write, read }) => {
    encoded = 0;
    write(7);
    const count = encoded;
    return count === 1 && read() === 7 ? [] : [`${name}: ${count} times, ${String(read())}`];
  });
  expect(wrong).toEqual([]);
});

const wholes: Readonly<Record<string, readonly [type: FieldType, old: unknown]>> = {
  struct: [struct("Inner", { a: u8, b: f64 }), { a: 1, b: 2 }],
  "be(struct)": [be(struct("Inner", { a: u16 })), { a: 1 }],
  array: [array(u16, 2), [1, 2]],
  union: [union({ a: u32, b: u8 }), { a: 1, b: 1 }],
  tagged: [tagged({ a: u32, b: bool }), { kind: "b", value: true }],
  bits: [bits(u16, { a: 3, b: 1 }), { a: 1, b: true }],
};

describe.each(levels)("check level %s", (check) => {
  test.each(Object.entries(wholes))(
    "V39, V63 what is no value of a type of several, %s, is refused, undefined too",
    (_, [type, old]) => {
      using heap = new Heap({ check });
      const context = heap.open("values");
      const written = { type, old };
      const ways = waysToWrite(written, structsAround(written), heap, context, false);
      const before = JSON.stringify(old);
      const wrong: string[] = [];
      for (const value of [Number.NaN, 5n, "8", null, undefined, true, [], [1, 2, 3]]) {
        for (const { name, write, read, isRecord } of ways) {
          if (isRecord && value === undefined) continue;
          expect(JSON.stringify(read())).toBe(before);
          let outcome = "taken";
          try {
            write(value);
          } catch (error) {
            outcome = error instanceof InvalidValueError ? REFUSED : String(error);
          }
          if (outcome !== REFUSED || JSON.stringify(read()) !== before)
            wrong.push(`${name} ${shown(value)}: ${outcome}, ${JSON.stringify(read())}`);
          write(old);
        }
      }
      expect(wrong).toEqual([]);
    },
  );

  test("V39, V63 a whole struct is not left out", () => {
    using heap = new Heap({ check });
    const context = heap.open("values");
    const Whole: any = struct("Whole", { a: u8 });
    const address = Whole.alloc(context, { a: 1 });
    const cursor = Whole.cursor(heap, address);
    const rows = Whole.vector(context);
    for (const value of [undefined, null, 1, "8", []]) {
      for (const write of [
        () => cursor.$set(value),
        () => Whole.fromObject(heap, address, value),
        () => rows.push(value),
      ])
        expect(write).toThrow(InvalidValueError);
    }
    expect([cursor.a, rows.length]).toEqual([1, 0]);
  });
});
