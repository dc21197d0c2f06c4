/** A layout as a table for people: holes, cache lines, and whether another order would be shorter. */
import { type Layout, type Member, type PlacedMember, layOut } from "./layout.js";
import type { Abi } from "./abi.js";

const CACHE_LINE_BYTES = 64;

interface Row {
  readonly offset: number;
  readonly byteLength: number;
  readonly type: string;
  readonly name: string;
}

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
export function printLayout(
  structName: string,
  abi: Abi,
  layout: Layout,
  typeNames: ReadonlyMap<string, string>,
): string {
  const rows = rowsOf(layout, typeNames);
  const padding = rows.reduce((sum, row) => (row.name === PADDING ? sum + row.byteLength : sum), 0);
  const width = Math.max(4, ...rows.map(({ type }) => type.length));
  const lines = [
    `struct ${structName}: ${layout.size} bytes, alignment ${layout.align}, ${padding} bytes of padding`,
    `offset  bytes  ${"type".padEnd(width)}  field`,
  ];
  let cacheLine = 0;
  for (const { offset, byteLength, type, name } of rows) {
    const line = Math.floor(offset / CACHE_LINE_BYTES);
    if (line > cacheLine)
      lines.push(`------  cache line ${line} (byte ${line * CACHE_LINE_BYTES})`);
    cacheLine = line;
    const numbers = `${String(offset).padStart(6)}  ${String(byteLength).padStart(5)}`;
    lines.push(`${numbers}  ${type.padEnd(width)}  ${name}`);
  }
  const hint = reorderHint(layout, abi);
  return (hint === undefined ? lines : [...lines, hint]).join("\n");
}

const PADDING = "(padding)";

/** Fields, bit fields and holes in the order of their bytes. */
function rowsOf({ members, size }: Layout, typeNames: ReadonlyMap<string, string>): Row[] {
  const rows: Row[] = [];
  let end = 0;
  for (const member of members) {
    const { name, byteOffset } = member;
    const type = typeNames.get(name)!;
    if (byteOffset > end) rows.push(paddingRow(end, byteOffset));
    const memberEnd = endOf(member);
    if (member.placedBits === undefined)
      rows.push({ offset: byteOffset, byteLength: member.size, type, name });
    else rows.push(...bitRows(member, type));
    end = Math.max(end, memberEnd);
  }
  if (size > end) rows.push(paddingRow(end, size));
  return rows;
}

function bitRows({ name, size, placedBits }: PlacedMember, type: string): Row[] {
  return placedBits!.map((field) => {
    const first = field.bitOffset >>> 3;
    const end = Math.ceil((field.bitOffset + field.width) / 8);
    const bits = `bits ${field.bitOffset & 7} to ${(field.bitOffset & 7) + field.width - 1}`;
    return {
      offset: first,
      byteLength: Math.min(end - first, size),
      type,
      name: `${name}.${field.name} (${bits})`,
    };
  });
}

/** The first byte behind a member. */
function endOf({ byteOffset, size, placedBits }: PlacedMember): number {
  const last = placedBits?.at(-1);
  return last === undefined ? byteOffset + size : Math.ceil((last.bitOffset + last.width) / 8);
}

function paddingRow(offset: number, end: number): Row {
  return { offset, byteLength: end - offset, type: "", name: PADDING };
}

/** Most aligned first leaves no holes between fields: the shortest order, where it is shorter. */
function reorderHint({ members, size, align }: Layout, abi: Abi): string | undefined {
  const isMovable = members.every((member) => member.bits === undefined);
  if (!isMovable) return undefined;
  const sorted: Member[] = members.toSorted((a, b) => b.align - a.align);
  const shorter = layOut(sorted, { abi, align });
  return shorter.size < size
    ? `${size - shorter.size} bytes less in this order: ${sorted.map(({ name }) => name).join(", ")}`
    : undefined;
}
