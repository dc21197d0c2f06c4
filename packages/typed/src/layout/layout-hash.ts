/** A short fingerprint of a layout: FNV-1a of 64 bits over names, types and places. */
import type { Abi } from "./abi.js";
import type { Layout } from "./layout.js";

interface HashedStruct {
  /** All that two types must share to read each other's bytes. */
  readonly signature: string;
  layoutFor(abi: Abi): Layout;
}

const OFFSET_BASIS = 0xcbf29ce484222325n;
const PRIME = 0x100000001b3n;

/** 16 hexadecimal digits. The name of the struct does not count, the names of its fields do. */
export function layoutHash(struct: HashedStruct, abi: Abi): string {
  const { size, align, members } = struct.layoutFor(abi);
  const offsets = members.map(({ byteOffset }) => byteOffset);
  const text = `${struct.signature}|${size}|${align}|${offsets.join()}`;
  let hash = OFFSET_BASIS;
  for (let index = 0; index < text.length; index++)
    hash = BigInt.asUintN(64, (hash ^ BigInt(text.charCodeAt(index))) * PRIME);
  return hash.toString(16).padStart(16, "0");
}
