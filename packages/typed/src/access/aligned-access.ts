/** Reads and writes of a scalar at any byte of a chunk: what is not on a hot path goes through these. */
import type { ArrayName, Memory } from "./memory.js";
import type { ScalarName } from "../layout/scalar-name.js";

export interface ScalarAccess {
  readonly array: ArrayName;
  readonly read: (memory: Memory, offset: number) => any;
  readonly write: (memory: Memory, offset: number, value: any) => void;
}

/** Through the typed array of its width: the offset is a multiple of the width. */
export const alignedAccess: { readonly [Name in ScalarName]: ScalarAccess } = {
  i8: {
    array: "i8",
    read: (memory, offset) => memory.$i8[offset],
    write: (memory, offset, value) => {
      memory.$i8[offset] = value;
    },
  },
  u8: {
    array: "u8",
    read: (memory, offset) => memory.$u8[offset],
    write: (memory, offset, value) => {
      memory.$u8[offset] = value;
    },
  },
  bool: {
    array: "u8",
    read: (memory, offset) => memory.$u8[offset] !== 0,
    write: (memory, offset, value) => {
      memory.$u8[offset] = +value;
    },
  },
  i16: {
    array: "i16",
    read: (memory, offset) => memory.$i16[offset >>> 1],
    write: (memory, offset, value) => {
      memory.$i16[offset >>> 1] = value;
    },
  },
  u16: {
    array: "u16",
    read: (memory, offset) => memory.$u16[offset >>> 1],
    write: (memory, offset, value) => {
      memory.$u16[offset >>> 1] = value;
    },
  },
  i32: {
    array: "i32",
    read: (memory, offset) => memory.$i32[offset >>> 2],
    write: (memory, offset, value) => {
      memory.$i32[offset >>> 2] = value;
    },
  },
  u32: {
    array: "u32",
    read: (memory, offset) => memory.$u32[offset >>> 2],
    write: (memory, offset, value) => {
      memory.$u32[offset >>> 2] = value;
    },
  },
  f32: {
    array: "f32",
    read: (memory, offset) => memory.$f32[offset >>> 2],
    write: (memory, offset, value) => {
      memory.$f32[offset >>> 2] = value;
    },
  },
  i64: {
    array: "i64",
    read: (memory, offset) => memory.$i64[offset >>> 3],
    write: (memory, offset, value) => {
      memory.$i64[offset >>> 3] = value;
    },
  },
  u64: {
    array: "u64",
    read: (memory, offset) => memory.$u64[offset >>> 3],
    write: (memory, offset, value) => {
      memory.$u64[offset >>> 3] = value;
    },
  },
  f64: {
    array: "f64",
    read: (memory, offset) => memory.$f64[offset >>> 3],
    write: (memory, offset, value) => {
      memory.$f64[offset >>> 3] = value;
    },
  },
};
