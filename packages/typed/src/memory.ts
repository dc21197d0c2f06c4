/**
 * The bytes of one top chunk as the fields of a view read them: one typed array a width, and a DataView for what is unaligned
 * or of a foreign byte order. A view holds them itself, so that an accessor reaches its array in one load.
 */
import type { Address, Arena, TopChunk } from "@perfloc/trim";

/** Which array a field reads; `view` is the DataView. */
export type ArrayName =
  | "i8"
  | "u8"
  | "i16"
  | "u16"
  | "i32"
  | "u32"
  | "i64"
  | "u64"
  | "f32"
  | "f64"
  | "view";

/** Names begin with `$` because the names of fields cannot. */
export interface Memory {
  /** The way to other chunks, for types that refer to them. */
  readonly $arena: Arena;
  /** First address of the chunk. */
  $base: Address;
  $i8: Int8Array;
  $u8: Uint8Array;
  $i16: Int16Array;
  $u16: Uint16Array;
  $i32: Int32Array;
  $u32: Uint32Array;
  $i64: BigInt64Array;
  $u64: BigUint64Array;
  $f32: Float32Array;
  $f64: Float64Array;
  $view: DataView;
}

/** A {@link Memory} with a place in it. */
export interface PlacedMemory extends Memory {
  /** Bytes from the beginning of the chunk to the struct. */
  $offset: number;
}

/** Gives `memory` the arrays of a chunk that it needs; the chunk makes each when it is first asked for. */
export function viewChunk(memory: Memory, chunk: TopChunk, names: readonly ArrayName[]): void {
  memory.$base = chunk.base;
  for (const name of names) viewers[name](memory, chunk);
}

/** Gives `memory` the arrays that another has. */
export function copyViews(memory: Memory, from: Memory): void {
  memory.$base = from.$base;
  memory.$i8 = from.$i8;
  memory.$u8 = from.$u8;
  memory.$i16 = from.$i16;
  memory.$u16 = from.$u16;
  memory.$i32 = from.$i32;
  memory.$u32 = from.$u32;
  memory.$i64 = from.$i64;
  memory.$u64 = from.$u64;
  memory.$f32 = from.$f32;
  memory.$f64 = from.$f64;
  memory.$view = from.$view;
}

const viewers: { readonly [Name in ArrayName]: (memory: Memory, chunk: TopChunk) => void } = {
  i8: (memory, chunk) => {
    memory.$i8 = chunk.i8;
  },
  u8: (memory, chunk) => {
    memory.$u8 = chunk.u8;
  },
  i16: (memory, chunk) => {
    memory.$i16 = chunk.i16;
  },
  u16: (memory, chunk) => {
    memory.$u16 = chunk.u16;
  },
  i32: (memory, chunk) => {
    memory.$i32 = chunk.i32;
  },
  u32: (memory, chunk) => {
    memory.$u32 = chunk.u32;
  },
  i64: (memory, chunk) => {
    memory.$i64 = chunk.i64;
  },
  u64: (memory, chunk) => {
    memory.$u64 = chunk.u64;
  },
  f32: (memory, chunk) => {
    memory.$f32 = chunk.f32;
  },
  f64: (memory, chunk) => {
    memory.$f64 = chunk.f64;
  },
  view: (memory, { u8 }) => {
    memory.$view = new DataView(u8.buffer, u8.byteOffset, u8.byteLength);
  },
};
