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
import type { RefTo } from "../fields/ref-type.js";
import type { StructView } from "../fields/struct-fields.js";
import { defineHidden } from "../access/view.js";

/**
 * What every cursor has besides its fields. Names of fields never begin with `$`.
 * @public
 */
export interface StructCursor<Fields extends StructFields = any> {
  /** Where it points; 0 (NULL) before it points anywhere. */
  readonly $address: Address;
  /**
   * Points it at another struct and returns the cursor itself.
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
  $to(address: RefTo<Fields>): this;
  /**
   * Moves along a reference: this cursor, or the one that is passed, goes to what the field refers to.
   *
   * `while (node.$follow("next"))` goes through a list. Allocates nothing.
   * @param name - a field of `ref(...)`, `selfRef` or `weak(...)`
   * @param cursor - a cursor of the struct that the field refers to; may be left out where that is the struct of this cursor
   * @returns false when the reference is NULL; the cursor then stays where it is
   * @throws what `$to` throws for the address
   * @throws UnknownFieldError `PERFLOC_TYPED_UNKNOWN_FIELD`, InvalidOptionError `PERFLOC_TYPED_INVALID_OPTION` for a field that is no
   * reference, and a cursor of another struct
   * @throws WrongTargetError `PERFLOC_TYPED_WRONG_TARGET` in heaps of check level `debug`, where another struct was allocated there
   * @remarks Complexity: O(1), as `$to`.
   */
  $follow<Name extends ReferenceName<Fields>>(
    name: Name,
    ...cursor: FollowingCursor<Fields, Fields[Name]>
  ): boolean;
}

/**
 * The fields of a struct that are references.
 * @public
 */
export type ReferenceName<Fields extends StructFields> = {
  [Name in keyof Fields]: Fields[Name] extends { readonly "~target": unknown } ? Name : never;
}[keyof Fields];

/**
 * What `$follow` takes besides the name of a field: the cursor to be moved.
 * @public
 */
export type FollowingCursor<
  Fields extends StructFields,
  Reference extends FieldType,
> = Reference extends { readonly "~target": infer Target }
  ? Target extends "self" | { readonly "~fields": Fields }
    ? [cursor?: Cursor<Fields>]
    : Target extends { readonly "~fields": infer Others extends StructFields }
      ? [cursor: Cursor<Others>]
      : never
  : never;

/**
 * A movable view of one struct: its fields are properties that read and write the memory.
 * @public
 */
export type Cursor<Fields extends StructFields> = StructCursor<Fields> & StructView<Fields>;

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
  defineHidden(prototype, "$type", type);
  defineHidden(prototype, "$alignMask", -struct.align);
  const inHeaps = codec.access?.inHeaps;
  if (inHeaps !== undefined) defineHidden(prototype, "$to", inHeaps.to);
  return StructClass;
}
