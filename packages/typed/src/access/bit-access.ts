/**
 * Reading and writing a bit field: through the smallest aligned unit of 8, 16 or 32 bits that contains it, else byte by byte.
 *
 *   unit     | ... 0 | value (width) | shift bits |       value = (unit >>> shift) & mask
 */
import type { Codec } from "./codec.js";
import type { Memory } from "./memory.js";

export interface BitPlace {
  /** From the beginning of the struct. */
  readonly bitOffset: number;
  /** 1 to 53. */
  readonly width: number;
  readonly isSigned: boolean;
  /** The alignment that is known of the struct. */
  readonly knownAlign: number;
}

type BitCodec = Required<
  Pick<Codec<number, number>, "size" | "arrays" | "read" | "write" | "accessor">
>;

/** The numbers in a bit field. Writes keep the low bits of the value. */
export function numberBits(place: BitPlace): BitCodec {
  const { bitOffset, width, knownAlign } = place;
  for (const unitBits of [8, 16, 32] as const) {
    const isInside = (bitOffset % unitBits) + width <= unitBits;
    if (isInside && knownAlign * 8 >= unitBits) return unitCodec(place, unitBits);
  }
  return byteCodec(place);
}

/** A bit as a boolean: always inside one byte. */
export function booleanBit(bitOffset: number): Codec<boolean> {
  const first = bitOffset >>> 3;
  const mask = 1 << (bitOffset & 7);
  const clear = ~mask;
  return {
    size: first + 1,
    arrays: ["u8"],
    read: ({ $u8 }, offset) => ($u8[offset + first]! & mask) !== 0,
    write({ $u8 }, offset, value) {
      const at = offset + first;
      $u8[at] = value ? $u8[at]! | mask : $u8[at]! & clear;
    },
    accessor: (byteOffset) => {
      const byte = byteOffset + first;
      return {
        get() {
          return !!(this.$u8[this.$offset + byte]! & mask);
        },
        set(value: boolean) {
          const at = this.$offset + byte;
          this.$u8[at] = value ? this.$u8[at]! | mask : this.$u8[at]! & clear;
        },
      };
    },
  };
}

function unitCodec(place: BitPlace, unitBits: 8 | 16 | 32): BitCodec {
  const { bitOffset, width, isSigned } = place;
  const shift = bitOffset % unitBits;
  const first = (bitOffset - shift) / 8;
  const size = first + unitBits / 8;
  // Shifts by 32 are shifts by 0 in JavaScript: a mask of 32 bits is -1.
  const mask = width === 32 ? -1 : 2 ** width - 1;
  const clear = ~(mask << shift);
  const up = 32 - shift - width;
  const down = 32 - width;
  const decode = isSigned
    ? (unit: number): number => (unit << up) >> down
    : (unit: number): number => ((unit >>> shift) & mask) >>> 0;
  const codecs = {
    8: {
      read: ({ $u8 }: Memory, offset: number): number => decode($u8[offset + first]!),
      write({ $u8 }: Memory, offset: number, value: number): void {
        const at = offset + first;
        $u8[at] = ($u8[at]! & clear) | ((value & mask) << shift);
      },
    },
    16: {
      read: ({ $u16 }: Memory, offset: number): number => decode($u16[(offset + first) >> 1]!),
      write({ $u16 }: Memory, offset: number, value: number): void {
        const at = (offset + first) >> 1;
        $u16[at] = ($u16[at]! & clear) | ((value & mask) << shift);
      },
    },
    32: {
      read: ({ $u32 }: Memory, offset: number): number => decode($u32[(offset + first) >> 2]!),
      write({ $u32 }: Memory, offset: number, value: number): void {
        const at = (offset + first) >> 2;
        $u32[at] = ($u32[at]! & clear) | ((value & mask) << shift);
      },
    },
  };
  return withAccessor({ size, arrays: [`u${unitBits}`], ...codecs[unitBits] });
}

/** Fields across units, and those of structs whose place is not aligned. */
function byteCodec({ bitOffset, width, isSigned }: BitPlace): BitCodec {
  const end = bitOffset + width;
  const limit = 2 ** width;
  return withAccessor({
    size: Math.ceil(end / 8),
    arrays: ["u8"],
    read({ $u8 }, offset) {
      let value = 0;
      for (let bit = bitOffset; bit < end; bit = nextByte(bit)) {
        const bits = bitsInByte(bit, end);
        const part = ($u8[offset + (bit >>> 3)]! >>> (bit & 7)) & (2 ** bits - 1);
        value += part * 2 ** (bit - bitOffset);
      }
      return isSigned && value >= limit / 2 ? value - limit : value;
    },
    write({ $u8 }, offset, value) {
      // What does not fit keeps its low bits, as with the other units.
      const whole = Math.trunc(value) % limit;
      let rest = whole < 0 ? whole + limit : whole;
      for (let bit = bitOffset; bit < end; bit = nextByte(bit)) {
        const bits = bitsInByte(bit, end);
        const at = offset + (bit >>> 3);
        const mask = (2 ** bits - 1) << (bit & 7);
        $u8[at] = ($u8[at]! & ~mask) | ((rest % 2 ** bits) << (bit & 7));
        rest = Math.floor(rest / 2 ** bits);
      }
    },
  });
}

function nextByte(bit: number): number {
  return (bit | 7) + 1;
}

/** How many bits of the field lie in the byte of `bit`. */
function bitsInByte(bit: number, end: number): number {
  return Math.min(8 - (bit & 7), end - bit);
}

function withAccessor(codec: Omit<BitCodec, "accessor">): BitCodec {
  const { read, write } = codec;
  return {
    ...codec,
    accessor: (byteOffset) => ({
      get() {
        return read(this, this.$offset + byteOffset);
      },
      set(value: number) {
        write(this, this.$offset + byteOffset, value);
      },
    }),
  };
}
