/**
 * The bytes of one top chunk as the fields of a view read them: one typed array a width, and a DataView for what is unaligned
 * or of a foreign byte order. A view holds them itself, so that an accessor reaches its array in one load.
 */
import type { Address, Arena, TopChunk } from "@perfloc/trim";

/** The arrays that fields read; `view` is the DataView. */
export const arrayNames = [
  "i8",
  "u8",
  "i16",
  "u16",
  "i32",
  "u32",
  "i64",
  "u64",
  "f32",
  "f64",
  "view",
] as const;

/** Which array a field reads. */
export type ArrayName = (typeof arrayNames)[number];

/** Names begin with `$` because the names of fields cannot. */
export interface Memory extends MemoryArrays {
  /** The way to other chunks, for types that refer to them. */
  readonly $arena: Arena;
  /** First address of the chunk. */
  $base: Address;
}

/** The arrays of a {@link Memory}. */
export interface MemoryArrays {
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

/** A property of a cursor. */
export type Accessor = PropertyDescriptor & ThisType<PlacedMemory>;

/** Gives `memory` the arrays of a chunk that it needs; the chunk makes each when it is first asked for. */
export function viewChunk(memory: Memory, chunk: TopChunk, names: readonly ArrayName[]): void {
  memory.$base = chunk.base;
  for (const name of names) viewers[name](memory, chunk);
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
