/** A short fingerprint of a layout: a hash of names, types and places. */
import type { Abi } from "./abi.js";
import { hashOfText } from "./hash-text.js";
import type { Layout } from "./layout.js";

interface HashedStruct {
  /** All that two types must share to read each other's bytes. */
  readonly signature: string;
  layoutFor(abi: Abi): Layout;
}

/** 16 hexadecimal digits. The name of the struct does not count, the names of its fields do. */
export function layoutHash(struct: HashedStruct, abi: Abi): string {
  const { size, align, members } = struct.layoutFor(abi);
  const offsets = members.map(({ byteOffset }) => byteOffset);
  const text = `${struct.signature}|${size}|${align}|${offsets.join()}`;
  return hashOfText(text);
}
