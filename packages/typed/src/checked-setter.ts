/**
 * The setters of aligned integers in a heap that checks: one comparison more than in accessor.ts, with the stored value. The
 * refusal is a call at the end, so that V8 need not inline it. Floats take every number and need no test.
 */
import type { PlacedMemory } from "./memory.js";
import type { ScalarName } from "./scalar-name.js";

type Setter<Value> = ThisType<PlacedMemory> & { set(value: Value): void };
type Refuse = (value: unknown) => never;

/** Types without a test of their own have no entry. */
export const checkedSetters: {
  readonly [Name in ScalarName]?: (byteOffset: number, refuse: Refuse) => Setter<never>;
} = {
  i8: (byteOffset, refuse): Setter<number> => ({
    set(value) {
      if ((value << 24) >> 24 !== value) refuse(value);
      this.$i8[this.$offset + byteOffset] = value;
    },
  }),
  u8: (byteOffset, refuse): Setter<number> => ({
    set(value) {
      if ((value & 0xff) !== value) refuse(value);
      this.$u8[this.$offset + byteOffset] = value;
    },
  }),
  bool: (byteOffset, refuse): Setter<boolean> => ({
    set(value) {
      if (typeof value !== "boolean") refuse(value);
      this.$u8[this.$offset + byteOffset] = +value;
    },
  }),
  i16: (byteOffset, refuse): Setter<number> => ({
    set(value) {
      if ((value << 16) >> 16 !== value) refuse(value);
      this.$i16[(this.$offset + byteOffset) >> 1] = value;
    },
  }),
  u16: (byteOffset, refuse): Setter<number> => ({
    set(value) {
      if ((value & 0xffff) !== value) refuse(value);
      this.$u16[(this.$offset + byteOffset) >> 1] = value;
    },
  }),
  i32: (byteOffset, refuse): Setter<number> => ({
    set(value) {
      if ((value | 0) !== value) refuse(value);
      this.$i32[(this.$offset + byteOffset) >> 2] = value;
    },
  }),
  u32: (byteOffset, refuse): Setter<number> => ({
    set(value) {
      if (value >>> 0 !== value) refuse(value);
      this.$u32[(this.$offset + byteOffset) >> 2] = value;
    },
  }),
  i64: (byteOffset, refuse): Setter<bigint> => ({
    set(value) {
      if (typeof value !== "bigint" || BigInt.asIntN(64, value) !== value) refuse(value);
      this.$i64[(this.$offset + byteOffset) >> 3] = value;
    },
  }),
  u64: (byteOffset, refuse): Setter<bigint> => ({
    set(value) {
      if (typeof value !== "bigint" || BigInt.asUintN(64, value) !== value) refuse(value);
      this.$u64[(this.$offset + byteOffset) >> 3] = value;
    },
  }),
};
