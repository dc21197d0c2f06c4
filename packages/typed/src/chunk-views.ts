/** Which typed array of a top chunk serves which type of field. */
import type { TopChunk } from "@perfloc/trim";
import type { ChunkView, CursorBase } from "./cursor-base.js";
import type { StructLayout } from "./layout.js";
import type { ScalarName } from "./scalar.js";

const views: { readonly [Name in ScalarName]: ChunkView } = {
  i8: (cursor, chunk) => {
    cursor.$i8 = chunk.i8;
  },
  u8: viewBytes,
  bool: viewBytes,
  i16: (cursor, chunk) => {
    cursor.$i16 = chunk.i16;
  },
  u16: (cursor, chunk) => {
    cursor.$u16 = chunk.u16;
  },
  i32: (cursor, chunk) => {
    cursor.$i32 = chunk.i32;
  },
  u32: (cursor, chunk) => {
    cursor.$u32 = chunk.u32;
  },
  i64: (cursor, chunk) => {
    cursor.$i64 = chunk.i64;
  },
  u64: (cursor, chunk) => {
    cursor.$u64 = chunk.u64;
  },
  f32: (cursor, chunk) => {
    cursor.$f32 = chunk.f32;
  },
  f64: (cursor, chunk) => {
    cursor.$f64 = chunk.f64;
  },
};

/** The views that the fields of a layout need, each once. */
export function viewsFor(layout: StructLayout): ChunkView[] {
  return [...new Set(layout.fields.map(({ type }) => views[type.name]))];
}

function viewBytes(cursor: CursorBase, chunk: TopChunk): void {
  cursor.$u8 = chunk.u8;
}
