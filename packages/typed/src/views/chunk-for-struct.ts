/** Finds the top chunk that a whole struct of some context lies in. The cold half of pointing a cursor. */
import {
  type Address,
  type Arena,
  InvalidAddressError,
  NULL_ADDRESS,
  PAGE_BYTES,
  type TopChunk,
  UseAfterDropError,
} from "@perfloc/trim";
import { NullReferenceError } from "../errors.js";
import type { CursorBase } from "./cursor-base.js";

/** What is to lie at the address. */
interface Expected {
  readonly name: string;
  readonly size: number;
  readonly align: number;
}

/**
 * @throws InvalidAddressError when no held top chunk has such a struct at `address`
 * @throws NullReferenceError for NULL
 * @throws UseAfterDropError where no context has memory any more
 */
export function chunkForStruct(arena: Arena, address: Address, expected: Expected): TopChunk {
  const { name } = expected;
  if (address === NULL_ADDRESS) {
    const hint = "Compare a reference with 0 before you follow it.";
    throw new NullReferenceError(`points nowhere: no ${name} can be there`, hint);
  }
  const chunk = arena.findChunk(address);
  const fact = whyNoStruct(chunk, address, expected);
  if (chunk !== undefined && fact === undefined) {
    if (chunk.ownerAt(address) === 0) throw inNoContext(name, address);
    return chunk;
  }
  throw new InvalidAddressError(
    "PERFLOC_TYPED_INVALID_ADDRESS",
    address,
    `${fact}: no ${name} can be there`,
    "Pass what alloc() of this struct answered, from the same heap, while the object lives.",
  );
}

/** What `$chunkFor` of cursors returns. @throws what `$to` throws */
export function chunkForCursor(cursor: CursorBase, address: Address): TopChunk {
  refuseReleased(cursor, address);
  return chunkForStruct(cursor.$arena, address, cursor.$struct);
}

/** @throws UseAfterDropError when the chunk that the cursor points into was released and `address` was in it */
function refuseReleased(cursor: CursorBase, address: Address): void {
  const chunk = cursor.$chunk;
  if (chunk === undefined || chunk.isHeld || chunk.epoch === cursor.$epoch) return;
  const offset = address - cursor.$base;
  if (offset < cursor.$first || offset > cursor.$last) return;
  throw new UseAfterDropError(
    "PERFLOC_TYPED_CHUNK_RELEASED",
    `top chunk ${chunk.index}`,
    `cannot point a ${cursor.$struct.name} at address ${address}: top chunk ${chunk.index} was released`,
    "The object died with its context or heap, and its memory was given back to the OS. Do not keep addresses of dead objects.",
  );
}

function whyNoStruct(
  chunk: TopChunk | undefined,
  address: Address,
  { align, size }: Expected,
): string | undefined {
  if (chunk === undefined) return "lies in no top chunk that is held";
  if (address < PAGE_BYTES) return "lies in the NULL page";
  if (address % align !== 0) return `is no multiple of ${align}`;
  const leftBytes = chunk.base + chunk.byteLength - address;
  return leftBytes < size ? `has ${leftBytes} of ${size} bytes left in its top chunk` : undefined;
}

function inNoContext(name: string, address: Address): UseAfterDropError {
  return new UseAfterDropError(
    "PERFLOC_TYPED_CONTEXT_DROPPED",
    `address ${address}`,
    `cannot point a ${name} at address ${address}: no context has memory there any more`,
    "The context of the object was dropped, or reset to its first process chunk. Do not keep addresses of dead objects.",
  );
}
