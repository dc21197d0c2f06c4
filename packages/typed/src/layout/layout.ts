/**
 * Where the members of a struct or union lie: pure arithmetic in bits, as gcc and clang do it.
 *
 *   offset of a member = end of the member before, rounded up to its alignment (to 1 in a packed struct, unless it is forced)
 *   alignment of the struct = the largest of a member; size = end of the last member, rounded up to that
 *
 *   { mass: f64, alive: bool, id: u32 }      | mass (8) | alive (1) | padding (3) | id (4) |      16 bytes, alignment 8
 *
 * Bit fields of one base type T, `size` and `align` being those of T:
 *   a field follows the bit before it, unless it would then reach past the last T-sized unit that begins at a multiple of
 *   `align`: it goes to the next multiple. Packed structs know no such units. Width 0 ends the unit, packed or not.
 *   Named fields raise the alignment of the struct as a member of type T would; unnamed ones do not.
 *   For GPUs a group of them begins and ends at a unit: shaders declare one T for each unit.
 */
import type { Abi } from "./abi.js";

/** One member before it has a place. Sizes in bytes. */
export interface Member {
  readonly name: string;
  readonly size: number;
  readonly align: number;
  /** The alignment in a packed struct, by `aligned()`; 1 without. */
  readonly packedAlign?: number;
  /** A group of bit fields, whose base type has `size` and `align`. */
  readonly bits?: readonly BitMember[] | undefined;
}

export interface BitMember {
  /** `undefined` for padding. */
  readonly name: string | undefined;
  /** 0, in padding only, to begin the next unit. */
  readonly width: number;
}

export interface PlacedBits {
  readonly name: string;
  /** From the beginning of the struct; bit 0 is the lowest bit of byte 0. */
  readonly bitOffset: number;
  readonly width: number;
}

export interface PlacedMember extends Member {
  /** From the beginning of the struct; of a group of bit fields the byte of its first bit. */
  readonly byteOffset: number;
  readonly placedBits?: readonly PlacedBits[] | undefined;
}

/** `size` is a multiple of `align`; every offset of a member is a multiple of its alignment unless the struct is packed. */
export interface Layout {
  readonly size: number;
  readonly align: number;
  readonly members: readonly PlacedMember[];
}

export interface LayoutOptions {
  readonly abi: Abi;
  readonly isUnion?: boolean | undefined;
  readonly isPacked?: boolean | undefined;
  /** The least alignment of the whole. */
  readonly align?: number | undefined;
}

/** Lays the members out in the order given. */
export function layOut(members: readonly Member[], options: LayoutOptions): Layout {
  const { abi, isUnion = false, isPacked = false } = options;
  const placed: PlacedMember[] = [];
  let end = 0;
  let longest = 0;
  let align = Math.max(options.align ?? 1, abi.aggregateAlign);
  for (const member of members) {
    const memberAlign = isPacked ? (member.packedAlign ?? 1) : member.align;
    const start = isUnion ? 0 : end;
    if (member.bits === undefined) {
      const byteOffset = alignUp(Math.ceil(start / 8), memberAlign);
      placed.push({ ...member, byteOffset });
      end = (byteOffset + member.size) * 8;
      align = Math.max(align, memberAlign);
    } else {
      const unitBits = abi.isGpu ? member.align * 8 : 1;
      const placedBits = placeBits(member, member.bits, alignUp(start, unitBits), isPacked);
      const first = placedBits.fields[0]?.bitOffset ?? start;
      placed.push({ ...member, byteOffset: first >>> 3, placedBits: placedBits.fields });
      end = alignUp(placedBits.end, unitBits);
      if (placedBits.fields.length > 0) align = Math.max(align, memberAlign);
    }
    longest = Math.max(longest, end);
  }
  return { size: alignUp(Math.ceil(longest / 8), align), align, members: placed };
}

/** Size and alignment of `count` elements, and the bytes from one to the next. */
export function layOutArray(
  element: { readonly size: number; readonly align: number },
  count: number,
  abi: Abi,
): { readonly size: number; readonly align: number; readonly stride: number } {
  const align = Math.max(element.align, abi.aggregateAlign);
  const stride = alignUp(element.size, align);
  return { size: stride * count, align, stride };
}

/** `value` rounded up to a multiple of `alignment`, a power of two. */
export function alignUp(value: number, alignment: number): number {
  return Math.ceil(value / alignment) * alignment;
}

/** The alignment known of a part `offset` bytes into something aligned to `limit`: the largest power of two that divides both. */
export function knownAlignAt(limit: number, offset: number): number {
  return offset === 0 ? limit : Math.min(limit, offset & -offset);
}

function placeBits(
  { size, align }: Member,
  bits: readonly BitMember[],
  start: number,
  isPacked: boolean,
): { readonly fields: PlacedBits[]; readonly end: number } {
  const unitBits = align * 8;
  const fields: PlacedBits[] = [];
  let end = start;
  for (const { name, width } of bits) {
    const isStraddling = Math.ceil(((end % unitBits) + width) / unitBits) > size / align;
    if (width === 0 || (!isPacked && isStraddling)) end = alignUp(end, unitBits);
    if (name !== undefined) fields.push({ name, bitOffset: end, width });
    end += width;
  }
  return { fields, end };
}
