/**
 * Whether an object can be what a reference says: on the level `debug`, where each object that a struct was allocated for knows its struct.
 *
 *   allocated as the struct, or as one that begins with it            right
 *   allocated as another struct, or with fewer bytes                  wrong
 *   within another object, or allocated as bytes                      cannot be told
 */
import type { Address, MemoryContext } from "@perfloc/trim";
import { WrongTargetError } from "../errors.js";
import { FieldType } from "../fields/field-type.js";
import type { ObjectIdentity } from "./place.js";

/**
 * @param object - what begins at the address
 * @throws WrongTargetError `PERFLOC_TYPED_WRONG_TARGET`
 */
export function checkTarget(
  object: ObjectIdentity | undefined,
  address: Address,
  target: FieldType,
): void {
  if (object === undefined) return;
  const { byteLength, kind } = object;
  if (kind instanceof FieldType) {
    if (!beginsWith(kind, target))
      throw new WrongTargetError(address, target.name, `a ${kind.name}`);
  } else if (byteLength >= 0 && "size" in target && byteLength < Number(target.size)) {
    throw new WrongTargetError(address, target.name, `an object of ${byteLength} bytes`);
  }
}

/** Whether what lies at the beginning of a type is of another one, too. */
function beginsWith(type: FieldType, other: FieldType): boolean {
  if (type.unmodified === other.unmodified || type.signature === other.signature) return true;
  const { parts } = type.unmodified;
  const first = type.name === "union" ? parts : parts.slice(0, 1);
  return first.some((part) => beginsWith(part, other));
}

/** An object was allocated for a struct, on the level `debug`. */
export function noteKind({ state }: MemoryContext, address: Address, kind: FieldType): void {
  const object = state.identityAt(address);
  if (object !== undefined) object.kind = kind;
}
