/**
 * Reading and writing a bit field: through the smallest aligned unit of 8, 16 or 32 bits that contains it, else byte by byte.
 *
 *   unit        | ... 0 | value (width) | shift bits |        value = (unit >>> shift) & mask
 *
 * Bit 0 of a struct is the lowest bit of byte 0, and a field continues in the higher bits. In big-endian order bit 0 is the highest bit of
 * byte 0, and a field begins with its highest bit, as gcc lays it out for `scalar_storage_order("big-endian")`:
 *
 *                                        byte 0           byte 1
 *   { a: 4, b: 12 }   little-endian      b3-b0 a3-a0      b11-b4
 *                     big-endian         a3-a0 b11-b8     b7-b0
 */
import type { Codec } from "./codec.js";
import type { ArrayName, Memory } from "./memory.js";

export interface BitPlace {
  /** From the beginning of the struct. */
  readonly bitOffset: number;
  /** 1 to 64. */
  readonly width: number;
  readonly isSigned: boolean;
  readonly isBigEndian: boolean;
  /** In bytes: a unit of at most this size can be accessed at every multiple of its size from the beginning of the struct. */
  readonly unitAlign: number;
}

type BitCodec<Value> = Pick<Codec<Value, Value>, "size" | "arrays" | "read" | "write">;

/** The unit that a field lies in. */
export interface BitUnit {
  readonly unitBits: 8 | 16 | 32;
  /** The byte that the unit begins with, from the beginning of the struct. */
  readonly first: number;
  /** Bits of the unit below the field. */
  readonly shift: number;
}

/** The smallest aligned unit that contains a field; `undefined` where none does. */
export function unitOf(place: BitPlace): BitUnit | undefined {
  const { bitOffset, width, isBigEndian, unitAlign } = place;
  for (const unitBits of [8, 16, 32] as const) {
    const before = bitOffset % unitBits;
    if (before + width > unitBits || unitAlign * 8 < unitBits) continue;
    const shift = isBigEndian ? unitBits - before - width : before;
    return { unitBits, first: (bitOffset - before) / 8, shift };
  }
  return undefined;
}

/** The mask of a boolean in its byte. */
export function maskOfBit({ bitOffset, isBigEndian }: BitPlace): number {
  return isBigEndian ? 0x80 >>> (bitOffset & 7) : 1 << (bitOffset & 7);
}

/** The numbers in a bit field of up to 53 bits. Writes keep the low bits of the value. */
export function numberBits(place: BitPlace): BitCodec<number> {
  const unit = unitOf(place);
  return unit === undefined ? byteCodec(place) : unitCodec(place, unit);
}

/** The bigints in a bit field of 33 to 64 bits, as two numbers: the low 32 bits, and the bits above them. Writes keep the low bits of the value. */
export function bigIntBits(place: BitPlace): BitCodec<bigint> {
  const { bitOffset, width, isBigEndian } = place;
  const above = width - 32;
  const lowOffset = isBigEndian ? bitOffset + above : bitOffset;
  const highOffset = isBigEndian ? bitOffset : bitOffset + 32;
  const low = numberBits({ ...place, bitOffset: lowOffset, width: 32, isSigned: false });
  const high = numberBits({ ...place, bitOffset: highOffset, width: above });
  return {
    size: Math.max(low.size, high.size),
    arrays: [...low.arrays, ...high.arrays],
    read: (memory, offset) =>
      (BigInt(high.read(memory, offset)) << 32n) | BigInt(low.read(memory, offset)),
    write(memory, offset, value) {
      low.write(memory, offset, Number(BigInt.asUintN(32, value)));
      high.write(memory, offset, Number(BigInt.asUintN(32, value >> 32n)));
    },
  };
}

/** A bit as a boolean: always inside one byte. */
export function booleanBit(place: BitPlace): BitCodec<boolean> {
  const first = place.bitOffset >>> 3;
  const mask = maskOfBit(place);
  const clear = ~mask;
  return {
    size: first + 1,
    arrays: ["u8"],
    read: ({ $u8 }, offset) => ($u8[offset + first]! & mask) !== 0,
    write({ $u8 }, offset, value) {
      const at = offset + first;
      $u8[at] = value ? $u8[at]! | mask : $u8[at]! & clear;
    },
  };
}

/** One unit of some bits at a byte of a chunk. */
interface UnitAccess {
  readonly array: ArrayName;
  readonly get: (memory: Memory, at: number) => number;
  readonly set: (memory: Memory, at: number, unit: number) => void;
}

function unitCodec(place: BitPlace, { unitBits, first, shift }: BitUnit): BitCodec<number> {
  const { width, isSigned, isBigEndian } = place;
  // Shifts by 32 are shifts by 0 in JavaScript: a mask of 32 bits is -1.
  const mask = width === 32 ? -1 : 2 ** width - 1;
  const clear = ~(mask << shift);
  const up = 32 - shift - width;
  const down = 32 - width;
  const { array, get, set } = isBigEndian ? bigEndianUnits[unitBits] : units[unitBits];
  return {
    size: first + unitBits / 8,
    arrays: [array],
    read: isSigned
      ? (memory, offset) => (get(memory, offset + first) << up) >> down
      : (memory, offset) => ((get(memory, offset + first) >>> shift) & mask) >>> 0,
    write(memory, offset, value) {
      const at = offset + first;
      set(memory, at, (get(memory, at) & clear) | ((value & mask) << shift));
    },
  };
}

const byteUnit: UnitAccess = {
  array: "u8",
  get: ({ $u8 }, at) => $u8[at]!,
  set({ $u8 }, at, unit) {
    $u8[at] = unit;
  },
};

const units = {
  8: byteUnit,
  16: {
    array: "u16",
    get: ({ $u16 }: Memory, at: number): number => $u16[at >>> 1]!,
    set({ $u16 }: Memory, at: number, unit: number): void {
      $u16[at >>> 1] = unit;
    },
  },
  32: {
    array: "u32",
    get: ({ $u32 }: Memory, at: number): number => $u32[at >>> 2]!,
    set({ $u32 }: Memory, at: number, unit: number): void {
      $u32[at >>> 2] = unit;
    },
  },
} as const;

const bigEndianUnits = {
  8: byteUnit,
  16: {
    array: "view",
    get: ({ $view }: Memory, at: number): number => $view.getUint16(at),
    set({ $view }: Memory, at: number, unit: number): void {
      $view.setUint16(at, unit);
    },
  },
  32: {
    array: "view",
    get: ({ $view }: Memory, at: number): number => $view.getUint32(at),
    set({ $view }: Memory, at: number, unit: number): void {
      $view.setUint32(at, unit);
    },
  },
} as const;

/** The bits of a field that lie in one byte. */
interface BytePart {
  readonly byte: number;
  /** Bits of the byte below them. */
  readonly shift: number;
  /** The mask of these bits once they are shifted down to bit 0. */
  readonly mask: number;
  /** Value of their lowest bit: a power of two. */
  readonly weight: number;
}

/** Fields across units, and those of structs whose place is not aligned. */
function byteCodec(place: BitPlace): BitCodec<number> {
  const { bitOffset, width, isSigned } = place;
  const parts = bytePartsOf(place);
  const limit = 2 ** width;
  return {
    size: Math.ceil((bitOffset + width) / 8),
    arrays: ["u8"],
    read({ $u8 }, offset) {
      let value = 0;
      for (const { byte, shift, mask, weight } of parts)
        value += (($u8[offset + byte]! >>> shift) & mask) * weight;
      return isSigned && value >= limit / 2 ? value - limit : value;
    },
    write({ $u8 }, offset, value) {
      // Values out of range keep their low bits, as in `unitCodec`.
      const whole = Math.trunc(value) % limit;
      const rest = whole < 0 ? whole + limit : whole;
      for (const { byte, shift, mask, weight } of parts) {
        const at = offset + byte;
        const bits = Math.floor(rest / weight) % (mask + 1);
        $u8[at] = ($u8[at]! & ~(mask << shift)) | (bits << shift);
      }
    },
  };
}

function bytePartsOf({ bitOffset, width, isBigEndian }: BitPlace): BytePart[] {
  const parts: BytePart[] = [];
  const end = bitOffset + width;
  let bits: number;
  for (let bit = bitOffset; bit < end; bit += bits) {
    const before = bit & 7;
    bits = Math.min(8 - before, end - bit);
    parts.push({
      byte: bit >>> 3,
      shift: isBigEndian ? 8 - before - bits : before,
      mask: 2 ** bits - 1,
      weight: 2 ** (isBigEndian ? end - bit - bits : bit - bitOffset),
    });
  }
  return parts;
}
