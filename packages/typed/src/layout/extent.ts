/** Size and alignment of a type: as a field of a struct, and by itself. */
import type { Abi } from "./abi.js";
import { type BitMember, type Member, layOut } from "./layout.js";

/** Size and alignment in bytes. */
export interface Extent {
  readonly size: number;
  readonly align: number;
  /** The alignment in a packed struct, by `aligned()`; 1 without. */
  readonly packedAlign?: number;
  /** A group of bit fields; `size` and `align` are those of the base type. */
  readonly bits?: readonly BitMember[];
}

/** A type, as far as layouts know it. */
export interface MeasuredType {
  /** Size and alignment under an ABI. */
  measure(abi: Abi): Extent;
}

/** The same of elements of collections. */
interface ElementType {
  /** Size and alignment by itself. */
  measureAlone(abi: Abi): Extent;
}

/** The members of a union, each alone. */
export function membersAlone(types: ReadonlyMap<string, MeasuredType>, abi: Abi): Member[] {
  return [...types].map(([name, type]) => {
    const { size, align } = extentAlone(type, abi);
    return { name, size, align };
  });
}

/** As `measure`, but a group of bit fields, which has no struct around it in arrays and unions, is a struct of its own. */
export function extentAlone(type: MeasuredType, abi: Abi): Extent {
  return withoutBits(type.measure(abi), abi);
}

/** The same of an element of a collection, which no struct and no array is around. */
export function elementExtent(type: ElementType, abi: Abi): Extent {
  return withoutBits(type.measureAlone(abi), abi);
}

function withoutBits(extent: Extent, abi: Abi): Extent {
  return extent.bits === undefined ? extent : layOut([{ name: "", ...extent }], { abi });
}
