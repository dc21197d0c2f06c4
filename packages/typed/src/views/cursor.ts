/**
 * Cursors: movable views of one struct. Each struct has a class of its own with one property per field on the prototype, so
 * that re-pointing a cursor allocates nothing and reading a field is inlined.
 */
import type { Codec } from "../access/codec.js";
import type { Address, Arena } from "@perfloc/trim";
import { CursorBase, type CursorStruct } from "./cursor-base.js";
import type { FieldPlace } from "../errors.js";
import type { StructFields } from "../fields/field-names.js";
import type { FieldType } from "../fields/field-type.js";
import { defineRecord } from "../fields/record.js";
import type { StructView } from "../fields/struct-fields.js";
import { defineHidden } from "../access/view.js";

/**
 * What every cursor has besides its fields. Names of fields never begin with `$`.
 * @public
 */
export interface StructCursor {
  /** Where it points; 0 (NULL) before it points anywhere. */
  readonly $address: Address;
  /**
   * Points it at another struct and answers the cursor itself.
   *
   * Checked are the alignment, that the struct lies in a held top chunk, and that a context has memory there; not that an
   * object lives there. The fields are not checked when they are read or written, so point a cursor anew after whatever may
   * drop its object.
   * @throws InvalidAddressError `PERFLOC_TYPED_INVALID_ADDRESS`; the cursor then points where it did
   * @throws NullReferenceError `PERFLOC_TYPED_NULL_REFERENCE` for 0
   * @throws UseAfterDropError `PERFLOC_TYPED_CONTEXT_DROPPED` when the context of the object is gone,
   * `PERFLOC_TYPED_CHUNK_RELEASED` when the address is in the top chunk that it pointed into, and that was released since
   * @remarks Complexity: O(1), a few comparisons when the struct is in the same top chunk.
   */
  $to(address: Address): this;
}

/**
 * A movable view of one struct: its fields are properties that read and write the memory.
 * @public
 */
export type Cursor<Fields extends StructFields> = StructCursor & StructView<Fields>;

/**
 * The cursor of a struct type: `CursorOf<typeof Box>`.
 * @public
 */
export type CursorOf<Type extends { readonly "~fields": StructFields }> = Cursor<Type["~fields"]>;

/** Makes cursors of one struct, and views of nested ones. */
export type CursorClass = new (arena: Arena, offset?: number) => CursorBase;

/** Makes the class of a struct's cursors. */
export function cursorClassFor(
  struct: CursorStruct,
  codec: Codec,
  type: FieldType,
  place: FieldPlace,
): CursorClass {
  const { name } = struct;
  class StructClass extends CursorBase {}
  const { prototype } = StructClass;
  defineRecord(prototype, codec, type, place);
  // Names the cursors after the struct, for debuggers. Not the class: V8 11 gives up compiling a `new` of a class whose name was
  // computed.
  defineHidden(prototype, Symbol.toStringTag, name);
  defineHidden(prototype, "$struct", struct);
  defineHidden(prototype, "$alignMask", -struct.align);
  const inHeaps = codec.access?.inHeaps;
  if (inHeaps !== undefined) defineHidden(prototype, "$to", inHeaps.to);
  return StructClass;
}
