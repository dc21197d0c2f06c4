/** What is passed in place of a field type, and values of other realms: messages say what it is. */
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { runInNewContext } from "node:vm";
import * as typed from "@perfloc/typed";
import {
  type FieldType,
  HashMap,
  Heap,
  InvalidOptionError,
  InvalidStructError,
  InvalidTypeError,
  Vec,
  aligned,
  array,
  be,
  custom,
  f32,
  f64,
  ref,
  struct,
  tagged,
  text,
  u16,
  u32,
  u8,
  union,
} from "@perfloc/typed";
import { expect, test } from "vitest";

const constructors: readonly [unknown, string, string][] = [
  [Number, "Number", "f64"],
  [String, "String", "text(n)"],
  [Boolean, "Boolean", "bool"],
  [BigInt, "BigInt", "i64 or u64"],
  [Date, "Date", "date"],
  [Array, "Array", "array(type, length)"],
  [Object, "Object", "a struct"],
  [Uint8Array, "Uint8Array", "array(u8, length)"],
];

/** Every way to pass a type that is none. */
function uses(type: FieldType): (() => unknown)[] {
  const context = new Heap().open("mistakes");
  return [
    () => struct("S", { x: type }),
    () => tagged({ x: type }),
    () => union({ x: type }),
    () => array(type, 2),
    () => be(type),
    () => aligned(type, 8),
    () => custom(type, { decode: Number, encode: Number }),
    () => ref(type),
    () => new Vec(context, type),
    () => new HashMap(context, u32, type),
  ];
}

function checkRefused(type: unknown, name: string, instead: string): void {
  for (const use of uses(type as FieldType)) {
    expect(use).toThrow(`the JavaScript constructor ${name}`);
    const hint = expect.stringContaining(instead) as string;
    expect(use).toThrow(expect.objectContaining({ hint }));
  }
}

test.each(constructors)("V84 %s is no field type, and the message says what to use", (...row) => {
  checkRefused(...row);
});

test("V84 constructors of another realm are no field types either", () => {
  checkRefused(runInNewContext("Number"), "Number", "f64");
  checkRefused(runInNewContext("Float64Array"), "Float64Array", "array(f64, length)");
});

test("V84 a class of the program that is called like a constructor is not taken for it", () => {
  class Date {
    readonly at: number = 1;
  }
  expect(() => struct("S", { x: Date as unknown as typeof u8 })).toThrow(
    "has a type that is not made yet",
  );
});

test("V84 types, heaps and contexts of another copy of the package are told apart", async () => {
  // Below node_modules, so that nothing is transformed.
  const folder = join(import.meta.dirname, "../temp/node_modules");
  mkdirSync(folder, { recursive: true });
  const copy = mkdtempSync(join(folder, "copy-"));
  try {
    cpSync(join(import.meta.dirname, "../dist"), copy, { recursive: true });
    const url = pathToFileURL(join(copy, "index.js")).href;
    const other = (await import(/* @vite-ignore */ url)) as typeof typed;
    const Other = other.struct("Other", { x: other.u8 });
    expect(Other).not.toBeInstanceOf(typed.Struct);
    for (const type of [Other, other.u8, other.array(Other, 2)])
      for (const use of uses(type)) expect(use).toThrow("a type of another copy of @perfloc/typed");
    const kinds = [InvalidStructError, InvalidTypeError, InvalidOptionError];
    for (const use of uses(Other)) expect(kinds.some((Kind) => isThrown(use, Kind))).toBe(true);
  } finally {
    rmSync(copy, { recursive: true });
  }
});

function isThrown(use: () => unknown, Kind: new (...args: never[]) => Error): boolean {
  try {
    use();
    return false;
  } catch (error) {
    return error instanceof Kind;
  }
}

test("V84 what looks like a heap or a context of another copy is told apart", () => {
  const { Heap: OtherHeap } = heapOfAnotherCopy();
  const Point = struct("Point", { x: u8 });
  const place = new OtherHeap() as unknown as Heap;
  const context = place.open("other");
  for (const use of [
    () => Point.cursor(place),
    () => Point.alloc(context),
    () => Point.alloc(context, { x: 1 }),
  ]) {
    expect(use).toThrow(InvalidOptionError);
    expect(use).toThrow(
      expect.objectContaining({
        hint: expect.stringContaining("another copy of @perfloc/context") as string,
      }),
    );
  }
  expect(() => Point.cursor({} as Heap)).toThrow(
    expect.objectContaining({ hint: expect.not.stringContaining("another copy") as string }),
  );
});

/** As far as they are looked at. */
function heapOfAnotherCopy(): { Heap: new () => { open(name: string): unknown } } {
  class OtherContext {
    readonly arena = {};
    open(): OtherContext {
      return new OtherContext();
    }
    stats(): object {
      return {};
    }
  }
  return { Heap: OtherContext };
}

test("V85 arrays, typed arrays, objects and buffers of other realms are taken", () => {
  const Item = struct("Item", {
    path: array(f32, 3),
    points: array(struct("Point", { x: u16, y: u16 }), 2),
    name: text(8),
    matrix: array(u8, 2, 2),
  });
  const heap = new Heap();
  const context = heap.open("realms");
  const texts = [
    `({ path: [1, 2, 3], points: [{ x: 1 }, { y: 2 }], name: "a", matrix: [[1, 2], [3, 4]] })`,
    `({ path: new Float32Array([1, 2, 3]), points: [{ x: 1 }, { y: 2 }], name: "a", matrix: [new Uint8Array([1, 2]), [3, 4]] })`,
    `({ path: new Float64Array([1, 2, 3]), points: [{ x: 1, y: undefined }, { y: 2 }], name: String("a"), matrix: [[1, 2], new Uint8ClampedArray([3, 4])] })`,
  ];
  const items = Item.vector(context);
  const cursor = Item.cursor(heap, Item.alloc(context));
  for (const source of texts) {
    const values = runInNewContext(source) as object;
    items.push(values);
    items.push(values, values);
    cursor.$set(values);
    const plain = {
      path: [1, 2, 3],
      points: [
        { x: 1, y: 0 },
        { x: 0, y: 2 },
      ],
      name: "a",
      matrix: [
        [1, 2],
        [3, 4],
      ],
    };
    expect([
      ...items.toArray(),
      Item.toObject(heap, Item.alloc(context, values)),
      Item.toObject(heap, cursor.$address),
    ]).toEqual(Array.from({ length: items.length + 2 }, () => plain));
  }
  const Foreign = runInNewContext(`({ fields: { x: null } })`) as {
    fields: Record<string, FieldType>;
  };
  Foreign.fields["x"] = f64;
  expect(struct("Foreign", Foreign.fields).size).toBe(8);
  const bytes = runInNewContext("new Uint8Array(64)") as Uint8Array;
  Item.over(bytes, 1).name = "over";
  expect(Item.over(bytes.buffer, 1).name).toBe("over");
});
