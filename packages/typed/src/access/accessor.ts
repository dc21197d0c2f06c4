/**
 * The property of a cursor that reads and writes one aligned scalar.
 *
 * Each is one load of a typed array that the cursor holds itself, one shift, one addition, one element access: at most 27
 * bytecodes to read, the length up to which V8 inlines a call whatever else the caller has inlined (test/bytecode.test.ts counts
 * them). Writes ask for the type of the value first, at every check level, and have at most 45: measured as fast as without, since V8 knows
 * that type mostly, and a string is refused as it is everywhere else. Nothing may be added to them. The shift comes first, so that V8
 * does it once for all fields of a struct: aligned fields lie at multiples of their length in aligned structs. `index` is a const, which V8
 * folds; a parameter it would load.
 * Rejected, with ns per struct update of 6 reads and 3 writes (1.1 to 1.6 as it is):
 * reaching the array through the chunk 1.6, DataView 1.4 and 30 bytecodes, resolving an address per access 7.8.
 */
import type { Accessor } from "./memory.js";
import type { ScalarName } from "../layout/scalar-name.js";

/** Throws for a value that a type does not take. */
export type Refuse = (value: unknown) => never;

/** One pair of functions a type, written out: shared with a parameter for the array they would not be inlined. */
export const rawAccessors: {
  readonly [Name in ScalarName]: (byteOffset: number, refuse: Refuse) => Accessor;
} = {
  i8: (byteOffset, refuse) => {
    const index = byteOffset;
    return {
      get() {
        return this.$i8[this.$offset + index];
      },
      set(value: number) {
        if (typeof value !== "number") refuse(value);
        this.$i8[this.$offset + index] = value;
      },
    };
  },
  u8: (byteOffset, refuse) => {
    const index = byteOffset;
    return {
      get() {
        return this.$u8[this.$offset + index];
      },
      set(value: number) {
        if (typeof value !== "number") refuse(value);
        this.$u8[this.$offset + index] = value;
      },
    };
  },
  bool: (byteOffset, refuse) => {
    const index = byteOffset;
    return {
      get() {
        return !!this.$u8[this.$offset + index]!;
      },
      set(value: boolean) {
        if (typeof value !== "boolean") refuse(value);
        this.$u8[this.$offset + index] = +value;
      },
    };
  },
  i16: (byteOffset, refuse) => {
    const index = byteOffset >> 1;
    return {
      get() {
        return this.$i16[(this.$offset >> 1) + index];
      },
      set(value: number) {
        if (typeof value !== "number") refuse(value);
        this.$i16[(this.$offset >> 1) + index] = value;
      },
    };
  },
  u16: (byteOffset, refuse) => {
    const index = byteOffset >> 1;
    return {
      get() {
        return this.$u16[(this.$offset >> 1) + index];
      },
      set(value: number) {
        if (typeof value !== "number") refuse(value);
        this.$u16[(this.$offset >> 1) + index] = value;
      },
    };
  },
  i32: (byteOffset, refuse) => {
    const index = byteOffset >> 2;
    return {
      get() {
        return this.$i32[(this.$offset >> 2) + index];
      },
      set(value: number) {
        if (typeof value !== "number") refuse(value);
        this.$i32[(this.$offset >> 2) + index] = value;
      },
    };
  },
  u32: (byteOffset, refuse) => {
    const index = byteOffset >> 2;
    return {
      get() {
        return this.$u32[(this.$offset >> 2) + index];
      },
      set(value: number) {
        if (typeof value !== "number") refuse(value);
        this.$u32[(this.$offset >> 2) + index] = value;
      },
    };
  },
  f32: (byteOffset, refuse) => {
    const index = byteOffset >> 2;
    return {
      get() {
        return this.$f32[(this.$offset >> 2) + index];
      },
      set(value: number) {
        if (typeof value !== "number") refuse(value);
        this.$f32[(this.$offset >> 2) + index] = value;
      },
    };
  },
  i64: (byteOffset, refuse) => {
    const index = byteOffset >> 3;
    return {
      get() {
        return this.$i64[(this.$offset >> 3) + index];
      },
      set(value: bigint) {
        if (typeof value !== "bigint") refuse(value);
        this.$i64[(this.$offset >> 3) + index] = value;
      },
    };
  },
  u64: (byteOffset, refuse) => {
    const index = byteOffset >> 3;
    return {
      get() {
        return this.$u64[(this.$offset >> 3) + index];
      },
      set(value: bigint) {
        if (typeof value !== "bigint") refuse(value);
        this.$u64[(this.$offset >> 3) + index] = value;
      },
    };
  },
  f64: (byteOffset, refuse) => {
    const index = byteOffset >> 3;
    return {
      get() {
        return this.$f64[(this.$offset >> 3) + index];
      },
      set(value: number) {
        if (typeof value !== "number") refuse(value);
        this.$f64[(this.$offset >> 3) + index] = value;
      },
    };
  },
};
