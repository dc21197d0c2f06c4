/** How long a type is where it stands alone: in an array or union, where a group of bit fields is a struct of its own. */
import type { Abi } from "./abi.js";
import type { Extent, FieldType } from "../fields/field-type.js";
import { type Member, layOut } from "./layout.js";

/** The members of a union, each alone. */
export function membersAlone(types: ReadonlyMap<string, FieldType>, abi: Abi): Member[] {
  return [...types].map(([name, type]) => {
    const { size, align } = extentAlone(type, abi);
    return { name, size, align };
  });
}

export function extentAlone(type: FieldType, abi: Abi): Extent {
  const extent = type.measure(abi);
  return extent.bits === undefined ? extent : layOut([{ name: "", ...extent }], { abi });
}
