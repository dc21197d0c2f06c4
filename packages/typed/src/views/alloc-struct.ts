/** Allocates structs with values. */
import type { Address, MemoryContext } from "@perfloc/trim";
import type { RecordFunctions } from "../access/codec.js";
import { TextUndo } from "../access/text-undo.js";
import { OBJECT_ALIGN } from "../layout/object-align.js";
import type { ViewedStruct } from "./bound-struct.js";
import { noteKind } from "./check-target.js";
import { cursorAt } from "./cursors-in-heaps.js";
import { checkContext } from "./place.js";

/** `alloc` of a struct: the function that was made for it, else the general one. */
export function allocatorOf(struct: ViewedStruct): RecordFunctions["alloc"] {
  const { made } = struct.boundAlone(true).codec;
  if (made?.functions !== undefined) return made.functions.alloc;
  return (context, init) =>
    init === undefined ? allocZeros(struct, context) : allocAnyhow(struct, context, init);
}

/** Allocates a struct whose bytes are zero. */
export function allocZeros(struct: ViewedStruct, context: MemoryContext): Address {
  checkContext(context);
  const address = context.allocZeroed(struct.size, Math.max(OBJECT_ALIGN, struct.align));
  if (context.state.checksAccess) noteKind(context, address, struct);
  return address;
}

/** Allocates a struct with values of any kind: the general way, which checks each. */
export function allocAnyhow(struct: ViewedStruct, context: MemoryContext, init: unknown): Address {
  checkContext(context);
  const values = struct.settle(init);
  const { isChecked } = context;
  struct.check(values, { structName: struct.name, fieldName: "", isChecked });
  const { codec } = struct.boundAlone(isChecked);
  if (codec.storesTexts === true) return allocWithTexts(struct, context, values);
  const address = context.allocZeroed(struct.size, Math.max(OBJECT_ALIGN, struct.align));
  if (context.state.checksAccess) noteKind(context, address, struct);
  const cursor = cursorAt(struct, context, address);
  codec.write(cursor, cursor.$offset, values);
  return address;
}

/** Frees the struct and its strings when one of the strings finds no room. */
function allocWithTexts(struct: ViewedStruct, context: MemoryContext, values: unknown): Address {
  const undo = new TextUndo();
  undo.begin(context);
  let address: Address;
  try {
    address = context.allocZeroed(struct.size, Math.max(OBJECT_ALIGN, struct.align));
    undo.note(address);
    const cursor = cursorAt(struct, context, address);
    struct.boundAlone(context.isChecked).codec.write(cursor, cursor.$offset, values, undo);
  } catch (error) {
    undo.undo();
    throw error;
  }
  undo.keep();
  if (context.state.checksAccess) noteKind(context, address, struct);
  return address;
}
