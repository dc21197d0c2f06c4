/**
 * What a cursor has in the place of its typed arrays until it points somewhere: an object that throws at the indices of the
 * struct's fields, so that the accessors need no test of their own. Rejected: empty typed arrays, which read as undefined,
 * drop what is written, and slow the accessors of all structs down for good once that has happened.
 */
import { InvalidAddressError, NULL_ADDRESS } from "@perfloc/trim";
import type { StructLayout } from "./layout.js";

/** Stands in for a typed array of any type. */
export function makeNowhere(structName: string, layout: StructLayout): any {
  const nowhere = {};
  const refuse = (): never => {
    throw new InvalidAddressError(
      "PERFLOC_TYPED_INVALID_ADDRESS",
      NULL_ADDRESS,
      `holds no ${structName}: the cursor points nowhere yet`,
      "Point it with $to(address), or pass an address to cursor().",
    );
  };
  for (const { byteOffset, type } of layout.fields) {
    const index = byteOffset / type.byteLength;
    Object.defineProperty(nowhere, index, { get: refuse, set: refuse, configurable: true });
  }
  return nowhere;
}
