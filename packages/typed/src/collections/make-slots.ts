/** The slots for a type of elements. */
import type { FieldPlace } from "../errors.js";
import type { FieldType } from "../fields/field-type.js";
import { elementExtent } from "../layout/extent.js";
import { ScalarType } from "../fields/scalar.js";
import { CodecSlots, type Owner, SlotMemory, ViewSlots } from "./codec-slots.js";
import { ArraySlots, type Slots, abiOf } from "./slots.js";

/**
 * Slots for a type.
 *
 * @param place - how errors name what is stored
 * @param owner - the collection
 */
export function makeSlots(type: FieldType, place: FieldPlace, owner: Owner): Slots {
  const { arena, isChecked } = owner.$home;
  // No spread of the place, which costs 1.7 us.
  const { structName, fieldName } = place;
  const at = { structName, fieldName, isChecked };
  if (type instanceof ScalarType && type.scalar !== "bool" && type.policy !== "clamp")
    return new ArraySlots(type, type.scalar, at, isChecked);
  const abi = abiOf(type);
  const codec = type.bindAlone({
    structName,
    fieldName,
    isChecked,
    abi,
    knownAlign: elementExtent(type, abi).align,
    isBigEndian: false,
  });
  return codec.makeView === undefined
    ? new CodecSlots(type, at, codec, new SlotMemory(arena))
    : new ViewSlots(type, at, codec, owner);
}
