/** Binds the fields of a struct for one kind of place, and makes the functions and the cursor class for it. */
import type { Address, TopChunk } from "@perfloc/trim";
import type { Binding, BoundMember, Codec } from "../access/codec.js";
import type { BoundStruct, ViewedStruct } from "./bound-struct.js";
import { cursorClassFor } from "./cursor.js";
import { type Layout, knownAlignAt } from "../layout/layout.js";
import { accessSource } from "../made/access-source.js";
import { madeAccess } from "../made/made-access.js";
import { recordCodec } from "../fields/record.js";
import { defineHidden } from "../access/view.js";
import type { CursorBase } from "./cursor-base.js";
import { heapPort, linkedHeapPort } from "./heap-port.js";

/** Binds every field to its place, and makes the class of the cursors. */
export function bindStruct(type: ViewedStruct, layout: Layout, binding: Binding): BoundStruct {
  const knownAlign = Math.min(layout.align, binding.knownAlign);
  const members = layout.members.map((member): BoundMember => {
    const { name, byteOffset, placedBits } = member;
    const fieldType = type.types.get(name)!;
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
  const heaps = linkedHeapPort();
  const shape = { size, align: knownAlign, members, arrays };
  const made = heaps?.makeRecord(shape, type);
  const access = madeAccess(shape, heaps?.accessInHeaps);
  const record: Codec = {
    ...general,
    fields: members,
    access,
    ...(access?.equals !== undefined && { equals: access.equals }),
    ...(made === undefined
      ? {}
      : { made, read: (memory, offset) => (made.functions ?? general).read(memory, offset) }),
  };
  const Cursor = cursorClassFor(struct, record, type, binding);
  heaps?.defineFollow(Cursor.prototype, type, members);
  defineHidden(Cursor.prototype, "$chunkFor", $chunkFor);
  return {
    codec: { ...record, makeView: (arena) => new Cursor(arena) },
    Cursor,
    homes: undefined,
    overBuffers: undefined,
    source: () =>
      [made?.source?.text, accessSource(shape, heaps?.accessInHeaps)?.text]
        .filter(Boolean)
        .join("\n\n"),
  };
}

/** Heaps may be linked after the struct was bound. */
function $chunkFor(this: CursorBase, address: Address): TopChunk {
  return heapPort().chunkForCursor(this, address);
}
