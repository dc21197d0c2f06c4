/**
 * Where the fields of a struct lie: pure arithmetic, as the System V ABI for x86-64 has it for C.
 *
 *   offset of a field = end of the field before, rounded up to the field's alignment
 *   alignment of the struct = the largest alignment of a field
 *   length of the struct = end of the last field, rounded up to the struct's alignment, so that arrays of it are aligned
 *
 *   { mass: f64, alive: bool, id: u32 }      | mass (8) | alive (1) | padding (3) | id (4) |      16 bytes, alignment 8
 */
import type { ScalarType } from "./scalar.js";
import type { NamedField } from "./struct-fields.js";

/** One field at its place. */
export interface FieldLayout extends NamedField {
  readonly byteOffset: number;
}

/** `byteLength` = the fields' lengths + `paddingBytes`; every offset is a multiple of its field's alignment. */
export interface StructLayout {
  readonly byteLength: number;
  readonly alignment: number;
  readonly paddingBytes: number;
  readonly fields: readonly FieldLayout[];
}

/** Lays the fields out in the order given. */
export function layoutOf(named: readonly NamedField[]): StructLayout {
  const fields: FieldLayout[] = [];
  let end = 0;
  let alignment = 1;
  let fieldBytes = 0;
  for (const { name, type } of named) {
    const fieldAlignment = alignmentOf(type);
    const byteOffset = alignUp(end, fieldAlignment);
    fields.push({ name, type, byteOffset });
    end = byteOffset + type.byteLength;
    fieldBytes += type.byteLength;
    alignment = Math.max(alignment, fieldAlignment);
  }
  const byteLength = alignUp(end, alignment);
  return { byteLength, alignment, paddingBytes: byteLength - fieldBytes, fields };
}

/** Scalars are aligned to their length on x86-64, 64-bit ones included. */
function alignmentOf(type: ScalarType): number {
  return type.byteLength;
}

/** `value` rounded up to a multiple of `alignment`, a power of two. */
function alignUp(value: number, alignment: number): number {
  return Math.ceil(value / alignment) * alignment;
}
