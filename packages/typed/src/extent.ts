/** How long a type is where it stands alone: in an array or union, where a group of bit fields is a struct of its own. */
import type { Abi } from "./abi.js";
import type { Extent, FieldType } from "./field-type.js";
import { layOut } from "./layout.js";

export function extentAlone(type: FieldType, abi: Abi): Extent {
  const extent = type.measure(abi);
  return extent.bits === undefined ? extent : layOut([{ name: "", ...extent }], { abi });
}
