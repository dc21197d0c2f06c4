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

/** Address of a page is its number times 2^12. */
const PAGE_SHIFT = 12;

/** Owns no page: the owner where a cursor points that points nowhere. */
const NOBODY: object = Object.freeze({});

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
  /**
   * Who owns the page that it was last pointed into. Contexts own by one object for each process chunk, made for it and never
   * used again: where that is still the owner, neither the process chunk nor the top chunk around it was released since.
   */
  $owner: object = NOBODY;
  $chunk: TopChunk | undefined = undefined;
  $epoch = 0;
  $first = 1;
  $last = 0;

  constructor(memory: Memory) {
    super(memory);
    this.$owners = memory.$arena.pageOwners;
  }

  /**
   * Hot path: another struct in the same process chunk, which is never in the NULL page. The mask finds fractions, too. Nothing
   * may be added here: V8 inlines 920 bytecodes into one function, and these are 87. Rejected: several functions of at most
   * 27, of which V8 inlines no more in the end, and which take 4.9 ns for a move and a struct update instead of 4.5.
   */
  $to(address: Address): this {
    if (typeof address === "number") {
      const offset = address - this.$base;
      if (
        (offset & this.$alignMask) === offset &&
        offset >>> 0 <= this.$last &&
        this.$owners[address >>> 12] === this.$owner
      ) {
        this.$offset = offset;
        return this;
      }
    }
    return this.$toAnyOwner(address);
  }

  /** Another process chunk in the same top chunk, by which objects of two contexts may take turns. */
  $toAnyOwner(address: Address): this {
    if (Number.isInteger(address)) {
      const offset = address - this.$base;
      const owner = this.$owners[address >>> PAGE_SHIFT];
      if (
        (offset & this.$alignMask) === offset &&
        offset >= this.$first &&
        offset <= this.$last &&
        this.$chunk!.epoch === this.$epoch &&
        owner !== undefined
      ) {
        this.$owner = owner;
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
    const owner = chunk.ownerAt(address);
    if (owner === undefined) throw inNoContext(name, address);
    viewChunk(this, chunk, arrays);
    for (const child of this.$children) child.$follow(this);
    this.$owner = owner;
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
