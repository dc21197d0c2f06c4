/**
 * What the cursors of all structs share: pointing elsewhere.
 *
 *   $base       $first                    $first + $room
 *   | NULL page | fields ... | fields ... | fields |           $base + $offset = $address
 *               |<- a struct can begin -->|                    $first <= $offset <= $first + $room
 *
 * A cursor is checked when it is pointed, not when it is read: a check per access costs as much as the access.
 */
import {
  type Address,
  NULL_ADDRESS,
  PAGE_BYTES,
  type TopChunk,
  UseAfterDropError,
} from "@perfloc/trim";
import { chunkForStruct } from "./chunk-for-struct.js";
import type { Extent } from "./field-type.js";
import { type ArrayName, type Memory, viewChunk } from "./memory.js";
import { View } from "./view.js";

/** Address of a page is its number times 2^12. */
const PAGE_SHIFT = 12;

/** What a class of cursors knows about its struct. */
export interface CursorStruct extends Extent {
  readonly name: string;
  /** What its fields need. */
  readonly arrays: readonly ArrayName[];
}

export abstract class CursorBase extends View {
  /** On the prototype of each struct's cursors. */
  declare readonly $struct: CursorStruct;
  /** Alignment of the struct less 1. On the prototype, too. */
  declare readonly $alignMask: number;

  /** Who owns each page, `undefined` when nobody: by that it is seen that a context is gone. */
  readonly $owners: readonly (object | undefined)[];
  $chunk: TopChunk | undefined = undefined;
  $epoch = 0;
  $first = 1;
  $room = -1;

  constructor(memory: Memory) {
    super(memory);
    this.$owners = memory.$arena.pageOwners;
  }

  /** Hot path: another struct in the same top chunk. Nothing may be added here. */
  $to(address: Address): this {
    if (typeof address === "number") {
      const offset = address - this.$base;
      if (
        (offset | 0) === offset &&
        (offset & this.$alignMask) === 0 &&
        (offset - this.$first) >>> 0 <= this.$room &&
        this.$chunk!.epoch === this.$epoch &&
        this.$owners[address >>> PAGE_SHIFT] !== undefined
      ) {
        this.$offset = offset;
        return this;
      }
    }
    return this.$toAnyChunk(address);
  }

  /** Another chunk, a chunk that was released or came back, bad addresses. Throws before anything is changed. */
  $toAnyChunk(address: Address): this {
    const { name, size, arrays } = this.$struct;
    this.$refuseReleased(address);
    const chunk = chunkForStruct(this.$arena, address, this.$struct);
    if (chunk.ownerAt(address) === undefined) throw inNoContext(name, address);
    viewChunk(this, chunk, arrays);
    for (const child of this.$children) child.$follow(this);
    this.$chunk = chunk;
    this.$epoch = chunk.epoch;
    this.$first = chunk.base === NULL_ADDRESS ? PAGE_BYTES : 0;
    this.$room = chunk.byteLength - size - this.$first;
    this.$offset = address - chunk.base;
    return this;
  }

  /** @throws UseAfterDropError when the chunk that the cursor points into was released and `address` was in it */
  $refuseReleased(address: Address): void {
    const chunk = this.$chunk;
    if (chunk === undefined || chunk.isHeld || chunk.epoch === this.$epoch) return;
    const offset = address - this.$base;
    if (offset < this.$first || offset > this.$first + this.$room) return;
    throw new UseAfterDropError(
      "PERFLOC_TYPED_CHUNK_RELEASED",
      `top chunk ${chunk.index}`,
      `cannot point a ${this.$struct.name} at address ${address}: top chunk ${chunk.index} was released`,
      "The object died with its context, and a trim gave its memory back to the OS. Do not keep addresses of dead objects.",
    );
  }
}

function inNoContext(name: string, address: Address): UseAfterDropError {
  return new UseAfterDropError(
    "PERFLOC_TYPED_CONTEXT_DROPPED",
    `address ${address}`,
    `cannot point a ${name} at address ${address}: no context has memory there any more`,
    "The context of the object was dropped, or reset to its first process chunk. Do not keep addresses of dead objects.",
  );
}
