/** A short fingerprint of a layout: a hash of names, types and places. */
import type { Abi } from "./abi.js";
import { hashOfText } from "./hash-text.js";
import type { Layout } from "./layout.js";

interface HashedStruct {
  /** All that two types must share to read each other's bytes. */
  readonly signature: string;
  layoutFor(abi: Abi): Layout;
}

/** The hash as 16 hexadecimal digits. It depends on the names of the fields, not on that of the struct. */
export function layoutHash(struct: HashedStruct, abi: Abi): string {
  const { size, align, members } = struct.layoutFor(abi);
  const offsets = members.map(({ byteOffset }) => byteOffset);
  const text = `${struct.signature}|${size}|${align}|${offsets.join()}`;
  return hashOfText(text);
}
