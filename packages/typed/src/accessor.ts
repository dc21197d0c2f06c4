/**
 * The property of a cursor that reads and writes one aligned scalar.
 *
 * Each is one load of a typed array that the cursor holds itself, one addition, one shift, one element access: at most 27
 * bytecodes, the length up to which V8 inlines a call whatever else the caller has inlined (test/bytecode.test.ts counts
 * them). Nothing may be added to them. Rejected, with ns per struct update of 6 reads and 3 writes (1.1 to 1.6 as it is):
 * reaching the array through the chunk 1.6, DataView 1.4 and 30 bytecodes, resolving an address per access 7.8.
 */
import type { Accessor } from "./field-type.js";
import type { ScalarName } from "./scalar-name.js";

/** One pair of functions a type, written out: shared with a parameter for the array they would not be inlined. */
export const rawAccessors: { readonly [Name in ScalarName]: (byteOffset: number) => Accessor } = {
  i8: (byteOffset) => ({
    get() {
      return this.$i8[this.$offset + byteOffset];
    },
    set(value: number) {
      this.$i8[this.$offset + byteOffset] = value;
    },
  }),
  u8: (byteOffset) => ({
    get() {
      return this.$u8[this.$offset + byteOffset];
    },
    set(value: number) {
      this.$u8[this.$offset + byteOffset] = value;
    },
  }),
  bool: (byteOffset) => ({
    get() {
      return !!this.$u8[this.$offset + byteOffset]!;
    },
    set(value: boolean) {
      this.$u8[this.$offset + byteOffset] = +value;
    },
  }),
  i16: (byteOffset) => ({
    get() {
      return this.$i16[(this.$offset + byteOffset) >> 1];
    },
    set(value: number) {
      this.$i16[(this.$offset + byteOffset) >> 1] = value;
    },
  }),
  u16: (byteOffset) => ({
    get() {
      return this.$u16[(this.$offset + byteOffset) >> 1];
    },
    set(value: number) {
      this.$u16[(this.$offset + byteOffset) >> 1] = value;
    },
  }),
  i32: (byteOffset) => ({
    get() {
      return this.$i32[(this.$offset + byteOffset) >> 2];
    },
    set(value: number) {
      this.$i32[(this.$offset + byteOffset) >> 2] = value;
    },
  }),
  u32: (byteOffset) => ({
    get() {
      return this.$u32[(this.$offset + byteOffset) >> 2];
    },
    set(value: number) {
      this.$u32[(this.$offset + byteOffset) >> 2] = value;
    },
  }),
  f32: (byteOffset) => ({
    get() {
      return this.$f32[(this.$offset + byteOffset) >> 2];
    },
    set(value: number) {
      this.$f32[(this.$offset + byteOffset) >> 2] = value;
    },
  }),
  i64: (byteOffset) => ({
    get() {
      return this.$i64[(this.$offset + byteOffset) >> 3];
    },
    set(value: bigint) {
      this.$i64[(this.$offset + byteOffset) >> 3] = value;
    },
  }),
  u64: (byteOffset) => ({
    get() {
      return this.$u64[(this.$offset + byteOffset) >> 3];
    },
    set(value: bigint) {
      this.$u64[(this.$offset + byteOffset) >> 3] = value;
    },
  }),
  f64: (byteOffset) => ({
    get() {
      return this.$f64[(this.$offset + byteOffset) >> 3];
    },
    set(value: number) {
      this.$f64[(this.$offset + byteOffset) >> 3] = value;
    },
  }),
};
