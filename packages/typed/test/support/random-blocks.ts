/**
 * Random structs for GPUs, with the same declared in GLSL or WGSL: scalars, vectors and matrices of each type, arrays of them and
 * of arrays, bools, groups of bit fields, nested structs, aligned members.
 */
import {
  type FieldType,
  type Struct,
  aligned,
  array,
  bits,
  bool,
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
  u16,
  u32,
  u64,
  u8,
  vec,
} from "@perfloc/typed";
import { Random } from "./random-layouts.js";

export type GpuAbi = "std140" | "std430" | "wgsl";

/** A type of both sides. */
interface Shape {
  readonly type: FieldType;
  /** As the shader calls it. In GLSL the lengths of arrays stand behind it, the outermost first. */
  readonly shader: string;
  readonly lengths: string;
  /** The ways from a value of it to each scalar in it, in the order of their declaration: `.f0[1]`. */
  readonly paths: readonly string[];
  /** A value of it. */
  readonly value: () => unknown;
}

/** A scalar type, and what the names of its vectors and matrices begin with. */
interface ScalarShape {
  readonly type: FieldType;
  readonly shader: string;
  readonly vector?: string;
  readonly matrix?: string;
  readonly value: (random: Random) => unknown;
}

export interface RandomBlock {
  /** `B` and a number. It begins with a scalar, has two of a random struct, and ends with a scalar: so their length shows. */
  readonly type: Struct<any>;
  /** To each scalar, as `offsetOf` takes them, in the order of their declaration. */
  readonly paths: readonly string[];
  readonly value: () => Record<string, unknown>;
}

export interface RandomShader {
  readonly source: string;
  readonly blocks: readonly RandomBlock[];
  /** How many of each kind of shape there are. */
  readonly tally: ReadonlyMap<string, number>;
}

interface Options {
  /** Only types whose values are the numbers that the shader sees, or bools. Default false. */
  readonly isPlain?: boolean;
}

const MAX_SCALARS = 120;

const integer =
  (min: number, max: number) =>
  (random: Random): number =>
    min + random.below(max - min + 1);
const eighths = (random: Random): number => (random.below(4001) - 2000) / 8;
const big = (random: Random): bigint => BigInt(random.below(2 ** 31)) * 4n;

const words: readonly ScalarShape[] = [
  { type: i32, shader: "int", vector: "ivec", value: integer(-(2 ** 31), 2 ** 31 - 1) },
  { type: u32, shader: "uint", vector: "uvec", value: integer(0, 2 ** 32 - 1) },
  { type: f32, shader: "float", vector: "vec", matrix: "mat", value: eighths },
];
const halves: ScalarShape = {
  type: f16,
  shader: "float16_t",
  vector: "f16vec",
  matrix: "f16mat",
  value: eighths,
};
/** Of GLSL, with extensions where it has none by itself. */
const glslScalars: readonly ScalarShape[] = [
  ...words,
  ...words,
  halves,
  { type: bool, shader: "bool", vector: "bvec", value: (random) => random.isOneIn(2) },
  { type: bool, shader: "bool", vector: "bvec", value: (random) => random.isOneIn(2) },
  { type: f64, shader: "double", vector: "dvec", matrix: "dmat", value: eighths },
  { type: i8, shader: "int8_t", vector: "i8vec", value: integer(-128, 127) },
  { type: u8, shader: "uint8_t", vector: "u8vec", value: integer(0, 255) },
  { type: i16, shader: "int16_t", vector: "i16vec", value: integer(-32_768, 32_767) },
  { type: u16, shader: "uint16_t", vector: "u16vec", value: integer(0, 65_535) },
  { type: i64, shader: "int64_t", vector: "i64vec", value: (random) => -big(random) },
  { type: u64, shader: "uint64_t", vector: "u64vec", value: big },
];
const wgslScalars: readonly ScalarShape[] = [
  { ...words[0]!, shader: "i32" },
  { ...words[1]!, shader: "u32" },
  { ...words[2]!, shader: "f32" },
  { ...halves, shader: "f16" },
];
/** What is a word to shaders, and something else here. */
const masked: readonly FieldType[] = [enumOf(u32, { off: 0, on: 7 }), selfRef, le(u32)];

/** A shader of `count` blocks. */
export function randomShader(
  seed: number,
  count: number,
  abi: GpuAbi,
  options: Options = {},
): RandomShader {
  const maker = new BlockMaker(seed, abi, options);
  const blocks = Array.from({ length: count }, (_, index) => maker.block(index));
  return { source: maker.source(count), blocks, tally: maker.tally };
}

class BlockMaker {
  readonly tally = new Map<string, number>();
  readonly #random: Random;
  readonly #abi: GpuAbi;
  readonly #isPlain: boolean;
  readonly #scalars: readonly ScalarShape[];
  readonly #structs: Shape[] = [];
  readonly #declarations: string[] = [];

  constructor(seed: number, abi: GpuAbi, { isPlain = false }: Options) {
    this.#random = new Random(seed);
    this.#abi = abi;
    this.#isPlain = isPlain;
    this.#scalars = abi === "wgsl" ? wgslScalars : glslScalars;
  }

  block(index: number): RandomBlock {
    const item = this.#struct(`S${index}`);
    this.#structs.push(item);
    const name = `B${index}`;
    const fields = { lead: f32, item: array(item.type, 2), last: u32 };
    this.#declarations.push(
      this.#isWgsl
        ? `struct ${name} { lead: f32, item: array<${item.shader}, 2>, last: u32 }
@group(0) @binding(${index}) var<storage, read_write> b${index}: ${name};`
        : `layout(${this.#abi}, binding = ${index}) buffer ${name} { float lead; ${item.shader} item[2]; uint last; } b${index};`,
    );
    return {
      type: struct(name, fields, { abi: this.#abi }),
      paths: ["lead", ...elements(2, item.paths).map((path) => `item${path}`), "last"],
      value: () => ({ lead: 0.5, item: [item.value(), item.value()], last: 77 }),
    };
  }

  /** All blocks are written to: naga leaves out those that are not used. */
  source(blockCount: number): string {
    const [head, main] = this.#isWgsl
      ? ["enable f16;", "@compute @workgroup_size(1) fn main()"]
      : [GLSL_HEAD, "void main()"];
    const uses = Array.from({ length: blockCount }, (_, index) => `b${index}.last = 1u;`);
    return [head, ...this.#declarations, `${main} { ${uses.join(" ")} }`].join("\n");
  }

  get #isWgsl(): boolean {
    return this.#abi === "wgsl";
  }

  #struct(name: string): Shape {
    const fields: Record<string, FieldType> = {};
    const values: [string, Shape][] = [];
    const members: string[] = [];
    const paths: string[] = [];
    const fieldCount = 1 + this.#random.below(7);
    for (let index = 0; index < fieldCount; index++) {
      const field = `f${index}`;
      if (!this.#isPlain && this.#random.isOneIn(12)) {
        this.#count("bits");
        // A second field of 20 bits begins a second word.
        const isLong = this.#random.isOneIn(2);
        fields[field] = bits(u32, isLong ? { a: 20, b: 20 } : { a: 3, b: 7 });
        for (const bit of isLong ? ["a", "b"] : ["a"]) {
          members.push(this.#member(`${field}_${bit}`, this.#isWgsl ? "u32" : "uint", ""));
          paths.push(`.${field}.${bit}`);
        }
        continue;
      }
      const shape = this.#shape(3);
      const alignment = this.#alignmentOf(shape, fields);
      fields[field] = alignment > 0 ? aligned(shape.type, alignment) : shape.type;
      const attribute = alignment > 0 ? `@align(${alignment}) ` : "";
      members.push(attribute + this.#member(field, shape.shader, shape.lengths));
      values.push([field, shape]);
      for (const path of shape.paths) paths.push(`.${field}${path}`);
    }
    this.#declarations.push(
      this.#isWgsl
        ? `struct ${name} { ${members.join(", ")} }`
        : `struct ${name} { ${members.join("; ")}; };`,
    );
    return {
      type: struct(name, fields),
      shader: name,
      lengths: "",
      paths,
      value: () => Object.fromEntries(values.map(([field, shape]) => [field, shape.value()])),
    };
  }

  /**
   * Of a member that is aligned by hand; 0 for most. GLSL has none in structs. naga 25 forgets it in the alignment of the struct,
   * so that it is never more than that of the members before.
   */
  #alignmentOf({ type }: Shape, before: Record<string, FieldType>): number {
    if (!this.#isWgsl || Object.keys(before).length === 0 || !this.#random.isOneIn(4)) return 0;
    const abi = this.#abi;
    const { align } = struct("Before", before, { abi });
    if (align <= struct("Alone", { type }, { abi }).align) return 0;
    this.#count("aligned");
    return align;
  }

  #member(name: string, shader: string, lengths: string): string {
    return this.#isWgsl ? `${name}: ${shader}` : `${shader} ${name}${lengths}`;
  }

  #shape(depth: number): Shape {
    const random = this.#random;
    const kind = random.below(10);
    if (kind < 2) return this.#scalar();
    if (kind < 4) return this.#vector();
    if (kind < 6) return this.#matrix();
    if (kind < 9 && depth > 0) return this.#array(depth);
    const fitting = this.#structs.filter(({ paths }) => paths.length < MAX_SCALARS / 4);
    if (fitting.length === 0) return this.#vector();
    this.#count("struct");
    return random.pick(fitting);
  }

  #scalar(): Shape {
    const random = this.#random;
    if (!this.#isPlain && random.isOneIn(6)) {
      this.#count("masked");
      const shader = this.#isWgsl ? "u32" : "uint";
      return { type: random.pick(masked), shader, lengths: "", paths: [""], value: () => 0 };
    }
    const { type, shader, value } = this.#counted(this.#scalars);
    return { type, shader, lengths: "", paths: [""], value: () => value(random) };
  }

  #vector(): Shape {
    const random = this.#random;
    const { type, shader, vector, value } = this.#counted(this.#scalars);
    const length = random.pick([2, 3, 3, 4] as const);
    this.#count(`vec${length}`);
    return {
      type: vec(type, length),
      shader: this.#isWgsl ? `vec${length}<${shader}>` : `${vector}${length}`,
      lengths: "",
      paths: elements(length),
      value: () => Array.from({ length }, () => value(random)),
    };
  }

  #matrix(): Shape {
    const random = this.#random;
    const { type, shader, matrix, value } = this.#counted(
      this.#scalars.filter((scalar) => scalar.matrix !== undefined),
    );
    const [columns, rows] = [random.pick([2, 3, 4] as const), random.pick([2, 3, 4] as const)];
    this.#count("mat");
    const isSpelledOut = random.isOneIn(3);
    return {
      type: isSpelledOut ? array(vec(type, rows), columns) : mat(type, columns, rows),
      shader: this.#isWgsl ? `mat${columns}x${rows}<${shader}>` : `${matrix}${columns}x${rows}`,
      lengths: "",
      paths: elements(columns, elements(rows)),
      value: () =>
        Array.from({ length: columns }, () => Array.from({ length: rows }, () => value(random))),
    };
  }

  #array(depth: number): Shape {
    const element = this.#shape(depth - 1);
    const length =
      1 + this.#random.below(Math.max(1, Math.min(5, MAX_SCALARS / element.paths.length)));
    this.#count(
      element.lengths === "" && !element.shader.startsWith("array") ? "array" : "array of arrays",
    );
    if (/vec3/.test(element.shader)) this.#count("array of vec3");
    return {
      type: array(element.type, length),
      shader: this.#isWgsl ? `array<${element.shader}, ${length}>` : element.shader,
      lengths: `[${length}]${element.lengths}`,
      paths: elements(length, element.paths),
      value: () => Array.from({ length }, () => element.value()),
    };
  }

  #counted(scalars: readonly ScalarShape[]): ScalarShape {
    const scalar = this.#random.pick(scalars);
    this.#count(scalar.shader);
    return scalar;
  }

  #count(kind: string): void {
    this.tally.set(kind, (this.tally.get(kind) ?? 0) + 1);
  }
}

/** The paths to what is within each of `length` elements. */
function elements(length: number, paths: readonly string[] = [""]): string[] {
  return Array.from({ length }, (_, index) => paths.map((path) => `[${index}]${path}`)).flat();
}

const GLSL_HEAD = `#version 450
#extension GL_EXT_shader_explicit_arithmetic_types : require
layout(local_size_x = 1) in;`;
