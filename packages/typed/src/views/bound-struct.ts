/** A struct under one ABI, and its fields bound for one kind of place. */
import type { Binding, BoundMember, Codec } from "../access/codec.js";
import { type GeneralWays, MadeRecord } from "../made/made-record.js";
import { madeAccess } from "../made/made-access.js";
import { type CursorClass, cursorClassFor } from "./cursor.js";
import { CursorHomes } from "./cursor-homes.js";
import type { FieldType } from "../fields/field-type.js";
import { type Layout, knownAlignAt } from "../layout/layout.js";
import { recordCodec } from "../fields/record.js";

export interface BoundStruct {
  readonly codec: Codec;
  readonly Cursor: CursorClass;
  readonly homes: CursorHomes;
}

/** Binds every field to its place, and makes the class of the cursors. */
export function bindStruct(
  type: FieldType,
  layout: Layout,
  binding: Binding,
  types: ReadonlyMap<string, FieldType>,
  ways: GeneralWays,
): BoundStruct {
  const knownAlign = Math.min(layout.align, binding.knownAlign);
  const members = layout.members.map((member): BoundMember => {
    const { name, byteOffset, placedBits } = member;
    const fieldType = types.get(name)!;
    const prefix = binding.fieldName === "" ? "" : `${binding.fieldName}.`;
    const offset = placedBits === undefined ? byteOffset : 0;
    const codec = fieldType.bind({
      ...binding,
      fieldName: `${prefix}${name}`,
      knownAlign: knownAlignAt(knownAlign, offset),
      placedBits,
    });
    return { name, type: fieldType, codec, byteOffset: offset, firstByte: byteOffset };
  });
  const { size } = layout;
  const struct = { name: type.name, size, align: knownAlign };
  const general = recordCodec(size, members);
  const { arrays } = general;
  const shape = { size, align: knownAlign, members, arrays };
  const made = new MadeRecord(shape, ways);
  const access = madeAccess({ size, align: knownAlign, members });
  const record: Codec = {
    ...general,
    fields: members,
    made,
    access,
    read: (memory, offset) => (made.functions ?? general).read(memory, offset),
  };
  const Cursor = cursorClassFor(struct, record, type, binding);
  return {
    codec: { ...record, makeView: (arena) => new Cursor(arena) },
    Cursor,
    homes: new CursorHomes(Cursor, struct),
  };
}
