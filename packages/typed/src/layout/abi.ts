/**
 * The rules of the targets that structs are laid out for, as far as they differ.
 *
 *   abi      8-byte scalars are aligned to    arrays and structs
 *   c        8  (System V x86-64)             as their most aligned part
 *   i386     4  (in structs; System V i386)   the same
 *   wasm32   8  (tool-conventions BasicCABI)  the same
 *   std430   8                                the same; vectors of 3 are aligned like vectors of 4; bool has 4 bytes
 *   wgsl     none                             as std430; only i32, u32, f32 and f16
 *   std140   8                                alignment and stride rounded up to 16
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
  /** Whether vectors are aligned as GPUs load them. */
  readonly hasVectors: boolean;
  /** Bytes of a bool, and its alignment; GPUs read one as an integer of 32 bits. */
  readonly boolBytes: 1 | 4;
  /** The scalars that there are; `undefined` for all. */
  readonly scalars?: readonly ScalarName[];
}

const c: Abi = { name: "c", maxScalarAlign: 8, aggregateAlign: 1, hasVectors: false, boolBytes: 1 };
const std430: Abi = {
  name: "std430",
  maxScalarAlign: 8,
  aggregateAlign: 1,
  hasVectors: true,
  boolBytes: 4,
};

export const abis: { readonly [Name in AbiName]: Abi } = {
  c,
  i386: { ...c, name: "i386", maxScalarAlign: 4 },
  wasm32: { ...c, name: "wasm32" },
  std430,
  // https://www.w3.org/TR/WGSL/#host-shareable: f16 has a type of its own here.
  wgsl: { ...std430, name: "wgsl", scalars: ["i32", "u32", "f32"] },
  std140: { ...std430, name: "std140", aggregateAlign: 16 },
};
