/** A layout as a table for people, holes included. */
import type { FieldLayout, StructLayout } from "./layout.js";

/**
 * For example:
 *
 *   struct Particle: 16 bytes, alignment 8, 3 bytes of padding
 *   offset  bytes  type  field
 *        0      8  f64   mass
 *        8      1  bool  alive
 *        9      3        (padding)
 *       12      4  u32   id
 */
export function printLayout(structName: string, layout: StructLayout): string {
  const { byteLength, alignment, paddingBytes, fields } = layout;
  const lines = [
    `struct ${structName}: ${byteLength} bytes, alignment ${alignment}, ${paddingBytes} bytes of padding`,
    "offset  bytes  type  field",
  ];
  let end = 0;
  for (const field of fields) {
    if (field.byteOffset > end) lines.push(row(end, field.byteOffset - end, "", "(padding)"));
    lines.push(fieldRow(field));
    end = field.byteOffset + field.type.byteLength;
  }
  if (byteLength > end) lines.push(row(end, byteLength - end, "", "(padding)"));
  return lines.join("\n");
}

function fieldRow({ name, type, byteOffset }: FieldLayout): string {
  return row(byteOffset, type.byteLength, type.name, name);
}

function row(offset: number, byteLength: number, type: string, name: string): string {
  return `${String(offset).padStart(6)}  ${String(byteLength).padStart(5)}  ${type.padEnd(4)}  ${name}`;
}
