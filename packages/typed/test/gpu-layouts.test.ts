/** Layouts for GPUs: the figures of the specifications, what is refused, bit fields, and columns. */
import {
  type AbiName,
  type FieldType,
  Heap,
  InvalidStructError,
  InvalidTypeError,
  type Struct,
  type StructFields,
  type StructOptions,
  aligned,
  array,
  be,
  bits,
  bool,
  char,
  custom,
  date,
  enumOf,
  f16,
  f32,
  f64,
  i16,
  i32,
  i64,
  i8,
  le,
  mat,
  selfRef,
  struct,
  tagged,
  text,
  u16,
  u32,
  u64,
  u8,
  union,
  utf8,
  vec,
} from "@perfloc/typed";
import { describe, expect, test } from "vitest";

const gpuAbis = ["std140", "std430", "wgsl"] as const;

/** The length of a member of a type, where the next scalar of a byte or word begins; and its alignment. */
function extentOf(type: FieldType, abi: (typeof gpuAbis)[number]): [align: number, size: number] {
  const Alone = struct("Alone", { x: type }, { abi });
  const behind = abi === "wgsl" ? f16 : u8;
  const Followed = struct("Followed", { x: type, y: behind }, { abi });
  return [Alone.align, Followed.offsetOf("y")];
}

function offsets(type: Struct<any>): number[] {
  return [...type.types.keys()].map((name) => type.offsetOf(name));
}

describe("WGSL", () => {
  /**
   * AlignOf and SizeOf as https://www.w3.org/TR/WGSL/#alignment-and-size has them, in words of 4 bytes for f32, i32 and u32, and of 2
   * for f16: the table has the double there.
   */
  test.each([
    { scalar: f32, bytes: 4 },
    { scalar: i32, bytes: 4 },
    { scalar: u32, bytes: 4 },
    { scalar: f16, bytes: 2 },
  ])(
    "V70 has the alignments and sizes of its specification, of $scalar.name",
    ({ scalar, bytes }) => {
      const table: [FieldType, align: number, size: number][] = [
        [scalar, 1, 1],
        [vec(scalar, 2), 2, 2],
        [vec(scalar, 3), 4, 3],
        [vec(scalar, 4), 4, 4],
        [mat(scalar, 2, 2), 2, 4],
        [mat(scalar, 3, 2), 2, 6],
        [mat(scalar, 4, 2), 2, 8],
        [mat(scalar, 2, 3), 4, 8],
        [mat(scalar, 3, 3), 4, 12],
        [mat(scalar, 4, 3), 4, 16],
        [mat(scalar, 2, 4), 4, 8],
        [mat(scalar, 3, 4), 4, 12],
        [mat(scalar, 4, 4), 4, 16],
        // array<E, N>: N times the size of E, rounded up to its alignment.
        [array(scalar, 3), 1, 3],
        [array(vec(scalar, 3), 5), 4, 20],
        [array(mat(scalar, 3, 3), 2), 4, 24],
      ];
      for (const [type, align, size] of table)
        expect([type.name, ...extentOf(type, "wgsl")]).toEqual([
          type.name,
          align * bytes,
          size * bytes,
        ]);
    },
  );

  /** The two examples of https://www.w3.org/TR/WGSL/#structure-member-layout. */
  test("V70 lays out the examples of its specification", () => {
    const A = struct("A", { u: f32, v: f32, w: vec(f32, 2), x: f32 }, { abi: "wgsl" });
    expect([A.align, A.size, ...offsets(A)]).toEqual([8, 24, 0, 4, 8, 16]);
    const B = struct(
      "B",
      {
        a: vec(f32, 2),
        b: vec(f32, 3),
        c: f32,
        d: f32,
        e: A,
        f: vec(f32, 3),
        g: array(A, 3),
        h: i32,
      },
      { abi: "wgsl" },
    );
    expect([B.align, B.size, ...offsets(B)]).toEqual([16, 160, 0, 16, 28, 32, 40, 64, 80, 152]);
    expect(B.offsetOf("g[1].u")).toBe(104);
  });

  test("V70 a struct is aligned as its member that is aligned by hand", () => {
    const Wide = struct("Wide", { x: aligned(f32, 32), y: f16 });
    const Around = struct("Around", { a: f32, wide: array(Wide, 2), u: u32 }, { abi: "wgsl" });
    expect([Around.align, Around.size, ...offsets(Around)]).toEqual([32, 128, 0, 32, 96]);
  });

  test("V70 lays out the example with aligned members and longer ones", () => {
    // What has @size(16) there is followed by what fills it here.
    const A = struct(
      "A",
      { u: f32, v: f32, w: vec(f32, 2), x: f32, rest: array(f32, 3) },
      { abi: "wgsl" },
    );
    expect([A.align, A.size, ...offsets(A)]).toEqual([8, 32, 0, 4, 8, 16, 20]);
    const fields = {
      a: vec(f32, 2),
      b: vec(f32, 3),
      c: f32,
      d: f32,
      e: aligned(A, 16),
      f: vec(f32, 3),
    };
    const B = struct("B", { ...fields, g: array(A, 3), h: i32 }, { abi: "wgsl" });
    expect([B.align, B.size, ...offsets(B)]).toEqual([16, 208, 0, 16, 28, 32, 48, 80, 96, 192]);
  });
});

describe("GLSL", () => {
  test.each([
    { type: vec(f32, 3), std140: [16, 12], std430: [16, 12] },
    { type: array(f32, 3), std140: [16, 48], std430: [4, 12] },
    { type: array(vec(f32, 3), 5), std140: [16, 80], std430: [16, 80] },
    { type: array(vec(f32, 2), 2), std140: [16, 32], std430: [8, 16] },
    { type: array(vec(f16, 3), 2), std140: [16, 32], std430: [8, 16] },
    { type: mat(f32, 2), std140: [16, 32], std430: [8, 16] },
    { type: mat(f32, 3), std140: [16, 48], std430: [16, 48] },
    { type: mat(f32, 4, 2), std140: [16, 64], std430: [8, 32] },
    { type: array(vec(f32, 3), 6, 5), std140: [16, 480], std430: [16, 480] },
    { type: vec(f64, 3), std140: [32, 24], std430: [32, 24] },
    { type: mat(f64, 3), std140: [32, 96], std430: [32, 96] },
    { type: bool, std140: [16, 4], std430: [4, 4] },
    { type: vec(bool, 3), std140: [16, 12], std430: [16, 12] },
    { type: array(bool, 3), std140: [16, 48], std430: [4, 12] },
    { type: struct("Small", { x: f32 }), std140: [16, 16], std430: [4, 4] },
    { type: array(struct("Small", { x: f32 }), 3), std140: [16, 48], std430: [4, 12] },
    { type: array(le(vec(f32, 3)), 2), std140: [16, 32], std430: [16, 32] },
    { type: array(aligned(vec(f32, 3), 8), 2), std140: [16, 32], std430: [16, 32] },
  ])("V70 lays out $type.name", ({ type, std140, std430 }) => {
    expect(extentOf(type, "std140")).toEqual(std140);
    expect(extentOf(type, "std430")).toEqual(std430);
  });

  test("V70 the same struct lies in each ABI by its own rules, also nested in one of another", () => {
    const Light = struct("Light", { color: vec(f32, 3), weights: array(f32, 2) });
    const sizes = [...gpuAbis, "c" as const].map((abi) => {
      const Scene = struct("Scene", { count: u32, lights: array(Light, 2) }, { abi });
      return [Scene.offsetOf("lights[0].weights[1]"), Scene.offsetOf("lights[1]"), Scene.size];
    });
    expect(sizes).toEqual([
      [48, 64, 112],
      [32, 48, 80],
      [32, 48, 80],
      [20, 24, 44],
    ]);
  });
});

test.each(["std140", "std430"] as const)("V9 a bool of %s is a word, 0 or 1", (abi) => {
  const fields = { a: bool, b: bool, c: f32, d: vec(bool, 3), e: bool, f: array(bool, 3) };
  const Block = struct("Block", fields, { abi });
  const names = Object.keys(fields) as (keyof typeof fields)[];
  expect(names.map((name) => Block.offsetOf(name))).toEqual([0, 4, 8, 16, 28, 32]);
  using heap = new Heap();
  const context = heap.open("a");
  const [d, f] = [
    [true, false, true],
    [false, true, true],
  ];
  const values = { a: true, b: false, c: 1, d, e: true, f };
  const block = Block.cursor(context, Block.alloc(context, values));
  expect(Block.toObject(context, block.$address)).toEqual(values);
  block.b = true;
  expect(block.b).toBe(true);
  expect(() => (block.b = 1 as unknown as boolean)).toThrow(/takes a boolean/);
  const { u32: words } = heap.arena.chunkAt(block.$address);
  const first = block.$address / 4;
  expect([...words.subarray(first, first + 2)]).toEqual([1, 1]);
  words[first + 1] = 256;
  expect(block.b).toBe(true);
  // Without a text they would be left to codecs.
  expect(Block.source()).not.toContain("codec");
});

describe("matrices", () => {
  test.each(["c", ...gpuAbis] as const)("V71 mat is an array of its columns in %s", (abi) => {
    const [One, Other] = [mat(f32, 4, 3), array(vec(f32, 3), 4)].map((m) =>
      struct("One", { before: f32, m, after: f32 }, { abi }),
    );
    expect(One!.layoutHash).toBe(Other!.layoutHash);
    expect(One!.layout()).toBe(Other!.layout());
    expect(mat(f32, 3).name).toBe(mat(f32, 3, 3).name);
  });

  test("V71 each element is reached by column and row", () => {
    using heap = new Heap();
    const context = heap.open("a");
    const View = struct("View", { turn: mat(f32, 4, 3), time: f32 }, { abi: "wgsl" });
    const columns = [
      [1, 2, 3],
      [4, 5, 6],
      [7, 8, 9],
      [10, 11, 12],
    ];
    const view = View.cursor(context, View.alloc(context, { turn: columns, time: 9 }));
    expect(View.toObject(context, view.$address)).toEqual({ turn: columns, time: 9 });
    view.turn.at(2).set(1, 80);
    expect(View.offsetOf("turn[2][1]")).toBe(36);
    const { f32: words } = heap.arena.chunkAt(view.$address);
    const first = view.$address / 4;
    expect([...words.subarray(first + 8, first + 12)]).toEqual([7, 80, 9, 0]);
    expect(words[first + 16]).toBe(9);
  });

  test("V71 other numbers of columns or rows are refused", () => {
    const make = mat as (type: FieldType, columns: number, rows?: number) => FieldType;
    expect(() => make(f32, 1)).toThrow(InvalidTypeError);
    expect(() => make(f32, 5)).toThrow("5 is no number of columns");
    expect(() => make(f32, 2, 1)).toThrow("1 is no number of rows");
    expect(() => mat(7 as unknown as typeof f32, 2)).toThrow("its type is no field type");
  });
});

describe("bit fields", () => {
  test.each(gpuAbis)("V72 of %s take whole words, whatever stands around", (abi) => {
    const flags = bits(u32, { ready: 1, level: 3 });
    const Block = struct("Block", { a: f16, flags, b: f16, more: flags, x: f32 }, { abi });
    const names = ["a", "flags", "b", "more", "x"] as const;
    expect(names.map((name) => Block.offsetOf(name))).toEqual([0, 4, 8, 12, 16]);
  });

  test("V72 groups in a row are words in a row, and long ones several", () => {
    const fields = {
      a: bits(u32, { x: 3 }),
      b: bits(u32, { x: 20, y: 20 }),
      c: bits(u32, { _: 9, x: 2 }),
    };
    const Block = struct("Block", fields, { abi: "std430" });
    expect([Block.offsetOf("a"), Block.offsetOf("b.x"), Block.offsetOf("b.y"), Block.size]).toEqual(
      [0, 4, 8, 16],
    );
    using heap = new Heap();
    const context = heap.open("a");
    const values = { a: { x: 5 }, b: { x: 0xfffff, y: 0x12345 }, c: { x: 3 } };
    const address = Block.alloc(context, values);
    expect(Block.toObject(context, address)).toEqual(values);
    const { u32: words } = heap.arena.chunkAt(address);
    expect([...words.subarray(address / 4, address / 4 + 4)]).toEqual([
      5,
      0xfffff,
      0x12345,
      3 << 9,
    ]);
  });

  test("V72 in C they stay as C has them", () => {
    const Block = struct("Block", { a: bits(u32, { x: 3 }), b: bits(u32, { x: 3 }), c: u8 });
    expect([Block.offsetOf("b"), Block.offsetOf("c"), Block.size]).toEqual([0, 1, 4]);
  });
});

/** Makes a struct when it is called. */
function structOf(fields: StructFields, options: StructOptions): () => unknown {
  return () => struct("Block", fields, options);
}

describe("what no shader declares", () => {
  const everywhere = [
    { type: text(4), name: "text(4)", hint: "Keep strings in a struct of their own" },
    { type: char(4), name: "char(4)", hint: "Keep strings" },
    { type: utf8, name: "utf8", hint: "Keep strings" },
    {
      type: union({ a: u32, b: f32 }),
      name: "unions",
      hint: "a cursor of each at the same address",
    },
    { type: tagged({ a: u32, b: f32 }), name: "tagged unions", hint: "Use a u32 for the kind" },
    { type: be(u32), name: "big-endian numbers", hint: "Leave out be()" },
    {
      type: struct("P", { a: u32 }, { packed: true }),
      name: "packed structs",
      hint: "Leave out packed",
    },
    { type: vec(struct("V", { a: f32 }), 3), name: "vec(V, 3)", hint: "Vectors are of scalars" },
    {
      type: vec(vec(f32, 3), 3),
      name: "vec(vec(f32, 3), 3)",
      hint: "A matrix is mat(f32, columns, rows)",
    },
    { type: vec(bits(u32, { a: 1 }), 2), name: "vec(bits(u32), 2)", hint: "Vectors" },
  ];

  test.each(gpuAbis.flatMap((abi) => everywhere.map((lack) => ({ abi, lack }))))(
    "V73 $abi has no $lack.name",
    ({ abi, lack: { type, name, hint } }) => {
      const make = structOf({ x: type }, { abi });
      expect(make).toThrow(
        `cannot make struct Block: field x cannot be declared in shaders: ${abi} has no ${name} in buffers`,
      );
      expect(make).toThrow(
        expect.objectContaining({ hint: expect.stringContaining(hint) as string }),
      );
      expect(() => struct("Block", { x: type })).not.toThrow();
    },
  );

  test.each([
    { type: bool, name: "bool", hint: "compare it with 0u" },
    { type: i8, name: "i8", hint: "Use an i32, or bits(u32" },
    { type: u8, name: "u8", hint: "Use a u32, or bits(u32" },
    { type: i16, name: "i16", hint: "i32" },
    { type: u16, name: "u16", hint: "u32" },
    { type: i64, name: "i64", hint: "vec(u32, 2)" },
    { type: u64, name: "u64", hint: "vec(u32, 2)" },
    { type: f64, name: "f64", hint: "an f32" },
    { type: date, name: "i64", hint: "vec(u32, 2)" },
    { type: enumOf(u8, { a: 1 }), name: "u8", hint: "u32" },
    { type: custom(u16, { decode: Number, encode: Number }), name: "u16", hint: "u32" },
    { type: array(u8, 4), name: "u8", hint: "u32" },
    { type: vec(bool, 3), name: "bool", hint: "u32" },
    { type: mat(f64, 3), name: "f64", hint: "f32" },
    { type: bits(u8, { a: 1 }), name: "u8", hint: "u32" },
  ])("V73 wgsl has no $name, as in $type.name", ({ type, name, hint }) => {
    const make = structOf({ x: type }, { abi: "wgsl" });
    expect(make).toThrow(InvalidStructError);
    expect(make).toThrow(`wgsl has no ${name} in buffers`);
    expect(make).toThrow(
      expect.objectContaining({
        code: "PERFLOC_TYPED_NOT_ON_GPU",
        hint: expect.stringContaining(hint) as string,
      }),
    );
    expect(() => struct("Block", { x: type }, { abi: "std430" })).not.toThrow();
  });

  test("V73 the error names the field, however deep it is", () => {
    const Inner = struct("Inner", { ok: f32, kind: u8 });
    const Light = struct("Light", { parts: array(Inner, 2) });
    const make = (): unknown =>
      struct("Scene", { count: u32, lights: array(Light, 4) }, { abi: "wgsl" });
    expect(make).toThrow(expect.objectContaining({ struct: "Scene", field: "lights.parts.kind" }));
    const packed = structOf({ a: u32 }, { abi: "std140", packed: true });
    expect(packed).toThrow(
      "struct Block: it cannot be declared in shaders: std140 has no packed structs",
    );
    expect(packed).toThrow(expect.objectContaining({ field: undefined }));
  });

  test("V73 vectors of aligned scalars are none", () => {
    const make = structOf({ x: vec(aligned(f32, 16), 2) }, { abi: "wgsl" });
    expect(make).toThrow("wgsl has no vec(aligned(f32, 16), 2) in buffers");
  });

  test("V73 what is a word to shaders stays", () => {
    const fields = {
      a: enumOf(u32, { on: 1 }),
      b: selfRef,
      c: le(f32),
      d: vec(enumOf(i32, { on: 1 }), 3),
      e: aligned(f32, 32),
    };
    for (const abi of gpuAbis) expect(struct("Block", fields, { abi }).offsetOf("d")).toBe(16);
  });
});

describe("columns", () => {
  const rows: { abi: AbiName; type: FieldType; value: unknown }[] = [
    { abi: "std430", type: vec(f32, 3), value: [1, 2, 3] },
    {
      abi: "wgsl",
      type: mat(f16, 2),
      value: [
        [1, 2],
        [3, 4],
      ],
    },
    { abi: "std140", type: vec(f32, 2), value: [1, 2] },
    { abi: "std140", type: f16, value: 1.5 },
    { abi: "std140", type: date, value: new Date(5) },
    { abi: "c", type: aligned(u32, 16), value: 9 },
    { abi: "c", type: vec(f32, 3), value: [1, 2, 3] },
  ];

  test.each(rows)("V75 of $type.name for $abi do not overlap others", ({ abi, type, value }) => {
    using heap = new Heap();
    const context = heap.open("a");
    const Row: Struct<any> = struct("Row", { first: u32, x: type, last: u32 }, { abi });
    const columns = Row.columns(context, 5) as any;
    columns.first.fill(7);
    columns.last.fill(8);
    columns.x.fill(value);
    expect([...columns.first, ...columns.last]).toEqual([7, 7, 7, 7, 7, 8, 8, 8, 8, 8]);
    columns.last.fill(0);
    expect(columns.x.toArray()).toEqual([value, value, value, value, value]);
    heap.verify();
  });

  test("V75 can be of length 0", () => {
    using heap = new Heap();
    const context = heap.open("a");
    const columns = struct("Row", { x: vec(f32, 3), y: u32 }).columns(context, 0);
    expect([columns.x.length, columns.y.length]).toEqual([0, 0]);
    expect(() => array(f32, 0)).toThrow("0 is no length");
  });
});
