/** Finds the top chunk that a whole struct lies in, for cursors that leave theirs. The cold half of pointing a cursor. */
import {
  type Address,
  type Arena,
  InvalidAddressError,
  PAGE_BYTES,
  type TopChunk,
} from "@perfloc/trim";
import type { StructLayout } from "./layout.js";

/** @throws InvalidAddressError when no held top chunk has a struct of that layout at `address` */
export function chunkForStruct(
  arena: Arena,
  address: Address,
  structName: string,
  layout: StructLayout,
): TopChunk {
  const chunk = arena.findChunk(address);
  const fact = chunk === undefined ? whyNoChunk(address) : whyNoStruct(chunk, address, layout);
  if (chunk !== undefined && fact === undefined) return chunk;
  throw new InvalidAddressError(
    "PERFLOC_TYPED_INVALID_ADDRESS",
    address,
    `${fact}: no ${structName} can be there`,
    "Pass what alloc() of this struct answered, from the same heap, while the object lives.",
  );
}

function whyNoChunk(address: Address): string {
  return address === 0 ? "points nowhere" : "lies in no top chunk that is held";
}

function whyNoStruct(
  chunk: TopChunk,
  address: Address,
  { alignment, byteLength }: StructLayout,
): string | undefined {
  if (address < PAGE_BYTES) return "lies in the NULL page";
  if (address % alignment !== 0) return `is no multiple of ${alignment}`;
  const leftBytes = chunk.base + chunk.byteLength - address;
  return leftBytes < byteLength
    ? `has ${leftBytes} of ${byteLength} bytes left in its top chunk`
    : undefined;
}
