/**
 * The setters of aligned integers in a heap that checks: one comparison more than in accessor.ts, with the stored value. The
 * refusal is a call at the end, so that V8 need not inline it. Floats take every number, and have the setters of accessor.ts.
 */
import type { Refuse } from "./accessor.js";
import type { PlacedMemory } from "./memory.js";
import type { ScalarName } from "../layout/scalar-name.js";

type Setter<Value> = ThisType<PlacedMemory> & { set(value: Value): void };

/** Types without a test of their own have no entry. */
export const checkedSetters: {
  readonly [Name in ScalarName]?: (byteOffset: number, refuse: Refuse) => Setter<never>;
} = {
  i8: (byteOffset, refuse): Setter<number> => {
    const index = byteOffset;
    return {
      set(value) {
        if (typeof value !== "number" || (value << 24) >> 24 !== value) refuse(value);
        this.$i8[this.$offset + index] = value;
      },
    };
  },
  u8: (byteOffset, refuse): Setter<number> => {
    const index = byteOffset;
    return {
      set(value) {
        if (typeof value !== "number" || (value & 0xff) !== value) refuse(value);
        this.$u8[this.$offset + index] = value;
      },
    };
  },
  i16: (byteOffset, refuse): Setter<number> => {
    const index = byteOffset >> 1;
    return {
      set(value) {
        if (typeof value !== "number" || (value << 16) >> 16 !== value) refuse(value);
        this.$i16[(this.$offset >> 1) + index] = value;
      },
    };
  },
  u16: (byteOffset, refuse): Setter<number> => {
    const index = byteOffset >> 1;
    return {
      set(value) {
        if (typeof value !== "number" || (value & 0xffff) !== value) refuse(value);
        this.$u16[(this.$offset >> 1) + index] = value;
      },
    };
  },
  i32: (byteOffset, refuse): Setter<number> => {
    const index = byteOffset >> 2;
    return {
      set(value) {
        if (typeof value !== "number" || (value | 0) !== value) refuse(value);
        this.$i32[(this.$offset >> 2) + index] = value;
      },
    };
  },
  u32: (byteOffset, refuse): Setter<number> => {
    const index = byteOffset >> 2;
    return {
      set(value) {
        if (typeof value !== "number" || value >>> 0 !== value) refuse(value);
        this.$u32[(this.$offset >> 2) + index] = value;
      },
    };
  },
  i64: (byteOffset, refuse): Setter<bigint> => {
    const index = byteOffset >> 3;
    return {
      set(value) {
        if (typeof value !== "bigint" || BigInt.asIntN(64, value) !== value) refuse(value);
        this.$i64[(this.$offset >> 3) + index] = value;
      },
    };
  },
  u64: (byteOffset, refuse): Setter<bigint> => {
    const index = byteOffset >> 3;
    return {
      set(value) {
        if (typeof value !== "bigint" || BigInt.asUintN(64, value) !== value) refuse(value);
        this.$u64[(this.$offset >> 3) + index] = value;
      },
    };
  },
};
