/**
 * The rules of the targets that structs are laid out for, as far as they differ.
 *
 *   abi      8-byte scalars are aligned to    arrays and structs
 *   c        8  (System V x86-64)             as their most aligned part
 *   i386     4  (in structs; System V i386)   the same
 *   wasm32   8  (tool-conventions BasicCABI)  the same
 *   std430   8                                the same
 *   wgsl     none                             the same; only i32, u32, f32 and f16
 *   std140   8                                alignment and stride rounded up to 16
 *
 * The last three are those of GPUs. They have vectors, of n elements of s bytes:
 *
 *   vec    n * s bytes, aligned to 2 * s, or to 4 * s for n = 3 and 4: a scalar after a vector of three fits into its 4 * s
 *   array  the stride is the size of an element, rounded up to its alignment: vectors of three take 4 * s each
 *   mat    an array of its columns
 *   bool   4 bytes in std140 and std430, an unsigned integer in SPIR-V, which has no bool in memory
 *   bits   whole units of their base type, since shaders declare integers there
 */
import type { ScalarName } from "./scalar-name.js";

/**
 * Name of a target's layout rules.
 * @public
 */
export type AbiName = "c" | "i386" | "wasm32" | "std140" | "std430" | "wgsl";

export interface Abi {
  readonly name: AbiName;
  /** Largest alignment of a scalar. */
  readonly maxScalarAlign: 4 | 8;
  /** Alignment of arrays and structs, and stride of arrays, are rounded up to this. */
  readonly aggregateAlign: 1 | 16;
  /** Whether the structs are for GPUs: only types that shaders can declare, laid out by the rules above. */
  readonly isGpu: boolean;
  /** Size of a bool in bytes, and its alignment. */
  readonly boolBytes: 1 | 4;
  /** The scalars that the target has; `undefined` for all. */
  readonly scalars?: readonly ScalarName[];
}

/** Why shaders cannot declare a type, and what to use instead. */
export interface GpuLack {
  /** The missing type, for the message "wgsl has no <what> in buffers". */
  readonly what: string;
  readonly hint: string;
}

const c: Abi = { name: "c", maxScalarAlign: 8, aggregateAlign: 1, isGpu: false, boolBytes: 1 };
const std430: Abi = { ...c, name: "std430", isGpu: true, boolBytes: 4 };

export const abis: { readonly [Name in AbiName]: Abi } = {
  c,
  i386: { ...c, name: "i386", maxScalarAlign: 4 },
  wasm32: { ...c, name: "wasm32" },
  std430,
  // https://www.w3.org/TR/WGSL/#host-shareable: f16 has a type of its own here.
  wgsl: { ...std430, name: "wgsl", scalars: ["i32", "u32", "f32"] },
  std140: { ...std430, name: "std140", aggregateAlign: 16 },
};
