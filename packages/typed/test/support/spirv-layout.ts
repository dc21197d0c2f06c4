/**
 * Where the scalars of buffers lie, from the decorations of a shader in SPIR-V: Offset of members, ArrayStride of arrays, MatrixStride of
 * the columns of matrices. Vectors have their elements side by side.
 */

const HEADER_WORDS = 5;

/** Instructions and decorations, as the specification of SPIR-V numbers them. */
const OP_TYPE_INT = 21;
const OP_TYPE_FLOAT = 22;
const OP_TYPE_VECTOR = 23;
const OP_TYPE_MATRIX = 24;
const OP_TYPE_ARRAY = 28;
const OP_TYPE_STRUCT = 30;
const OP_TYPE_POINTER = 32;
const OP_CONSTANT = 43;
const OP_VARIABLE = 59;
const OP_DECORATE = 71;
const OP_MEMBER_DECORATE = 72;

const ROW_MAJOR = 4;
const ARRAY_STRIDE = 6;
const MATRIX_STRIDE = 7;
const BINDING = 33;
const OFFSET = 35;

export interface PlacedScalar {
  readonly byteOffset: number;
  readonly byteLength: number;
  readonly kind: "float" | "int" | "uint";
}

/** The words of an instruction behind its first. */
interface Instruction {
  readonly code: number;
  readonly words: readonly number[];
}

/** The scalars of each buffer by its binding, in the order of their declaration. */
export function layoutsOf(module: Uint32Array): ReadonlyMap<number, readonly PlacedScalar[]> {
  const facts = new Facts(module);
  return new Map(
    facts.buffers.map(([binding, type]) => [binding, [...facts.scalarsOf(type, 0, undefined)]]),
  );
}

class Facts {
  readonly #types = new Map<number, Instruction>();
  readonly #variables: { readonly id: number; readonly pointer: number }[] = [];
  readonly #decorations = new Map<string, number>();

  constructor(module: Uint32Array) {
    for (const instruction of instructionsOf(module)) {
      const { code, words } = instruction;
      const [first = 0, second = 0, third = 0, fourth = 0] = words;
      if (code === OP_DECORATE) this.#decorations.set(`${first} ${second}`, third);
      else if (code === OP_MEMBER_DECORATE)
        this.#decorations.set(`${first}.${second} ${third}`, fourth);
      else if (code === OP_VARIABLE) this.#variables.push({ id: second, pointer: first });
      else if (code === OP_CONSTANT) this.#types.set(second, instruction);
      else if (code >= OP_TYPE_INT && code <= OP_TYPE_POINTER) this.#types.set(first, instruction);
    }
  }

  /** Bindings and types. */
  get buffers(): [binding: number, type: number][] {
    return this.#variables
      .filter(({ id }) => this.#decorations.has(`${id} ${BINDING}`))
      .map(({ id, pointer }) => [
        this.#decorated(`${id}`, BINDING),
        this.#typeOf(pointer).words[2]!,
      ]);
  }

  /** The scalars of what is of type `id` at an offset. @param matrixStride - of matrices in it: a decoration of the member */
  *scalarsOf(
    id: number,
    byteOffset: number,
    matrixStride: number | undefined,
  ): Generator<PlacedScalar> {
    const { code, words } = this.#typeOf(id);
    const [, second = 0, third = 0] = words;
    if (code === OP_TYPE_STRUCT) {
      for (const [index, member] of words.slice(1).entries()) {
        const key = `${id}.${index}`;
        if (this.#decorations.has(`${key} ${ROW_MAJOR}`)) throw new Error("it is row by row");
        const at = byteOffset + this.#decorated(key, OFFSET);
        yield* this.scalarsOf(member, at, this.#decorations.get(`${key} ${MATRIX_STRIDE}`));
      }
    } else if (code === OP_TYPE_ARRAY) {
      const [length, stride] = [
        this.#typeOf(third).words[2]!,
        this.#decorated(`${id}`, ARRAY_STRIDE),
      ];
      for (let index = 0; index < length; index++)
        yield* this.scalarsOf(second, byteOffset + index * stride, matrixStride);
    } else if (code === OP_TYPE_MATRIX) {
      if (matrixStride === undefined) throw new Error("a matrix has no MatrixStride");
      for (let column = 0; column < third; column++)
        yield* this.scalarsOf(second, byteOffset + column * matrixStride, undefined);
    } else if (code === OP_TYPE_VECTOR) {
      const byteLength = this.#typeOf(second).words[1]! / 8;
      for (let index = 0; index < third; index++)
        yield* this.scalarsOf(second, byteOffset + index * byteLength, undefined);
    } else yield { byteOffset, byteLength: second / 8, kind: kindOf(code, third) };
  }

  #typeOf(id: number): Instruction {
    const type = this.#types.get(id);
    if (type === undefined) throw new Error(`type ${id} is none that buffers hold`);
    return type;
  }

  #decorated(key: string, decoration: number): number {
    const value = this.#decorations.get(`${key} ${decoration}`);
    if (value === undefined) throw new Error(`${key} has no decoration ${decoration}`);
    return value;
  }
}

function kindOf(code: number, signedness: number): PlacedScalar["kind"] {
  if (code === OP_TYPE_FLOAT) return "float";
  if (code === OP_TYPE_INT) return signedness === 1 ? "int" : "uint";
  throw new Error(`instruction ${code} makes no scalar`);
}

function* instructionsOf(module: Uint32Array): Generator<Instruction> {
  for (let at = HEADER_WORDS; at < module.length;) {
    const wordCount = module[at]! >>> 16;
    yield { code: module[at]! & 0xffff, words: [...module.subarray(at + 1, at + wordCount)] };
    at += wordCount;
  }
}
