/**
 * What the cursors of all structs share: pointing elsewhere.
 *
 *   $base       $first                    $last
 *   | NULL page | fields ... | fields ... | fields |           $base + $offset = $address
 *               |<- a struct can begin -->|                    $first <= $offset <= $last
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

/** What a class of cursors knows about its struct. */
export interface CursorStruct extends Extent {
  readonly name: string;
  /** What its fields need. */
  readonly arrays: readonly ArrayName[];
}

export abstract class CursorBase extends View {
  /** On the prototype of each struct's cursors. */
  declare readonly $struct: CursorStruct;
  /** All bits but those that are zero in addresses of the struct. On the prototype, too. */
  declare readonly $alignMask: number;

  /** Who owns each page, `undefined` when nobody: by that it is seen that a context is gone. */
  readonly $owners: readonly (object | undefined)[];
  $chunk: TopChunk | undefined = undefined;
  $epoch = 0;
  $first = 1;
  $last = 0;

  constructor(memory: Memory) {
    super(memory);
    this.$owners = memory.$arena.pageOwners;
  }

  /**
   * Hot path: another struct in the same top chunk. The mask finds fractions, too, and nobody owns the NULL page. Nothing may be
   * added here: V8 inlines 920 bytecodes into one function, and these are 98. Rejected: to remember the owner and compare it in
   * place of the epoch, no faster for structs of one context, and 5.1 ns instead of 3.6 where two contexts take turns; several
   * functions of at most 27 bytecodes, of which V8 inlines no more in the end.
   */
  $to(address: Address): this {
    if (typeof address === "number") {
      const offset = address - this.$base;
      if (
        (offset & this.$alignMask) === offset &&
        offset >>> 0 <= this.$last &&
        this.$owners[address >>> 12] !== undefined &&
        this.$chunk!.epoch === this.$epoch
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
    this.$last = chunk.byteLength - size;
    this.$offset = address - chunk.base;
    return this;
  }

  /** @throws UseAfterDropError when the chunk that the cursor points into was released and `address` was in it */
  $refuseReleased(address: Address): void {
    const chunk = this.$chunk;
    if (chunk === undefined || chunk.isHeld || chunk.epoch === this.$epoch) return;
    const offset = address - this.$base;
    if (offset < this.$first || offset > this.$last) return;
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
